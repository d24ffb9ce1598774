/*
title = "Leads as of a day"
definition = "Every lead known by the end of a day, and how far it had come by then: marketing-qualified (MQL), accepted by sales (SAL), qualified by a conversation (SQL), a deal (opportunity), won. A later stage implies the earlier ones; what sales rejected and did not take back is not accepted."
*/
create or replace macro lead_at(as_of) as table
select
    l.lead_id,
    l.record_id,
    l.crm,
    l.person_id,
    l.created_date,
    l.source,
    l.channel,
    l.campaign_id,
    l.campaign,
    l.owner,
    l.team,
    l.segment,
    l.region,
    l.title,
    l.status,
    l.opportunity_id,
    l.mql_date,
    l.sal_date,
    l.sql_date,
    l.opportunity_date,
    coalesce(l.mql_by_date <= cast(as_of as date), false) as is_mql,
    coalesce(l.sal_by_date <= cast(as_of as date), false) as is_sal,
    coalesce(l.sql_by_date <= cast(as_of as date), false) as is_sql,
    coalesce(l.opportunity_date <= cast(as_of as date) and s.opportunity_id is not null, false) as is_opportunity,
    coalesce(s.status = 'won', false) as is_won,
    case when s.status = 'won' then s.close_date end as won_date,
    case when s.status = 'won' then s.amount_base end as won_amount,
    l.batch_id,
    l.source_line
from crm.lead l
left join crm.opportunity_state s
    on s.opportunity_id = l.opportunity_id
    and s.valid_from_date <= cast(as_of as date)
    and (s.valid_to_date is null or s.valid_to_date > cast(as_of as date))
    and s.status is distinct from 'deleted'
where l.known_date <= cast(as_of as date);
