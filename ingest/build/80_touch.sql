-- Campaign touches: a person, a campaign, a time, answered or not. One row per person and campaign membership.
create or replace table crm.touch as
select
    t.touch_id,
    t.crm,
    coalesce(lp.person_id, cp.person_id) as person_id,
    k.campaign_id,
    t.created_at,
    t.created_date,
    coalesce(t.is_responded, t.responded_date is not null) as is_responded,
    case when coalesce(t.is_responded, t.responded_date is not null)
        then coalesce(t.responded_date, t.created_date) end as responded_date,
    coalesce(t.is_responded, false) and t.responded_date is null as is_responded_date_inferred,
    t.status,
    t.batch_id,
    t.line as source_line
from latest_touch t
join campaign_key k on k.named_id = t.campaign_id
semi join crm.campaign c on c.campaign_id = k.campaign_id
left join crm.person_source lp on lp.source_id = t.lead_id
left join crm.person_source cp on cp.source_id = t.contact_id
where not coalesce(t.is_deleted, false);

-- The campaign that brought a lead: as the record says, else the first that the person answered up to the day after
-- the lead was created.
create or replace temp table lead_first_touch as
select
    l.lead_id,
    min_by(t.campaign_id, (t.responded_date, t.created_at, t.touch_id)) as campaign_id
from crm.lead l
join crm.touch t on t.person_id = l.person_id
where l.campaign_id is null
    and t.is_responded
    and t.responded_date <= l.created_date + 1
group by l.lead_id;

update crm.lead
set campaign_id = f.campaign_id, campaign = c.name
from lead_first_touch f
join crm.campaign c on c.campaign_id = f.campaign_id
where lead.lead_id = f.lead_id;
