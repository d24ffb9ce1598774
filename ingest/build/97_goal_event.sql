-- What goals count, as it came to be known: what is added to or taken from a measure's day, and from which day on that was
-- so. What is known by the end of any day is the sum of the rows up to it, so a question need not go through all deals
-- and leads. One row per measure, day known, day counted on, kind of scope and its value; blank rows (what was taken and
-- added again on one day) are left out.
create or replace temp table goal_fact as
with accepted as (
    -- By the day of the first acceptance, of the deal itself or of its lead.
    select coalesce(h.opportunity_id, l.opportunity_id) as opportunity_id, min(h.decided_date) as day
    from crm.handoff h
    left join crm.lead l using (lead_id)
    where h.decision = 'accepted'
    group by coalesce(h.opportunity_id, l.opportunity_id)
)
select 'won_amount' as measure, close_date as day, amount_base as value, from_date, until_date, owner, team, segment, region
from crm.deal_as_of
where status = 'won'
union all
select 'won_count', close_date, 1, from_date, until_date, owner, team, segment, region
from crm.deal_as_of
where status = 'won'
union all
select 'opportunity_count', created_date, 1, from_date, until_date, owner, team, segment, region
from crm.deal_as_of
union all
select 'sourced_pipeline', created_date, amount_base, from_date, until_date, owner, team, segment, region
from crm.deal_as_of
where is_sourced
union all
select 'accepted_amount', a.day, d.amount_base, greatest(d.from_date, a.day), d.until_date, d.owner, d.team, d.segment, d.region
from crm.deal_as_of d
join accepted a using (opportunity_id)
union all
select
    'accepted_count', sal_by_date, 1, greatest(from_date, sal_from), least(until_date, unaccepted_date),
    owner, team, segment, region
from crm.lead_as_of
where sal_from is not null
union all
select 'mql_count', mql_by_date, 1, greatest(from_date, mql_from), until_date, owner, team, segment, region
from crm.lead_as_of
where mql_from is not null
union all
select 'lead_count', created_date, 1, from_date, until_date, owner, team, segment, region
from crm.lead_as_of;

create or replace temp table goal_step as
with steps as (
    select measure, from_date as known_date, day, owner, team, segment, region, value, 1 as records
    from goal_fact
    where day is not null and from_date < until_date
    union all
    select measure, until_date, day, owner, team, segment, region, -value, -1
    from goal_fact
    where day is not null and from_date < until_date and until_date < date '9999-12-31'
)
select
    measure, known_date, day, owner, team, segment, region,
    coalesce(sum(value), 0) as value,
    sum(records) as records,
    sum(case when value is not null then records else 0 end) as valued
from steps
group by measure, known_date, day, owner, team, segment, region
having sum(records) <> 0 or sum(value) <> 0 or sum(case when value is not null then records else 0 end) <> 0;

create or replace table crm.goal_event as
with scoped as (
    select measure, known_date, day, 'company' as scope, cast(null as varchar) as scope_value, value, records, valued
    from goal_step
    union all
    select measure, known_date, day, 'owner', owner, value, records, valued from goal_step where owner is not null
    union all
    select measure, known_date, day, 'team', team, value, records, valued from goal_step where team is not null
    union all
    select measure, known_date, day, 'segment', segment, value, records, valued from goal_step where segment is not null
    union all
    select measure, known_date, day, 'region', region, value, records, valued from goal_step where region is not null
)
select
    measure, scope, scope_value, known_date, day,
    cast(sum(value) as decimal(18, 2)) as value,
    cast(sum(records) as bigint) as records,
    cast(sum(valued) as bigint) as valued
from scoped
group by measure, scope, scope_value, known_date, day
having sum(records) <> 0 or sum(value) <> 0 or sum(valued) <> 0
order by measure, scope, scope_value, day, known_date;
