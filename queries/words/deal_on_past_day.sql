/*
title = "Deals on the days of past periods"
definition = "Every deal that was open on the day of a past period that had as many days to go as the present one (one row a period), or that was won in the rest of that period by what is known now. Whether it was open then and due then, how old it was, and what it was won for. A deal counts with the segment, region, source, product and fields that it has now, and with the owner it had then; one that was not yet open then, with the owner it has now."
*/
create or replace macro deal_on_past_day(as_of, kind) as table
with opened as (
    select
        d.period,
        s.opportunity_id,
        s.stage,
        s.amount_base,
        s.close_date,
        s.owner,
        s.team,
        s.close_date >= d.day and s.close_date < d.period_end as is_due,
        'assumed' in (coalesce(s.stage_from, ''), coalesce(s.amount_from, ''), coalesce(s.close_date_from, ''))
            as is_assumed,
        coalesce(s.owner_from = 'assumed', false) as is_owner_assumed
    from past_day(as_of, kind) d
    join crm.opportunity_state s
        on s.valid_from_date <= d.day and (s.valid_to_date is null or s.valid_to_date > d.day)
    where s.status = 'open'
),
won as (
    select d.period, o.opportunity_id, o.amount_base, o.owner, o.team
    from past_day(as_of, kind) d
    join opportunity_at(as_of) o on o.close_date > d.day and o.close_date < d.period_end
    where o.status = 'won'
)
select
    d.period,
    d.period_start,
    d.period_end,
    d.day,
    d.days_to_go,
    d.is_recorded,
    o.opportunity_id,
    o.segment,
    o.region,
    coalesce(o.source, o.source_raw) as source,
    o.product,
    o.business_type,
    o.custom,
    case when p.opportunity_id is not null then p.owner else w.owner end as owner,
    case when p.opportunity_id is not null then p.team else w.team end as team,
    p.opportunity_id is not null as is_open,
    coalesce(p.is_due, false) as is_due,
    case
        when p.is_due then 'due'
        when p.close_date < d.day then 'overdue'
        when p.close_date is not null then 'later'
        when p.opportunity_id is not null then 'undated'
    end as due,
    p.stage,
    p.amount_base as open_amount,
    coalesce(p.is_assumed, false) as is_assumed,
    coalesce(p.is_owner_assumed, false) as is_owner_assumed,
    d.day - o.created_date as age_days,
    w.opportunity_id is not null as is_won,
    w.amount_base as won_amount
from opened p
full join won w on w.period = p.period and w.opportunity_id = p.opportunity_id
join past_day(as_of, kind) d on d.period = coalesce(p.period, w.period)
join crm.opportunity o on o.opportunity_id = coalesce(p.opportunity_id, w.opportunity_id);
