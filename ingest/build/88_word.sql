-- What every stage and lead status of the exports means here, and who says so; those that nobody knows with a blank
-- meaning. One row per kind, CRM and word.
create or replace table crm.word_meaning as
with stage_now as (
    select o.crm, lower(s.stage) as folded, s.stage as word, o.opportunity_id as record_id, true as is_now, s.status
    from crm.opportunity_state s
    join crm.opportunity o using (opportunity_id)
    where s.valid_to is null and s.stage is not null and s.status is distinct from 'deleted'
),
stage_past as (
    select o.crm, lower(s.stage) as folded, s.stage as word, o.opportunity_id as record_id, false as is_now, s.status
    from crm.opportunity_state s
    join crm.opportunity o using (opportunity_id)
    where s.valid_to is not null and s.stage is not null and s.status is distinct from 'deleted'
),
stages as (
    select
        'stage' as kind,
        crm,
        folded,
        max_by(word, (is_now, word)) as word,
        count(distinct record_id) filter (is_now) as records,
        count(distinct record_id) filter (not is_now) as past_records,
        -- Deals of a stage that nobody knows may still say themselves what became of them.
        count(distinct record_id) filter (is_now and status is null) as unmapped_records,
        count(distinct record_id) filter (status is null) as unmapped_ever
    from (select * from stage_now union all select * from stage_past)
    group by crm, folded
),
status_now as (
    select l.crm, lower(l.status) as folded, l.status as word, l.lead_id as record_id, true as is_now
    from crm.lead l
    where l.status is not null
    union all
    select s.crm, lower(s.status), s.status, s.lead_id, false
    from latest_lead_status s
    where s.status is not null and not coalesce(s.is_deleted, false)
),
statuses as (
    select
        'lead_status' as kind,
        n.crm,
        n.folded,
        max_by(n.word, (n.is_now, n.word)) as word,
        count(distinct n.record_id) filter (n.is_now) as records,
        count(distinct n.record_id) filter (not n.is_now) as past_records,
        count(distinct n.record_id) filter (n.is_now and m.meaning is null) as unmapped_records,
        count(distinct n.record_id) filter (m.meaning is null) as unmapped_ever
    from status_now n
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
select e.kind, e.crm, t.crm_title, e.word, e.meaning, e.origin, e.records, e.past_records, e.unmapped_records, e.unmapped_ever
from every e
join titled t using (crm);

-- Leads whose status nobody knows. One row per lead.
create or replace table crm.lead_unmapped as
select l.lead_id
from crm.lead l
left join lead_meaning m on m.crm = l.crm and m.status = lower(l.status)
where l.status is not null and m.status is null;
