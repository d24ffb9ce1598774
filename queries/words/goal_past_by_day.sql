/*
title = "How past periods filled up, day by day"
definition = "Of one measure and period: the up to eight past periods that the usual course of a goal comes from (of the same kind, over by the as-of day, covered by the data from their first day), each with the share that the company had done by each day, told by the days of the period asked about. It is handed what goals count day by day, which its caller has already reckoned."
*/
create or replace macro goal_past_by_day(as_of, counted, asked_measure, asked_start, asked_end) as table
with daily as materialized (
    select measure, day, value from query_table(counted) where scope = 'company'
),
begun as (
    select
        min(day) filter (measure = asked_measure) as first_day,
        case when any_value(asked_measure) in ('opportunity_count', 'sourced_pipeline')
            then greatest(min(day) filter (measure = 'won_count'), min(day) filter (measure = 'lead_count')) end
            as complete_from
    from daily
),
past as materialized (
    select f.period_start, f.period_end
    from crm.fiscal_period own
    join crm.fiscal_period f
        on f.kind = own.kind
        and f.period_end <= own.period_start
        and f.period_end <= cast(as_of as date) + 1
    cross join begun b
    where own.period_start = cast(asked_start as date)
        and own.period_end = cast(asked_end as date)
        and f.period_start >= b.first_day
        and (b.complete_from is null or f.period_end > b.complete_from)
    qualify row_number() over (order by f.period_start desc) <= 8
),
done as (
    select
        p.period_start,
        p.period_end,
        date_diff('day', p.period_start, p.period_end) as days,
        date_diff('day', p.period_start, c.day) + 1 as nth,
        sum(d.value) over (partition by p.period_start order by c.day) as done,
        sum(d.value) over (partition by p.period_start) as total
    from past p
    join crm.calendar c on c.day >= p.period_start and c.day < p.period_end
    left join daily d on d.measure = asked_measure and d.day = c.day
)
select d.period_start, d.period_end, c.day, share(coalesce(d.done, 0), d.total) as done
from crm.calendar c
join done d
    on d.total > 0
    and d.nth = cast(round(
        cast(date_diff('day', cast(asked_start as date), c.day) + 1 as double) * d.days
        / date_diff('day', cast(asked_start as date), cast(asked_end as date))
    ) as integer)
where c.day >= cast(asked_start as date) and c.day < cast(asked_end as date);
