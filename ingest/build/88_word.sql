-- What every stage and lead status of the exports means here, and who says so; those that nobody knows with a blank
-- meaning. One row per kind, CRM and word.
create or replace table crm.word_meaning as
with stage_seen as (
    -- Each deal once a stage: whether it stands there now, and whether something else says what it is.
    select
        o.crm,
        lower(s.stage) as folded,
        max(s.stage) as word,
        o.opportunity_id as record_id,
        bool_or(s.valid_to is null) as is_now,
        coalesce(bool_or(s.status is null) filter (s.valid_to is null), false) as is_unmapped_now,
        bool_or(s.status is null) as is_unmapped
    from crm.opportunity_state s
    join crm.opportunity o using (opportunity_id)
    where s.stage is not null and s.status is distinct from 'deleted'
    group by o.crm, lower(s.stage), o.opportunity_id
),
status_seen as (
    select
        n.crm,
        lower(n.status) as folded,
        max(n.status) as word,
        n.lead_id as record_id,
        bool_or(n.is_now) as is_now
    from (
        select crm, status, lead_id, true as is_now from crm.lead where status is not null
        union all
        select crm, status, lead_id, false from latest_lead_status
        where status is not null and not coalesce(is_deleted, false)
    ) n
    group by n.crm, lower(n.status), n.lead_id
),
stages as (
    select
        'stage' as kind,
        crm,
        folded,
        max_by(word, (is_now, word)) as word,
        count(*) filter (is_now) as records,
        count(*) filter (not is_now) as past_records,
        count(*) filter (is_unmapped_now) as unmapped_records,
        count(*) filter (is_unmapped) as unmapped_ever
    from stage_seen
    group by crm, folded
),
statuses as (
    select
        'lead_status' as kind,
        n.crm,
        n.folded,
        max_by(n.word, (n.is_now, n.word)) as word,
        count(*) filter (n.is_now) as records,
        count(*) filter (not n.is_now) as past_records,
        count(*) filter (n.is_now and m.meaning is null) as unmapped_records,
        count(*) filter (m.meaning is null) as unmapped_ever
    from status_seen n
    left join lead_meaning m on m.crm = n.crm and m.status = n.folded
    group by n.crm, n.folded
),
every as (
    select s.*, m.status as meaning, m.origin
    from stages s
    left join stage_meaning m on m.crm = s.crm and m.stage = s.folded
    union all by name
    select s.*, m.meaning, m.origin
    from statuses s
    left join lead_meaning m on m.crm = s.crm and m.status = s.folded
),
titled as (select crm, min(crm_title) as crm_title from batch group by crm)
select
    e.kind, e.crm, t.crm_title, e.word, e.meaning,
    coalesce(e.origin, case when e.unmapped_ever = 0 then 'each deal''s own status' end) as origin,
    e.records, e.past_records, e.unmapped_records, e.unmapped_ever
from every e
join titled t using (crm);

-- Leads whose status nobody knows. One row per lead.
create or replace table crm.lead_unmapped as
select l.lead_id
from crm.lead l
left join lead_meaning m on m.crm = l.crm and m.status = lower(l.status)
where l.status is not null and m.status is null;
