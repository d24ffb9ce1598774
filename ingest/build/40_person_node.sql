-- Every record that stands for a human, and what joins two of them: a conversion, an id that one CRM keeps of the
-- other, the same (hashed) e-mail. `ingest.identity` finds who is one person.
create or replace temp table person_node as
select
    lead_id as source_id, crm, 'lead' as object, email, title, cast(null as varchar) as account_id,
    country, created_date, batch_id, line as source_line
from latest_lead
where not coalesce(is_deleted, false)
union all
select
    contact_id, crm, 'contact', email, title, account_id, country, created_date, batch_id, line
from latest_contact
where not coalesce(is_deleted, false);

create or replace temp table shared_email as
select crm, object, lower(email) as email, count(*) as n
from person_node
where email is not null
group by crm, object, lower(email)
having count(*) > (select email_shared_by_more_than from company);

create or replace temp table person_edge as
with ids as (
    select lead_id as a, converted_contact_id as b, 'conversion' as rule, 1 as strength from latest_lead
    union all
    select lead_id, other_lead_id, 'cross-CRM id', 2 from latest_lead
    union all
    select lead_id, other_contact_id, 'cross-CRM id', 2 from latest_lead
),
by_email as (
    select
        n.source_id as a,
        min(n.source_id) over (partition by lower(n.email)) as b,
        'e-mail' as rule,
        3 as strength
    from person_node n
    where n.email is not null
        and lower(n.email) not in (select email from shared_email)
),
every as (
    select * from ids where a is not null and b is not null
    union all
    select * from by_email where a <> b
)
select e.*
from every e
semi join person_node x on x.source_id = e.a
semi join person_node y on y.source_id = e.b;
