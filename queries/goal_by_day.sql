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
text = "Reached by the end of the day; nothing after the as-of day"
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
        cast($period_end as date) as period_end,
        date_diff('day', cast($period_start as date), cast($period_end as date)) as days
),
daily as (
    select d.* from goal_actual_by_day($as_of) d join asked a using (measure)
),
days as (
    select c.day, date_diff('day', a.period_start, c.day) + 1 as nth
    from crm.calendar c
    cross join asked a
    where c.day >= a.period_start and c.day < a.period_end
),
own as (
    select y.day, sum(d.value) over (order by y.day) as actual_to_date
    from days y
    cross join asked a
    left join daily d
        on d.day = y.day
        and d.scope = a.scope
        and d.scope_value is not distinct from a.scope_value
),
past as (
    select
        f.period_start,
        f.period_end,
        date_diff('day', f.period_start, f.period_end) as days,
        row_number() over (order by f.period_start desc) as nth
    from asked a
    join crm.fiscal_period same on same.period_start = a.period_start and same.period_end = a.period_end
    join crm.fiscal_period f on f.kind = same.kind and f.period_end <= a.period_start
    where f.period_start >= (select min(day) from daily where scope = 'company')
),
past_done as (
    select
        p.period_start,
        p.days,
        date_diff('day', p.period_start, c.day) + 1 as nth,
        sum(d.value) over (partition by p.period_start order by c.day) as done,
        sum(d.value) over (partition by p.period_start) as total
    from past p
    join crm.calendar c on c.day >= p.period_start and c.day < p.period_end
    left join daily d on d.day = c.day and d.scope = 'company'
    where p.nth <= 8
),
usual as (
    select
        y.day,
        count(*) as past_periods,
        -- Rounded, because a sum of fractions may differ in its last digits from run to run.
        round(avg(cast(coalesce(d.done, 0) as double) / cast(d.total as double)), 9) as done
    from days y
    cross join asked a
    join past_done d
        on d.nth = cast(round(cast(y.nth as double) * d.days / a.days) as integer)
        and d.total > 0
    group by y.day
),
goal as (
    select g.value
    from goal_now('goals') g
    join asked a
        on g.measure = a.measure and g.period_start = a.period_start and g.period_end = a.period_end
        and g.scope = a.scope and g.scope_value is not distinct from a.scope_value
),
shared as (
    select
        y.day,
        case when u.past_periods >= 4 then u.done else cast(y.nth as double) / a.days end as expected_share
    from days y
    cross join asked a
    left join usual u on u.day = y.day
),
final as (
    select
        s.day,
        case
            when s.day > cast($as_of as date) then null
            when a.measure in ('won_amount', 'won_count') and not k.has_outcomes then null
            when a.measure like 'accepted%' and not k.has_decisions then null
            else cast(coalesce(o.actual_to_date, 0) as decimal(18, 2))
        end as actual_to_date,
        cast((select value from goal) * s.expected_share as decimal(18, 2)) as on_track,
        s.expected_share
    from shared s
    cross join crm.known k
    cross join asked a
    join own o on o.day = s.day
)
select * from final order by day;
