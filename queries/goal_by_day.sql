/*
title = "Goal, day by day"
definition = "What was reached by each day of the goal's period, beside what would be on track by then: the goal times the share usually done by that day, from at least four past periods; with fewer, a straight line. Ahead of the as-of day: what will be reached if it goes on as usual (reached, divided by the share usually done by now), and the range in which the middle three of five past periods would have taken it from here (the 20th to the 80th percentile). A straight line has no range. While less than 5% of a period is usually done, nothing is projected."
grain = "One row per day of the period."
direction = "higher"
source = "METRICS: Goals, pace"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end"]

[columns.day]
unit = "date"
text = "Day"
[columns.actual_to_date]
unit = "number"
text = "Reached by the end of the day; nothing after the as-of day. What is known by then and dated ahead (a deal won before its close date) stands on the as-of day. A dash where the exports do not record it, or where no record of it carries an amount"
[columns.on_track]
unit = "number"
text = "What would be on track by the end of the day; a dash without a goal"
[columns.expected_share]
unit = "share"
text = "Share of the period usually done by then"
[columns.projected]
unit = "number"
text = "What will be reached by the end of the day if it goes on as usual, from the as-of day on; a dash under 5% of the period"
[columns.projected_low]
unit = "number"
text = "The 20th percentile of what past periods would make of it; a dash with fewer than four"
[columns.projected_high]
unit = "number"
text = "The 80th percentile"
[columns.past_periods]
unit = "count"
text = "Past periods that the range comes from"

[params.measure]
type = "text"
text = "The goal's measure (won_amount without it)"
choices = ["won_amount", "won_count", "accepted_amount", "accepted_count", "opportunity_count", "sourced_pipeline", "mql_count", "lead_count"]
[params.scope]
type = "text"
text = "The goal's kind of scope (company without it)"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Which team, segment, region or owner"
*/
with asked as (
    select
        coalesce(cast($measure as varchar), 'won_amount') as measure,
        coalesce(cast($scope as varchar), 'company') as scope,
        cast($scope_value as varchar) as scope_value,
        cast($period_start as date) as period_start,
        cast($period_end as date) as period_end
),
by_day as materialized (
    select *
    from goal_actual_by_day($as_of)
    where measure = coalesce(cast($measure as varchar), 'won_amount')
        and scope in ('company', coalesce(cast($scope as varchar), 'company'))
),
done as (
    select
        least(d.day, cast($as_of as date)) as day,
        sum(d.value) as value,
        sum(d.record_count) as record_count
    from by_day d
    join asked a
        on d.scope = a.scope
        and d.scope_value is not distinct from a.scope_value
        and d.day >= a.period_start
        and d.day < a.period_end
    group by least(d.day, cast($as_of as date))
),
goal as (
    select g.value
    from goal_now('goals', $as_of) g
    join asked a
        on g.measure = a.measure and g.period_start = a.period_start and g.period_end = a.period_end
        and g.scope = a.scope and g.scope_value is not distinct from a.scope_value
),
days as (
    select
        e.day,
        e.expected_share,
        sum_known(
            sum(d.value) over (order by e.day),
            coalesce(sum(d.record_count) over (order by e.day), 0)
        ) as actual_to_date
    from asked a
    join goal_expected_by_day(
        $as_of, 'goals', 'by_day', coalesce(cast($measure as varchar), 'won_amount'), $period_start, $period_end
    ) e on e.measure = a.measure and e.period_start = a.period_start and e.period_end = a.period_end
    left join done d on d.day = e.day
),
here as (
    select d.day, d.expected_share, d.actual_to_date
    from days d
    cross join asked a
    join goal_measure() m on m.measure = a.measure and m.is_recorded
    -- Nothing is left to project on the period's last day.
    where d.day = cast($as_of as date) and d.day < a.period_end - 1 and d.expected_share >= 0.05
),
past as materialized (
    select *
    from goal_past_by_day($as_of, 'by_day', coalesce(cast($measure as varchar), 'won_amount'), $period_start, $period_end)
),
from_here as (
    select
        p.day,
        count(*) as past_periods,
        quantile_cont(p.done / n.done, 0.2) as low,
        quantile_cont(p.done / n.done, 0.8) as high
    from past p
    join past n on n.period_start = p.period_start and n.day = cast($as_of as date) and n.done > 0
    group by p.day
),
final as (
    select
        d.day,
        case when d.day <= cast($as_of as date) and m.is_recorded
            then cast(d.actual_to_date as decimal(18, 2)) end as actual_to_date,
        cast((select value from goal) * d.expected_share as decimal(18, 2)) as on_track,
        d.expected_share,
        cast(t.actual_to_date * d.expected_share / t.expected_share as decimal(18, 2)) as projected,
        case when f.past_periods >= 4 then cast(t.actual_to_date * f.low as decimal(18, 2)) end as projected_low,
        case when f.past_periods >= 4 then cast(t.actual_to_date * f.high as decimal(18, 2)) end as projected_high,
        case when t.day is not null then coalesce(f.past_periods, 0) end as past_periods
    from days d
    cross join asked a
    left join goal_measure() m on m.measure = a.measure
    left join here t on d.day >= t.day
    left join from_here f on f.day = d.day and t.day is not null
)
select * from final order by day;
