-- People who sell, qualify and market. An owner that no rep record describes (a queue, a name in another CRM's
-- export) still gets a row, so that nothing it owns is lost. One row per person.
create or replace temp table owner_ref as
with named as (
    select owner_id from latest_opportunity
    union select owner_id from latest_opportunity_history
    union select before_owner_id from latest_opportunity_history
    union select owner_id from latest_lead
    union select owner_id from latest_contact
    union select owner_id from latest_account
    union select owner_id from latest_activity
    union select owner_id from latest_quota
    union select created_by_id from latest_activity
)
select
    owner_id,
    substr(owner_id, strpos(owner_id, ':') + 1) as record_id,
    split_part(owner_id, ':', 1) as crm
from named
where owner_id is not null;

create or replace temp table known_rep as
select
    rep_id,
    crm,
    substr(rep_id, strpos(rep_id, ':') + 1) as record_id,
    coalesce(name, nullif(trim(concat_ws(' ', first_name, last_name)), '')) as name,
    nullif(role, '') as role,
    team,
    segment,
    region,
    manager_id,
    coalesce(is_active, true) as is_active,
    batch_id,
    line as source_line
from latest_rep;

-- Which rep each owner is: by id, else by the only rep of that name, else itself.
create or replace temp table owner_rep as
with by_name as (
    select lower(name) as folded, min(rep_id) as rep_id
    from known_rep
    where name is not null
    group by folded
    having count(*) = 1
)
select
    r.owner_id,
    coalesce(k.rep_id, n.rep_id, r.owner_id) as rep_id,
    r.crm,
    r.record_id
from owner_ref r
left join known_rep k on k.rep_id = r.owner_id
left join by_name n on n.folded = lower(r.record_id);

create or replace table crm.rep as
with every as (
    select * from known_rep
    union all by name
    select distinct rep_id, crm, record_id, record_id as name
    from owner_rep
    where rep_id not in (select rep_id from known_rep)
),
labelled as (
    select
        *,
        coalesce(name, record_id) as shown,
        count(*) over (partition by coalesce(name, record_id)) as same_name
    from every
)
select
    rep_id,
    crm,
    record_id,
    case when same_name > 1 then shown || ' (' || coalesce(team, record_id) || ')' else shown end as name,
    role,
    team,
    segment,
    region,
    manager_id,
    is_active,
    batch_id,
    source_line
from labelled;
