-- What each lead status means: what was decided on a page, settings.toml, the CRM's definition.
create or replace temp table lead_meaning as
select c.crm, s.word as status, min_by(s.meaning, s.trust) as meaning, min_by(s.origin, s.trust) as origin
from setting_lead_status s
cross join (select distinct crm from batch) c
where s.crm is null or s.crm = c.crm
group by c.crm, s.word;

-- Entries into the funnel: records of the sales CRM's leads; people whom only another CRM knows as leads. Several
-- records of one human across CRMs are one entry (the CRM with the lower precedence number keeps it).
create or replace temp table lead_entry as
with candidate as (
    select
        l.*,
        p.person_id,
        d.lead_precedence,
        min(d.lead_precedence) over (partition by p.person_id) as best_precedence
    from latest_lead l
    join crm.person_source p on p.source_id = l.lead_id
    join definition d on d.crm = l.crm
    where not coalesce(l.is_deleted, false)
        and coalesce(l.is_lead, true)
)
select * from candidate;

create or replace temp table rep_contact_lead as
-- Contacts that a rep typed in are leads only if the settings say so, and only if no lead stands for the person.
select c.*, p.person_id
from latest_contact c
join crm.person_source p on p.source_id = c.contact_id
where not coalesce(c.is_deleted, false)
    and (select count_rep_contacts from company)
    and p.person_id not in (select person_id from lead_entry);

-- Passes from marketing to sales: one for every time a lead becomes marketing-qualified.
create or replace temp table lead_event as
select
    s.lead_id,
    s.changed_at as event_at,
    m.meaning,
    s.changed_is_day as is_day,
    s.batch_id,
    s.line as source_line
from latest_lead_status s
join lead_meaning m on m.crm = s.crm and m.status = lower(s.status)
where not coalesce(s.is_deleted, false);

create or replace temp table lead_event_date as
-- Columns on the lead itself, for CRMs without a status history.
with dated as (
    select lead_id, mql_at as event_at, 'mql' as meaning, mql_is_day as is_day, batch_id, line from latest_lead
    union all select lead_id, sal_at, 'sal', sal_is_day, batch_id, line from latest_lead
    union all select lead_id, sql_at, 'sql', sql_is_day, batch_id, line from latest_lead
    union all select lead_id, rejected_at, 'rejected', rejected_is_day, batch_id, line from latest_lead
    union all select lead_id, recycled_at, 'recycled', recycled_is_day, batch_id, line from latest_lead
)
select lead_id, event_at, meaning, is_day, batch_id, line as source_line
from dated
where event_at is not null
    and lead_id not in (select lead_id from lead_event);

-- Where a row stands, as one number: what is taken of the first of a group has to be a number, for the database cannot put
-- groups that hold texts aside when they outgrow its memory.
create or replace temp table batch_number as
select batch_id, row_number() over (order by batch_id) as number from batch;

