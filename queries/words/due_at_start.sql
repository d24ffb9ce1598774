/*
title = "What became of the deals that were due when a period began"
definition = "Deals that were open and due in a period at the end of the day before it began, for each period of a table with the columns `period_start` and `period_end`, and what they are at its end (at the end of the as-of day, where that is earlier): won; lost; slipped (its close date moved past the period's end, or was taken away); left open (still due in it); deleted; or unmapped, where its stage means nothing. The amount is that of the beginning. Deals whose state at the beginning is assumed are marked, due or not."
*/
create or replace macro due_at_start(as_of, periods) as table
with spans as (
    select
        period_start,
        period_end,
        cast(period_start - 1 as date) as start_day,
        cast(period_end as date) <= cast(as_of as date) + 1 as is_over
    from query_table(periods)
),
kinds as (
    select any_value(f.kind) as kind, s.period_start, s.period_end, any_value(s.start_day) as start_day,
        any_value(s.is_over) as is_over
    from spans s
    join crm.fiscal_period f on f.period_start = s.period_start and f.period_end = s.period_end
    group by s.period_start, s.period_end
),
ended as (
    select b.* exclude (kind), p.start_day
    from crm.period_begun b
    join kinds p on p.kind = b.kind and p.period_start = b.period_start and p.period_end = b.period_end
    where p.is_over
    union all by name
    -- What those of a period that still runs are now.
    select
        b.* exclude (kind, is_there_after, status_after, stage_after, close_after, amount_after),
        p.start_day,
        e.opportunity_id is not null as is_there_after,
        e.status as status_after,
        e.stage as stage_after,
        e.close_date as close_after,
        e.amount_base as amount_after
    from crm.period_begun b
    join kinds p on p.kind = b.kind and p.period_start = b.period_start and p.period_end = b.period_end
    left join opportunity_at(as_of) e on e.opportunity_id = b.opportunity_id
    where not p.is_over
),
placed as (
    select *, is_due_on(start_day, status, close_date, period_start, period_end) as is_due from ended
)
select
    * exclude (is_there_after, status_after),
    case
        when not is_due then null
        when not is_there_after then 'deleted'
        when status_after in ('won', 'lost') then status_after
        when status_after is null then 'unmapped'
        when close_after is null or close_after >= period_end then 'slipped'
        else 'left_open'
    end as outcome
from placed;
