/*
title = "Days from lead to won, or to a rejection that stands"
definition = "For the leads created in the period: after how many days each was won, or rejected by sales and not taken back by the as-of day, or for how many days it has been watched without either. What the curves of competing ends are drawn from. A win before the lead's creation counts as day 0; leads without a creation date, and won leads whose deal names no close date, are left out."
grain = "One row per value of the dimension and day."
direction = "none"
source = "METRICS: Funnel and lead to close, right-censoring (competing ends)"
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
[columns.lost]
unit = "count"
text = "Leads rejected on that day, the rejection standing on the as-of day; a dash where no decision is recorded"
additive = true
[columns.censored]
unit = "count"
text = "Leads watched up to that day and neither won nor rejected"
additive = true
*/
with chosen as (
    select dimension_value, created_date, is_won, won_date, unaccepted_date
    from lead_by($as_of, $dimension)
    where created_date is not null
        and (won_date is not null or not is_won)
        and is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
leads as (
    select
        dimension_value,
        is_won,
        not is_won and unaccepted_date is not null as is_lost,
        case
            when not is_won then greatest(
                date_diff('day', created_date, coalesce(unaccepted_date, cast($as_of as date))), 0
            )
            -- greatest() passes over a null: a win without a date is on no day, and not on day 0.
            when won_date is not null then greatest(date_diff('day', created_date, won_date), 0)
        end as day
    from chosen
),
final as (
    select
        l.dimension_value,
        l.day,
        count(*) filter (l.is_won) as won,
        case when any_value(k.has_decisions) then count(*) filter (l.is_lost) end as lost,
        count(*) filter (not l.is_won and not l.is_lost) as censored
    from leads l
    cross join crm.known k
    where k.has_outcomes
    group by l.dimension_value, l.day
)
select * from final order by dimension_value, day;
