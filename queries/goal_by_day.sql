/*
title = "Goal, day by day"
definition = "What was reached by each day of the goal's period, beside what would be on track by then: the goal times the share usually done by that day, from at least four past periods; with fewer, a straight line."
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
done as (
    select
        least(d.day, cast($as_of as date)) as day,
        sum(d.value) as value,
        sum(d.record_count) as record_count
    from goal_actual_by_day($as_of) d
    join asked a
        on d.measure = a.measure
        and d.scope = a.scope
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
        $as_of, 'goals', coalesce(cast($measure as varchar), 'won_amount'), $period_start, $period_end
    ) e on e.measure = a.measure and e.period_start = a.period_start and e.period_end = a.period_end
    left join done d on d.day = e.day
),
final as (
    select
        d.day,
        case when d.day <= cast($as_of as date) and m.is_recorded
            then cast(d.actual_to_date as decimal(18, 2)) end as actual_to_date,
        cast((select value from goal) * d.expected_share as decimal(18, 2)) as on_track,
        d.expected_share
    from days d
    cross join asked a
    left join goal_measure() m on m.measure = a.measure
)
select * from final order by day;
