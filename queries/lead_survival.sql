/*
title = "Days from lead to won"
definition = "For the leads created in the period: after how many days each was won, or for how many days it has been watched without a win (leads that are not won stay at risk to the as-of day, disqualified ones too: they may still come back). What the Kaplan-Meier curve is drawn from. A win before the lead's creation counts as day 0; leads without a creation date, and won leads whose deal names no close date, are left out."
grain = "One row per value of the dimension and day."
direction = "none"
source = "METRICS: Funnel and lead to close, right-censoring"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for leads that name none"
[columns.day]
unit = "days"
text = "Days since the lead was created"
[columns.won]
unit = "count"
text = "Leads won on that day"
additive = true
[columns.censored]
unit = "count"
text = "Leads watched up to that day and not won"
additive = true
*/
with leads as (
    select
        dimension_value,
        is_won,
        case when not is_won then date_diff('day', created_date, cast($as_of as date))
            -- greatest() passes over a null: a win without a date is on no day, and not on day 0.
            when won_date is not null then greatest(date_diff('day', created_date, won_date), 0) end as day
    from lead_by($as_of, $dimension)
    where created_date is not null
        and (won_date is not null or not is_won)
        and is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
final as (
    select
        l.dimension_value,
        l.day,
        count(*) filter (l.is_won) as won,
        count(*) filter (not l.is_won) as censored
    from leads l
    cross join crm.known k
    where k.has_outcomes
    group by l.dimension_value, l.day
)
select * from final order by dimension_value, day;
