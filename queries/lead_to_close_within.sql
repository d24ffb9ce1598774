/*
title = "Lead to close within so many days"
definition = "Of the leads that are at least so many days old, the share that was won within so many days of creation. Every lead had the same time, so months, sources and owners can be compared. A win without a close date is within no time: it is among the leads and not among the won, and counted apart."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, right-censoring (fixed horizon); Wilson (1927)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for leads that name none"
[columns.leads]
unit = "count"
text = "Leads created in the period and at least so many days old"
additive = true
[columns.won]
unit = "count"
text = "Of these, won within so many days; a dash where no outcome is recorded"
additive = true
[columns.won_undated]
unit = "count"
text = "Of the leads, those won on a deal that names no close date: not among the won here"
additive = true
[columns.rate]
unit = "share"
text = "won / leads"
[columns.rate_low]
unit = "share"
text = "Lower end of the 95% interval of the rate"
[columns.rate_high]
unit = "share"
text = "Upper end of the 95% interval of the rate"

[params.days]
type = "number"
text = "Days that every lead had, at least (180 without it)"
*/
with leads as (
    select
        dimension_value,
        is_won and won_date is null as is_won_undated,
        is_won and date_diff('day', created_date, won_date) <= coalesce(cast($days as integer), 180) as is_won_in_time
    from lead_by($as_of, $dimension)
    where created_date is not null
        and date_diff('day', created_date, cast($as_of as date)) >= coalesce(cast($days as integer), 180)
        and is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select dimension_value, count(*) as leads, count(*) filter (is_won_in_time) as won,
        count(*) filter (is_won_undated) as won_undated
    from leads
    group by dimension_value
),
final as (
    select
        c.dimension_value,
        c.leads,
        case when k.has_outcomes then c.won end as won,
        case when k.has_outcomes then c.won_undated end as won_undated,
        case when k.has_outcomes then share(c.won, c.leads) end as rate,
        case when k.has_outcomes then wilson_low(c.won, c.leads) end as rate_low,
        case when k.has_outcomes then wilson_high(c.won, c.leads) end as rate_high
    from counted c
    cross join crm.known k
)
select * from final order by leads desc, dimension_value;
