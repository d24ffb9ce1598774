/*
title = "Goal progress"
definition = "Each goal in force beside what was reached by the as-of day. Pace compares what is done with what is usually done by this day of such a period, from at least four past periods; with fewer, with a straight line. A pace of 1 is on track. While less than 5% of a period is usually done, pace says nothing and is a dash."
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
text = "Reached by the as-of day; a dash where the exports do not record it, or the period has not begun"
[columns.attainment]
unit = "share"
text = "actual / goal"
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
[columns.version_count]
unit = "count"
text = "How many versions of this goal there are; the newest is shown"
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
    from goal_now('goals')
    where (cast($measure as varchar) is null or measure = cast($measure as varchar))
        and (cast($scope as varchar) is null or scope = cast($scope as varchar))
        and (cast($scope_value as varchar) is null or scope_value = cast($scope_value as varchar))
        and (cast($period_start as date) is null or period_start >= cast($period_start as date))
        and (cast($period_end as date) is null or period_end <= cast($period_end as date))
),
daily as (
    select * from goal_actual_by_day($as_of)
),
summed as (
    select
        g.measure, g.period_start, g.period_end, g.scope, g.scope_value,
        sum(d.value) as actual
    from goals g
    join daily d
        on d.measure = g.measure
        and d.scope = g.scope
        and d.scope_value is not distinct from g.scope_value
        and d.day >= g.period_start
        and d.day < g.period_end
    group by all
),
-- How far each goal's period has come, and the past periods of the same length that it can be compared with.
elapsed as (
    select distinct
        measure, period_start, period_end,
        date_diff('day', period_start, period_end) as days,
        least(greatest(date_diff('day', period_start, cast($as_of as date)) + 1, 0),
            date_diff('day', period_start, period_end)) as days_done
    from goals
),
past as (
    select
        e.measure,
        e.period_start as goal_start,
        e.period_end as goal_end,
        f.period_start,
        f.period_end,
        cast(round(cast(e.days_done as double) * date_diff('day', f.period_start, f.period_end) / e.days) as integer)
            as days_done,
        row_number() over (partition by e.measure, e.period_start, e.period_end order by f.period_start desc) as nth
    from elapsed e
    join crm.fiscal_period own on own.period_start = e.period_start and own.period_end = e.period_end
    join crm.fiscal_period f on f.kind = own.kind and f.period_end <= e.period_start
    -- Only periods that the data covers from their first day.
    where e.days_done between 1 and e.days - 1
        and f.period_start >= (
            select min(d.day) from daily d where d.measure = e.measure and d.scope = 'company'
        )
),
past_share as (
    select
        p.measure, p.goal_start, p.goal_end, p.period_start,
        share(
            coalesce(sum(d.value) filter (d.day < p.period_start + p.days_done), 0),
            sum(d.value)
        ) as done
    from past p
    join daily d
        on d.measure = p.measure
        and d.scope = 'company'
        and d.day >= p.period_start
        and d.day < p.period_end
    where p.nth <= 8
    group by p.measure, p.goal_start, p.goal_end, p.period_start
    having sum(d.value) > 0
),
usual as (
    -- Rounded, because a sum of fractions may differ in its last digits from run to run.
    select measure, goal_start, goal_end, count(*) as past_periods, round(avg(done), 9) as done
    from past_share
    group by measure, goal_start, goal_end
),
measured as (
    select
        g.*,
        case
            when e.days_done = 0 then null
            when g.measure in ('won_amount', 'won_count') and not k.has_outcomes then null
            when g.measure like 'accepted%' and not k.has_decisions then null
            when g.measure = 'mql_count' and not k.has_mql then null
            else coalesce(s.actual, 0)
        end as actual,
        case
            when e.days_done = e.days then 1.0
            when e.days_done = 0 then null
            when u.past_periods >= 4 then u.done
            else cast(e.days_done as double) / e.days
        end as expected_share,
        case
            when e.days_done = e.days then 'whole period'
            when e.days_done = 0 then null
            when u.past_periods >= 4 then 'past periods'
            else 'straight line'
        end as expected_basis,
        case when e.days_done between 1 and e.days - 1 then coalesce(u.past_periods, 0) end as past_periods
    from goals g
    cross join crm.known k
    join elapsed e using (measure, period_start, period_end)
    left join summed s
        on s.measure = g.measure and s.period_start = g.period_start and s.period_end = g.period_end
        and s.scope = g.scope and s.scope_value is not distinct from g.scope_value
    left join usual u
        on u.measure = g.measure and u.goal_start = g.period_start and u.goal_end = g.period_end
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
        share(actual, value) as attainment,
        case when value is not null and actual is not null
            then cast(greatest(value - actual, 0) as decimal(18, 2)) end as remaining,
        expected_share,
        expected_basis,
        past_periods,
        case when expected_share >= 0.05 then share(actual, value * expected_share) end as pace,
        version_count,
        set_date,
        set_by,
        origin
    from measured
)
select * from final order by period_start, measure, scope, scope_value;
