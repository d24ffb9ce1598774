-- The first time that sales itself reached out to a lead: a completed call, e-mail or meeting, by a person and not by
-- marketing, inbound calls left out, from the day the lead was passed on (or, where no pass is recorded, created). One
-- row per lead that was reached.
create or replace table crm.lead_follow_up as
with waiting as (
    select lead_id, person_id, coalesce(greatest(mql_date, created_date), mql_date, created_date) as ready_date
    from crm.lead
    where person_id is not null
),
reached as (
    select
        w.lead_id,
        w.ready_date,
        min_by(
            struct_pack(
                activity_id := a.activity_id,
                kind := a.kind,
                activity_date := a.activity_date
            ),
            (a.activity_date, a.activity_at, a.activity_id)
        ) as first
    from waiting w
    join crm.activity a on a.person_id = w.person_id and a.activity_date >= w.ready_date
    where a.kind in ('call', 'email', 'meeting')
        and a.is_completed
        and not a.is_automated
        and coalesce(a.direction, 'outbound') = 'outbound'
        and coalesce(a.owner_role, 'sales') <> 'marketing'
    group by w.lead_id, w.ready_date
)
select
    lead_id,
    ready_date,
    first.activity_id as activity_id,
    first.kind as kind,
    first.activity_date as activity_date,
    date_diff('day', ready_date, first.activity_date) as delay_days
from reached;

-- What was done about a deal before it was decided: campaign touches of its people, those they answered, and completed
-- activities by people, each in the half year up to the close date, so that long deals and old contacts do not seem
-- better cared for. One row per deal and close date on which it was won or lost.
create or replace table crm.deal_care as
with decided as (
    select distinct opportunity_id, close_date
    from crm.opportunity_state
    where status in ('won', 'lost') and close_date is not null
),
touched as (
    select
        d.opportunity_id,
        d.close_date,
        count(*) as touches,
        count(*) filter (t.is_responded and t.responded_date <= d.close_date) as responses
    from decided d
    join crm.deal_person p on p.opportunity_id = d.opportunity_id
    join crm.touch t on t.person_id = p.person_id
    where t.created_date > d.close_date - 182 and t.created_date <= d.close_date
    group by d.opportunity_id, d.close_date
),
acted as (
    select d.opportunity_id, d.close_date, count(distinct a.activity_id) as activities
    from decided d
    join (
        select opportunity_id, activity_id, activity_date from crm.activity
        where is_completed and not is_automated and opportunity_id is not null
        union
        select p.opportunity_id, a.activity_id, a.activity_date
        from crm.activity a
        join crm.deal_person p on p.person_id = a.person_id
        where a.is_completed and not a.is_automated
    ) a on a.opportunity_id = d.opportunity_id
    where a.activity_date > d.close_date - 182 and a.activity_date <= d.close_date
    group by d.opportunity_id, d.close_date
)
select
    d.opportunity_id,
    d.close_date,
    coalesce(t.touches, 0) as touches,
    coalesce(t.responses, 0) as responses,
    coalesce(a.activities, 0) as activities
from decided d
left join touched t on t.opportunity_id = d.opportunity_id and t.close_date = d.close_date
left join acted a on a.opportunity_id = d.opportunity_id and a.close_date = d.close_date;
