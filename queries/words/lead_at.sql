/*
title = "Leads as of a day"
definition = "Every lead known by the end of a day, and how far it had come by then: marketing-qualified (MQL), accepted by sales (SAL), qualified by a conversation (SQL), a deal (opportunity), won. A later stage implies the earlier ones, a win all of them; what sales rejected and did not take back is not accepted. Of several leads on one won deal each is won, and the first carries the deal's amount, so that it counts once."
*/
create or replace macro lead_at(as_of) as table
with first_lead as (
    select opportunity_id, min_by(lead_id, (known_date, lead_id)) as lead_id
    from crm.lead
    where opportunity_id is not null and known_date <= cast(as_of as date)
    group by opportunity_id
),
stated as (
    select
        l.*,
        s.opportunity_id is not null as has_deal,
        coalesce(s.status = 'won', false) as is_won,
        case when s.status = 'won' then s.close_date end as won_date,
        case when s.status = 'won' then s.amount_base end as won_amount,
        coalesce(l.unaccepted_date <= cast(as_of as date), false) as is_rejected
    from crm.lead l
    left join crm.opportunity_state s
        on s.opportunity_id = l.opportunity_id
        and s.valid_from_date <= cast(as_of as date)
        and (s.valid_to_date is null or s.valid_to_date > cast(as_of as date))
        and s.status is distinct from 'deleted'
    where l.known_date <= cast(as_of as date)
),
reached as (
    select
        *,
        is_won or coalesce(opportunity_date <= cast(as_of as date) and has_deal, false) as is_opportunity,
        -- A win that was recorded before the conversion says that all had been reached by then.
        case when is_won then greatest(won_date, created_date) end as won_by_date
    from stated
)
select
    r.lead_id,
    r.record_id,
    r.crm,
    r.person_id,
    r.created_date,
    r.known_date,
    r.source,
    r.channel,
    r.campaign_id,
    c.label as campaign,
    r.owner,
    r.team,
    r.segment,
    r.region,
    r.custom,
    r.title,
    r.status,
    r.opportunity_id,
    r.mql_date,
    r.sal_date,
    r.sql_date,
    r.opportunity_date,
    least(r.mql_by_date, r.won_by_date) as mql_by_date,
    case when not r.is_rejected then least(r.sal_by_date, r.won_by_date) end as sal_by_date,
    coalesce(r.mql_by_date <= cast(as_of as date), false) or r.is_opportunity as is_mql,
    not r.is_rejected and (coalesce(r.sal_by_date <= cast(as_of as date), false) or r.is_opportunity) as is_sal,
    coalesce(r.sql_by_date <= cast(as_of as date), false) or r.is_opportunity as is_sql,
    r.is_opportunity,
    r.is_won,
    r.won_date,
    f.lead_id is not null as is_first_of_deal,
    case when f.lead_id is not null then r.won_amount end as won_amount,
    r.batch_id,
    r.source_line
from reached r
left join first_lead f on f.lead_id = r.lead_id
left join campaign_label() c on c.campaign_id = r.campaign_id;