create or replace table crm.handoff as
with events as (
    select e.*, n.number * 1_000_000_000_000 + e.source_line as place
    from (select * from lead_event union all select * from lead_event_date) e
    join batch_number n using (batch_id)
),
numbered as (
    select
        *,
        greatest(1, count(*) filter (meaning = 'mql') over (
            partition by lead_id order by event_at,
                case meaning when 'lead' then 0 when 'recycled' then 1 when 'mql' then 2 when 'sal' then 3
                    when 'rejected' then 4 when 'sql' then 5 else 6 end
            rows between unbounded preceding and current row
        )) as nth
    from events
),
passes as (
    select
        lead_id,
        nth,
        min(event_at) filter (meaning = 'mql') as passed_at,
        min(event_at) filter (meaning = 'sal') as accepted_at,
        min(event_at) filter (meaning = 'rejected') as rejected_at,
        min(event_at) filter (meaning = 'sql') as sql_at,
        min(event_at) filter (meaning = 'recycled') as recycled_at,
        bool_or(is_day) as is_day_only,
        min_by(place, event_at) as place
    from numbered
    group by lead_id, nth
    having bool_or(meaning in ('mql', 'sal', 'rejected', 'sql', 'recycled'))
),
from_leads as (
    select
        p.lead_id || '#' || p.nth as handoff_id,
        p.lead_id,
        cast(null as varchar) as opportunity_id,
        p.passed_at,
        -- A conversation that qualified the lead says that sales had accepted it.
        least(coalesce(p.accepted_at, p.rejected_at, p.sql_at), coalesce(p.rejected_at, p.accepted_at, p.sql_at))
            as decided_at,
        case
            when p.accepted_at is null and p.rejected_at is null and p.sql_at is null then null
            when p.rejected_at is null or coalesce(p.accepted_at, p.sql_at) <= p.rejected_at then 'accepted'
            else 'rejected'
        end as decision,
        case when p.rejected_at is not null then nullif(l.reject_reason, '') end as reason,
        p.sql_at,
        p.recycled_at,
        p.is_day_only,
        n.batch_id,
        p.place % 1_000_000_000_000 as source_line
    from passes p
    join batch_number n on n.number = p.place // 1_000_000_000_000
    join lead_entry l using (lead_id)
    -- The record of the same human in another CRM is no second pass.
    where l.lead_precedence = l.best_precedence
),
explicit as (
    select
        h.handoff_id,
        coalesce(h.lead_id, o.lead_id) as lead_id,
        h.opportunity_id,
        h.passed_at,
        h.decided_at,
        case when h.is_accepted then 'accepted' when not h.is_accepted then 'rejected' end as decision,
        h.reason,
        h.sql_at,
        h.recycled_at,
        coalesce(h.passed_is_day, true) as is_day_only,
        h.batch_id,
        h.line as source_line
    from latest_handoff h
    left join crm.opportunity o on o.opportunity_id = h.opportunity_id
),
every as (
    select * from from_leads
    union all by name
    select * from explicit
)
select
    e.*,
    cast(timezone(c.time_zone, timezone('UTC', e.passed_at)) as date) as passed_date,
    cast(timezone(c.time_zone, timezone('UTC', e.decided_at)) as date) as decided_date,
    cast(timezone(c.time_zone, timezone('UTC', e.sql_at)) as date) as sql_date,
    cast(timezone(c.time_zone, timezone('UTC', e.recycled_at)) as date) as recycled_date
from every e
cross join company c;

-- What a lead is made of, a table each: one statement for all of it would hold all of it in memory at once.
create or replace temp table entry as
select
    lead_id, crm, person_id, created_at, created_date, coalesce(created_is_day, true) as is_created_day_only,
    source, campaign_id, owner_id, status, title, employees, country, state, segment, region,
    converted_date, converted_opportunity_id, is_converted, batch_id, line as source_line, lead_precedence
from lead_entry
where lead_precedence = best_precedence
union all by name
select
    contact_id as lead_id, crm, person_id, created_at, created_date,
    coalesce(created_is_day, true) as is_created_day_only, source, owner_id, title, country,
    batch_id, line as source_line, 0 as lead_precedence
from rep_contact_lead;

create or replace temp table deal_of as
-- Sorted rather than grouped, as above: what is sorted can be put aside.
select lead_id, opportunity_id
from (
    select e.lead_id, o.opportunity_id, o.created_at
    from entry e join crm.opportunity o on o.opportunity_id = e.converted_opportunity_id
    union all
    select l.lead_id, o.opportunity_id, o.created_at
    from latest_opportunity l join crm.opportunity o on o.opportunity_id = l.opportunity_id
    where l.lead_id is not null
)
qualify row_number() over (partition by lead_id order by created_at, opportunity_id) = 1;

create or replace temp table passed as
select
    lead_id,
    min(passed_date) as mql_date,
    min(decided_date) filter (decision = 'accepted') as sal_date,
    min(sql_date) as sql_date,
    max_by(decision = 'rejected', coalesce(decided_at, passed_at)) as is_last_rejected,
    max(coalesce(decided_date, passed_date)) filter (decision = 'rejected') as rejected_date
from crm.handoff
where lead_id is not null
group by lead_id;

