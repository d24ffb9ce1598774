-- Humans. One row per person; and which record of which CRM is whom, and how that was told.
create or replace table crm.person_source as
with told as (
    select source_id, min_by(rule, strength) as rule
    from (
        select a as source_id, rule, strength from person_edge
        union all
        select b, rule, strength from person_edge
    )
    group by source_id
)
select
    n.source_id,
    n.crm,
    n.object,
    substr(n.source_id, strpos(n.source_id, ':') + 1) as record_id,
    i.person_id,
    coalesce(t.rule, 'alone') as match_rule,
    n.batch_id,
    n.source_line
from person_node n
join person_identity i using (source_id)
left join told t using (source_id);

create or replace table crm.person as
select
    i.person_id,
    min_by(n.title, (n.object <> 'contact', n.source_id)) filter (n.title is not null) as title,
    min_by(n.account_id, n.source_id) filter (n.account_id is not null) as account_id,
    min_by(n.country, n.source_id) filter (n.country is not null) as country,
    min(n.created_date) as first_seen_date,
    count(*) as record_count
from person_node n
join person_identity i using (source_id)
group by i.person_id;
