-- Companies. Segment and region as the export names them, else by the settings' rules. One row per company.
-- A deal or a person may name its company instead of giving its id: the only company of that name in that CRM.
create or replace temp table account_by_name as
select crm, lower(name) as folded, min(account_id) as account_id
from latest_account
where name is not null and not coalesce(is_deleted, false)
group by crm, folded
having count(*) = 1;

create or replace temp table account_named as
with wanted as (
    select crm, account_id from latest_opportunity
    union select crm, account_id from latest_contact
    union select crm, converted_account_id from latest_lead
    union select crm, account_id from latest_activity
)
select w.account_id as named_id, n.account_id
from wanted w
join account_by_name n on n.crm = w.crm and n.folded = lower(substr(w.account_id, strpos(w.account_id, ':') + 1))
where w.account_id not in (select account_id from latest_account);

update latest_opportunity t set account_id = n.account_id from account_named n where t.account_id = n.named_id;
update latest_contact t set account_id = n.account_id from account_named n where t.account_id = n.named_id;
update latest_activity t set account_id = n.account_id from account_named n where t.account_id = n.named_id;
update latest_lead t set converted_account_id = n.account_id
from account_named n where t.converted_account_id = n.named_id;

create or replace temp table account_ref as
select account_id from latest_opportunity where account_id is not null
union select account_id from latest_contact where account_id is not null
union select converted_account_id from latest_lead where converted_account_id is not null;


create or replace table crm.account as
with every as (
    select
        account_id, crm, name, owner_id, created_date, industry, cast(employees as bigint) as employees,
        country, state, segment, region, kind, batch_id, line as source_line
    from latest_account
    where not coalesce(is_deleted, false)
    union all by name
    select
        account_id,
        split_part(account_id, ':', 1) as crm,
        substr(account_id, strpos(account_id, ':') + 1) as name
    from account_ref
    where account_id not in (select account_id from latest_account)
)
select
    a.account_id,
    a.crm,
    substr(a.account_id, strpos(a.account_id, ':') + 1) as record_id,
    coalesce(a.name, substr(a.account_id, strpos(a.account_id, ':') + 1)) as name,
    a.industry,
    a.employees,
    a.country,
    a.kind,
    coalesce(a.segment, s.name) as segment,
    a.region as named_region,
    coalesce(by_state.region, by_country.region, a.country) as place_region,
    o.rep_id as owner_id,
    a.created_date,
    a.batch_id,
    a.source_line
from every a
left join setting_segment s on a.employees >= s.at_least and a.employees < s.below
left join setting_region by_state on by_state.place = lower(a.country || '/' || a.state)
left join setting_region by_country on by_country.place = lower(a.country)
left join owner_rep o on o.owner_id = a.owner_id;
