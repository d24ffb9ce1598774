/*
title = "Goal progress"
definition = "Each goal in force beside what was reached by the as-of day. A goal is in force if it was set by then (on the newest day that the data knows, all count); where none was, the first one that was set stands in, and is marked. A deal is won in the period of its close date, even where that lies ahead; leads are counted as the funnel counts them. Pace compares what is done with what is usually done by this day of such a period, from at least four past periods; with fewer, with a straight line. A pace of 1 is on track. While less than 5% of a period is usually done, pace says nothing and is a dash. A goal that was taken back is none."
grain = "One row per goal: measure, period and scope."
direction = "higher"
source = "METRICS: Goals, goal and pace"
records = "outcome_records"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end"]

[columns.measure]
unit = "text"
text = "won_amount, won_count, accepted_amount, accepted_count, opportunity_count, sourced_pipeline, mql_count or lead_count"
[columns.period_start]
unit = "date"
text = "First day of the goal's period"
[columns.period_end]
unit = "date"
text = "The day after its last"
[columns.scope]
unit = "text"
text = "company, team, segment, region or owner"
[columns.scope_value]
unit = "text"
text = "Which team, segment, region or owner; blank for the company"
[columns.goal]
unit = "number"
text = "The goal, in the company's currency for amounts; a dash where the period was given none"
[columns.actual]
unit = "number"
text = "Reached by the as-of day; a dash where the exports do not record it, where no record of it carries an amount, or where the period has not begun"
[columns.without_amount_count]
unit = "count"
text = "Deals that count and add nothing to what was reached: no amount, or a currency without a rate"
[columns.attainment]
unit = "share"
text = "actual / goal; a dash without a goal above 0"
[columns.remaining]
unit = "number"
text = "goal - actual, at least 0"
[columns.expected_share]
unit = "share"
text = "Share of such a period usually done by this day"
[columns.expected_basis]
unit = "text"
text = "past periods, straight line, or whole period"
[columns.past_periods]
unit = "count"
text = "How many past periods the usual share comes from"
[columns.pace]
unit = "ratio"
text = "actual / (goal x expected share); 1 is on track"
[columns.projected]
unit = "number"
text = "What the period will end at if it goes on as usual: actual / expected share; a dash under 5% of the period, and once it is over"
[columns.version_count]
unit = "count"
text = "How many versions of this goal there were by the as-of day; the newest is shown"
[columns.is_set_later]
unit = "flag"
text = "This goal was set after the as-of day: it was not known then"
[columns.set_date]
unit = "date"
text = "When this version was set"
[columns.set_by]
unit = "text"
text = "Who set it"
[columns.origin]
unit = "text"
text = "imported or typed in"

[params.measure]
type = "text"
text = "Only goals of this measure"
choices = ["won_amount", "won_count", "accepted_amount", "accepted_count", "opportunity_count", "sourced_pipeline", "mql_count", "lead_count"]
[params.scope]
type = "text"
text = "Only goals of this kind of scope"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Only goals of this team, segment, region or owner"
*/
with goals as (
    select *
    from goal_now('goals', $as_of)
    where (value is not null or origin = 'imported')
        and (cast($measure as varchar) is null or measure = cast($measure as varchar))
        and (cast($scope as varchar) is null or scope = cast($scope as varchar))
        and (cast($scope_value as varchar) is null or scope_value = cast($scope_value as varchar))
        and (cast($period_start as date) is null or period_start >= cast($period_start as date))
        and (cast($period_end as date) is null or period_end <= cast($period_end as date))
),
by_day as materialized (
    select * from goal_actual_by_day($as_of) where scope = 'company'
),
summed as (
    select
        g.measure, g.period_start, g.period_end, g.scope, g.scope_value,
        sum_known(case when sum(d.valued) > 0 then sum(d.value) end, sum(d.records)) as actual,
        cast(sum(d.records - d.valued) as bigint) as without_amount_count
    from goals g
    join goal_counted($as_of) d
        on d.measure = g.measure
        and d.scope = g.scope
        and d.scope_value is not distinct from g.scope_value
        and d.day >= g.period_start
        and d.day < g.period_end
    group by all
    having sum(d.records) > 0
),
timed as (
    select
        *,
        date_diff('day', period_start, period_end) as days,
        least(greatest(date_diff('day', period_start, cast($as_of as date)) + 1, 0),
            date_diff('day', period_start, period_end)) as days_done
    from goals
),
measured as (
    select
        g.*,
        case
            when not coalesce(m.is_recorded, false) then null
            -- A deal may be won ahead of the period of its close date; without any, there is nothing to say yet.
            when g.days_done = 0 and s.measure is null then null
            when s.measure is null then 0
            else s.actual
        end as actual,
        case when m.is_recorded and g.days_done > 0 then coalesce(s.without_amount_count, 0) end
            as without_amount_count,
        case
            when g.days_done = g.days then 1.0
            when g.days_done = 0 then null
            else coalesce(e.expected_share, cast(g.days_done as double) / g.days)
        end as expected_share,
        case
            when g.days_done = g.days then 'whole period'
            when g.days_done = 0 then null
            else coalesce(e.expected_basis, 'straight line')
        end as expected_basis,
        case when g.days_done between 1 and g.days - 1 then coalesce(e.past_periods, 0) end as past_periods
    from timed g
    left join goal_measure() m on m.measure = g.measure
    left join summed s
        on s.measure = g.measure and s.period_start = g.period_start and s.period_end = g.period_end
        and s.scope = g.scope and s.scope_value is not distinct from g.scope_value
    left join goal_expected_by_day($as_of, 'goals', 'by_day', $measure, $period_start, $period_end) e
        on e.measure = g.measure and e.period_start = g.period_start and e.period_end = g.period_end
        and e.day = least(cast($as_of as date), g.period_end - 1)
),
final as (
    select
        measure,
        period_start,
        period_end,
        scope,
        scope_value,
        cast(value as decimal(18, 2)) as goal,
        cast(actual as decimal(18, 2)) as actual,
        without_amount_count,
        case when value > 0 then share(actual, value) end as attainment,
        case when value is not null and actual is not null
            then cast(greatest(value - actual, 0) as decimal(18, 2)) end as remaining,
        expected_share,
        expected_basis,
        past_periods,
        case when expected_share >= 0.05 and value > 0 then share(actual, value * expected_share) end as pace,
        case when expected_share >= 0.05 and expected_basis <> 'whole period'
            then cast(actual / expected_share as decimal(18, 2)) end as projected,
        version_count,
        is_set_later,
        set_date,
        set_by,
        origin
    from measured
)
select * from final order by period_start, measure, scope, scope_value;
