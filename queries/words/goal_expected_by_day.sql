/*
title = "What of a goal is usually done by each day"
definition = "For every period that has a goal, and for the one asked about: the share that the company has usually done by each day, from up to eight past periods of the same kind that were over by the as-of day and that the data covers from their first day (deals created before the first recorded win or lead are those that happened to live on, so such periods do not count for what counts created deals). With fewer than four, a straight line. It is handed what goals count day by day, which its caller has already reckoned."
*/
create or replace macro goal_expected_by_day(as_of, typed, counted, asked_measure, asked_start, asked_end) as table
with wanted as (
    select g.measure, g.period_start, g.period_end
    from goal_now(typed, as_of) g
    where g.measure = coalesce(cast(asked_measure as varchar), g.measure)
        and g.period_start >= coalesce(cast(asked_start as date), g.period_start)
        and g.period_end <= coalesce(cast(asked_end as date), g.period_end)
    union
    select cast(asked_measure as varchar), cast(asked_start as date), cast(asked_end as date)
    where asked_measure is not null and asked_start is not null and asked_end is not null
),
daily as materialized (
    select measure, day, value from query_table(counted) where scope = 'company'
),
begun as (
    select
        measure,
        min(day) as first_day,
        case when measure in ('opportunity_count', 'sourced_pipeline')
            then (select max(first) from (
                select min(day) as first from daily where measure in ('won_count', 'lead_count') group by measure
            )) end as complete_from
    from daily
    group by measure
),
days as materialized (
    select
        w.*,
        c.day,
        date_diff('day', w.period_start, c.day) + 1 as nth,
        date_diff('day', w.period_start, w.period_end) as days
    from wanted w
    join crm.calendar c on c.day >= w.period_start and c.day < w.period_end
),
past as materialized (
    select
        w.measure,
        w.period_start as goal_start,
        w.period_end as goal_end,
        f.period_start,
        f.period_end,
        row_number() over (
            partition by w.measure, w.period_start, w.period_end order by f.period_start desc
        ) as nth_back
    from wanted w
    join begun b on b.measure = w.measure
    join crm.fiscal_period own on own.period_start = w.period_start and own.period_end = w.period_end
    join crm.fiscal_period f
        on f.kind = own.kind
        and f.period_start >= b.first_day
        and (b.complete_from is null or f.period_end > b.complete_from)
        and f.period_end <= w.period_start
        and f.period_end <= cast(as_of as date) + 1
),
past_period as (
    select distinct measure, period_start, period_end from past where nth_back <= 8
),
past_done as (
    select
        p.measure,
        p.period_start,
        date_diff('day', p.period_start, c.day) + 1 as nth,
        sum(d.value) over (partition by p.measure, p.period_start, p.period_end order by c.day) as done,
        sum(d.value) over (partition by p.measure, p.period_start, p.period_end) as total,
        p.period_end
    from past_period p
    join crm.calendar c on c.day >= p.period_start and c.day < p.period_end
    left join daily d on d.measure = p.measure and d.day = c.day
),
-- Each day beside the day that is as far into a past period.
pointed as (
    select
        y.measure,
        y.period_start,
        y.period_end,
        y.day,
        p.period_start as past_start,
        p.period_end as past_end,
        cast(round(cast(y.nth as double) * date_diff('day', p.period_start, p.period_end) / y.days) as bigint) as past_nth
    from days y
    join past p
        on p.measure = y.measure and p.goal_start = y.period_start and p.goal_end = y.period_end and p.nth_back <= 8
),
usual as (
    select
        y.measure,
        y.period_start,
        y.period_end,
        y.day,
        count(*) as past_periods,
        -- Rounded, because a sum of fractions may differ in its last digits from run to run.
        round(avg(share(coalesce(d.done, 0), d.total)), 9) as done
    from pointed y
    join past_done d
        on d.measure = y.measure
        and d.period_start = y.past_start
        and d.period_end = y.past_end
        and d.nth = y.past_nth
        and d.total > 0
    group by y.measure, y.period_start, y.period_end, y.day
)
select
    y.measure,
    y.period_start,
    y.period_end,
    y.day,
    coalesce(u.past_periods, 0) as past_periods,
    case when u.past_periods >= 4 then u.done else cast(y.nth as double) / y.days end as expected_share,
    case when u.past_periods >= 4 then 'past periods' else 'straight line' end as expected_basis
from days y
left join usual u
    on u.measure = y.measure and u.period_start = y.period_start and u.period_end = y.period_end and u.day = y.day;
