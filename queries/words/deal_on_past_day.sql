/*
title = "Deals on the days of past periods"
definition = "Every deal that was open on the day of a past period that had as many days to go as the present one (one row a period), or that was won in the rest of that period by what is known now. Whether it was open then and due then, how old it was, and what it was won for. A deal counts with the segment, region, source, product and fields that it has now, and with the owner it had then; one that was not yet open then, with the owner it has now."
*/
create or replace macro deal_on_past_day(as_of, kind) as table
with opened as (
    select
        d.period,
        s.*,
        s.close_date >= d.day and s.close_date < d.period_end as is_due
    from past_day(as_of, kind) d
    join crm.deal_as_of s on s.from_date <= d.day and s.until_date > d.day
    where s.status = 'open'
),
won as (
    select d.period, o.*
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
    coalesce(p.opportunity_id, w.opportunity_id) as opportunity_id,
    coalesce(p.segment, w.segment) as segment,
    coalesce(p.region, w.region) as region,
    coalesce(p.source, w.source) as source,
    coalesce(p.product, w.product) as product,
    coalesce(p.business_type, w.business_type) as business_type,
    coalesce(p.custom, w.custom) as custom,
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
    d.day - coalesce(p.created_date, w.created_date) as age_days,
    w.opportunity_id is not null as is_won,
    w.amount_base as won_amount
from opened p
full join won w on w.period = p.period and w.opportunity_id = p.opportunity_id
join past_day(as_of, kind) d on d.period = coalesce(p.period, w.period);
