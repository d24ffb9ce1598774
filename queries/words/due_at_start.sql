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
        least(cast(period_end - 1 as date), cast(as_of as date)) as end_day
    from query_table(periods)
),
begun as materialized (
    select p.*, s.* exclude (from_date, until_date),
        is_due_on(p.start_day, s.status, s.close_date, p.period_start, p.period_end) as is_due
    from spans p
    join crm.deal_as_of s on s.from_date <= p.start_day and s.until_date > p.start_day
    where s.status = 'open'
        and (s.close_date >= p.period_start and s.close_date < p.period_end or s.is_assumed or s.is_owner_assumed)
),
-- What each of these was at the period's end: joined by deal first, for there are few of them.
ended as (
    select b.opportunity_id, b.period_start, e.status, e.stage, e.close_date, e.amount_base
    from begun b
    join crm.deal_as_of e
        on e.opportunity_id = b.opportunity_id and e.from_date <= b.end_day and e.until_date > b.end_day
)
select
    b.*,
    e.stage as stage_after,
    e.close_date as close_after,
    e.amount_base as amount_after,
    case
        when not b.is_due then null
        when e.opportunity_id is null then 'deleted'
        when e.status in ('won', 'lost') then e.status
        when e.status is null then 'unmapped'
        when e.close_date is null or e.close_date >= b.period_end then 'slipped'
        else 'left_open'
    end as outcome
from begun b
left join ended e on e.opportunity_id = b.opportunity_id and e.period_start = b.period_start;
