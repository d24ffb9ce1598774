/*
title = "Deals as of a day"
definition = "Every deal as it stood at the end of a day: its stage, amount, close date, owner and whether it was open, won or lost then. A deal that the CRM deleted by that day is left out. What is assumed rather than recorded is marked: the stage, amount or close date of an open deal, and apart from these its owner, which matters only where deals are told apart by owner or team."
*/
create or replace macro opportunity_at(as_of) as table
select
    o.opportunity_id,
    o.record_id,
    o.crm,
    o.name,
    o.account_id,
    o.account,
    o.business_type,
    o.lead_id,
    coalesce(o.source, o.source_raw) as source,
    o.channel,
    o.campaign_id,
    o.product,
    o.segment,
    o.region,
    o.custom,
    o.currency,
    o.lost_reason,
    o.created_date,
    o.is_created_inferred,
    s.stage,
    s.amount,
    s.amount_base,
    s.close_date,
    s.owner_id,
    s.owner,
    s.team,
    s.status,
    s.forecast_category,
    s.status = 'open' and s.close_date < cast(as_of as date) as is_overdue,
    s.status = 'open'
        and 'assumed' in (coalesce(s.stage_from, ''), coalesce(s.amount_from, ''), coalesce(s.close_date_from, ''))
        as is_assumed,
    s.status = 'open' and coalesce(s.owner_from = 'assumed', false) as is_owner_assumed,
    coalesce(m.is_sourced, false) as is_sourced,
    coalesce(m.is_sourced_by_field, false) as is_sourced_by_field,
    coalesce(m.is_sourced_by_first_touch, false) as is_sourced_by_first_touch,
    coalesce(m.is_sourced_by_touch_before_activity, false) as is_sourced_by_touch_before_activity,
    coalesce(m.is_influenced_before_created, false) as is_influenced_before_created,
    coalesce(m.is_influenced_before_closed, false) as is_influenced_before_closed,
    o.batch_id,
    o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id
left join crm.opportunity_marketing m on m.opportunity_id = o.opportunity_id
where s.valid_from_date <= cast(as_of as date)
    and (s.valid_to_date is null or s.valid_to_date > cast(as_of as date))
    and s.status is distinct from 'deleted';
