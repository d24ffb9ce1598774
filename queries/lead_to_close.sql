/*
title = "Lead to close"
definition = "Of the leads created in the period, how many had become marketing-qualified, accepted, qualified, a deal and a customer by the as-of day. The rate is won leads over leads. A cohort: the same people from top to bottom. Young leads have had less time, so a young period reads lower than it will end."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, cohort conversion; Wilson (1927)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for leads that name none"
[columns.leads]
unit = "count"
text = "Leads created in the period and known by the as-of day"
additive = true
[columns.mql]
unit = "count"
text = "Of these, marketing-qualified by then; a dash where the exports record no such moment"
additive = true
[columns.sal]
unit = "count"
text = "Of these, accepted by sales by then; a dash where the exports record no such moment"
additive = true
[columns.sql]
unit = "count"
text = "Of these, qualified by a conversation by then; a dash where the exports record no such moment"
additive = true
[columns.opportunities]
unit = "count"
text = "Of these, a deal by then"
additive = true
[columns.won]
unit = "count"
text = "Of these, won by then; several leads on one won deal each count; a dash where no outcome is recorded"
additive = true
[columns.won_undated]
unit = "count"
text = "Of the won, those whose deal names no close date: in no time to won"
additive = true
[columns.won_amount]
unit = "money"
text = "Amount of the won deals whose first lead is among these: each deal counts once; a dash where none of them carries an amount"
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
[columns.median_days]
unit = "days"
text = "Median days from creation to the won deal's close date, of the leads won so far (a win before creation counts as 0, one without a close date not at all)"
[columns.is_small]
unit = "flag"
text = "Fewer leads than the settings ask for: read with care"
*/
with leads as (
    select
        *,
        -- greatest() passes over a null: a win without a date took no known time, and not 0 days.
        case when won_date is not null then greatest(date_diff('day', created_date, won_date), 0) end as days_to_won
    from lead_by($as_of, $dimension)
    where is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select
        dimension_value,
        count(*) as leads,
        count(*) filter (is_mql) as mql,
        count(*) filter (is_sal) as sal,
        count(*) filter (is_sql) as sql,
        count(*) filter (is_opportunity) as opportunities,
        count(*) filter (is_won) as won,
        count(*) filter (is_won and won_date is null) as won_undated,
        sum_known(sum(won_amount), count(*) filter (is_won and is_first_of_deal)) as won_amount,
        median(days_to_won) as median_days
    from leads
    group by dimension_value
),
final as (
    select
        c.dimension_value,
        c.leads,
        case when k.has_mql then c.mql end as mql,
        case when k.has_sal then c.sal end as sal,
        case when k.has_sql then c.sql end as sql,
        case when k.has_opportunities then c.opportunities end as opportunities,
        case when k.has_outcomes then c.won end as won,
        case when k.has_outcomes then c.won_undated end as won_undated,
        case when k.has_outcomes then c.won_amount end as won_amount,
        case when k.has_outcomes then share(c.won, c.leads) end as rate,
        case when k.has_outcomes then wilson_low(c.won, c.leads) end as rate_low,
        case when k.has_outcomes then wilson_high(c.won, c.leads) end as rate_high,
        cast(c.median_days as double) as median_days,
        c.leads < k.flag_under as is_small
    from counted c
    cross join crm.known k
)
select * from final order by leads desc, dimension_value;
