-- Companies. Segment and region as the export names them, else by the settings' rules. One row per company.
create or replace temp table account_ref as
select account_id from latest_opportunity where account_id is not null
union select account_id from latest_contact where account_id is not null
union select converted_account_id from latest_lead where converted_account_id is not null;

create or replace temp view place_region as select * from setting_region;

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