create or replace temp table other_mql as
with first_entry as (
    select person_id, lead_id
    from entry
    qualify row_number() over (partition by person_id order by created_at, lead_id) = 1
),
person_passed as (
    select distinct e.person_id from passed p join entry e using (lead_id) where p.mql_date is not null
)
-- What another CRM's record of the same human adds: when marketing called it ready. It belongs to the lead that
-- the record names; one that names none, to the person's first entry, unless a lead of the person has its own.
select e.lead_id, min(o.mql_date) as mql_date
from lead_entry o
left join entry named on named.lead_id = o.other_lead_id
left join first_entry f on f.person_id = o.person_id
left join person_passed p on p.person_id = o.person_id
join entry e on e.lead_id = coalesce(named.lead_id, case when p.person_id is null then f.lead_id end)
where o.lead_precedence > o.best_precedence and o.mql_date >= e.created_date
group by e.lead_id;

-- Leads. A later stage implies the earlier ones: the date on which a stage was reached *at the latest* stands in
-- `*_by_date`; the recorded moment itself, the only one that durations are taken from, in `*_date`.
create or replace table crm.lead as
with reached as (
    select
        e.*,
        d.opportunity_id,
        -- The pass in this CRM, else the word of the marketing CRM.
        coalesce(p.mql_date, m.mql_date) as mql_date,
        p.sal_date,
        p.sql_date,
        case when p.is_last_rejected and p.sal_date is null then p.rejected_date end as unaccepted_date,
        case when d.opportunity_id is not null
            then coalesce(e.converted_date, greatest(o.created_date, e.created_date)) end as opportunity_date,
        o.is_created_inferred
    from entry e
    left join deal_of d using (lead_id)
    left join crm.opportunity o on o.opportunity_id = d.opportunity_id
    left join passed p using (lead_id)
    left join other_mql m on m.lead_id = e.lead_id
)
select
    r.lead_id,
    r.crm,
    substr(r.lead_id, strpos(r.lead_id, ':') + 1) as record_id,
    r.person_id,
    r.created_at,
    r.created_date,
    -- A lead without a creation date was there when an export first saw it: it belongs to no cohort, but counts.
    coalesce(r.created_date, b.snapshot_date) as known_date,
    r.is_created_day_only,
    sp.source,
    coalesce(ch.channel, sp.source) as channel,
    r.source as source_raw,
    ck.campaign_id,
    cp.name as campaign,
    orep.rep_id as owner_id,
    rep.name as owner,
    rep.team,
    coalesce(r.segment, sg.name) as segment,
    coalesce(r.region, by_state.region, by_country.region, r.country, rep.region) as region,
    r.title,
    r.status,
    r.opportunity_id,
    r.mql_date,
    r.sal_date,
    r.sql_date,
    r.opportunity_date,
    least(
        coalesce(r.mql_date, r.sal_date, r.sql_date, r.opportunity_date),
        coalesce(r.sal_date, r.sql_date, r.opportunity_date, r.mql_date),
        coalesce(r.sql_date, r.opportunity_date, r.sal_date, r.mql_date),
        coalesce(r.opportunity_date, r.sql_date, r.sal_date, r.mql_date)
    ) as mql_by_date,
    least(
        coalesce(r.sal_date, r.sql_date, r.opportunity_date),
        coalesce(r.sql_date, r.opportunity_date, r.sal_date),
        coalesce(r.opportunity_date, r.sql_date, r.sal_date)
    ) as sal_by_date,
    -- What sales rejected it did not accept, from that day on, whatever was entered later; its last word counts.
    r.unaccepted_date,
    least(coalesce(r.sql_date, r.opportunity_date), coalesce(r.opportunity_date, r.sql_date)) as sql_by_date,
    coalesce(x.custom, no_custom()) as custom,
    r.batch_id,
    r.source_line
from reached r
join batch b using (batch_id)
left join lead_custom x on x.lead_id = r.lead_id
left join source_spelling sp on sp.folded = lower(r.source)
left join setting_channel ch on ch.source = lower(sp.source)
left join campaign_key ck on ck.named_id = r.campaign_id
left join crm.campaign cp on cp.campaign_id = ck.campaign_id
left join owner_rep orep on orep.owner_id = r.owner_id
left join crm.rep rep on rep.rep_id = orep.rep_id
left join setting_segment sg on r.employees >= sg.at_least and r.employees < sg.below
left join setting_region by_state on by_state.place = lower(r.country || '/' || r.state)
left join setting_region by_country on by_country.place = lower(r.country);
