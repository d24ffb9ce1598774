-- Custom fields: what each deal and lead has of the columns that the company keeps under names of its own.
create or replace temp macro no_custom() as cast(map {} as map(varchar, varchar));

-- What a record's own exports say. One row per deal, lead or company with any value.
create or replace temp table own_custom as
select table_name, record_id, map_from_entries(list(struct_pack(k := field, v := value) order by field)) as custom
from latest_custom
where table_name <> 'account' or record_id not in (select account_id from latest_account where is_deleted)
group by table_name, record_id;

-- What is known of a lead: its own values, else those of the same human's record in another CRM, else those of the
-- company it became or names. Nothing of its deal, which only leads that became one have. One row per lead or contact.
create or replace temp table lead_custom as
with recorded as (
    select l.lead_id, p.person_id, l.crm, coalesce(l.converted_account_id, n.account_id) as account_id, l.other_lead_id
    from latest_lead l
    left join crm.person_source p on p.source_id = l.lead_id
    left join account_by_name n on n.crm = l.crm and n.folded = lower(l.company)
    where not coalesce(l.is_deleted, false)
    union all
    select c.contact_id, p.person_id, c.crm, c.account_id, null
    from latest_contact c
    left join crm.person_source p on p.source_id = c.contact_id
    where not coalesce(c.is_deleted, false)
),
known_elsewhere as (
    -- A record that names the lead it belongs to says nothing of the person's other leads. Of several the first counts.
    select r.lead_id, min_by(c.custom, o.lead_id) as custom
    from recorded r
    join recorded o on o.person_id = r.person_id and o.crm <> r.crm
    join own_custom c on c.table_name = 'lead' and c.record_id = o.lead_id
    where coalesce(o.other_lead_id, r.lead_id) = r.lead_id
    group by r.lead_id
)
select r.lead_id, map_concat(a.custom, e.custom, l.custom) as custom
from recorded r
left join own_custom l on l.table_name = 'lead' and l.record_id = r.lead_id
left join known_elsewhere e on e.lead_id = r.lead_id
left join own_custom a on a.table_name = 'account' and a.record_id = r.account_id
where l.custom is not null or e.custom is not null or a.custom is not null;

-- The lead that became a deal, named on either side; the first of several. One row per deal with a lead.
create or replace temp table deal_lead as
select opportunity_id, min_by(lead_id, (created_at, lead_id)) as lead_id
from (
    select converted_opportunity_id as opportunity_id, lead_id, created_at
    from latest_lead
    where converted_opportunity_id is not null and not coalesce(is_deleted, false)
    union all
    select o.opportunity_id, o.lead_id, l.created_at
    from latest_opportunity o
    left join latest_lead l on l.lead_id = o.lead_id
    where o.lead_id is not null
)
group by opportunity_id;

-- What is known of a deal: its own values, else its company's, else its lead's. One row per deal with any value.
create or replace temp table deal_custom as
select o.opportunity_id, map_concat(l.custom, a.custom, d.custom) as custom
from latest_opportunity o
left join own_custom d on d.table_name = 'opportunity' and d.record_id = o.opportunity_id
left join own_custom a on a.table_name = 'account' and a.record_id = o.account_id
left join deal_lead k on k.opportunity_id = o.opportunity_id
left join lead_custom l on l.lead_id = k.lead_id
where d.custom is not null or a.custom is not null or l.custom is not null;
