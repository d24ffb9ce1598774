/*
title = "What goals count, day by day"
definition = "Won amount and count by close date, accepted amount and count by the day of sales' decision, deals by the day they were created, pipeline sourced by marketing by the day it was created, marketing-qualified leads by the day they were passed to sales, leads by the day they were created: for the company and for every team, segment, region and owner."
*/
create or replace macro goal_actual_by_day(as_of) as table
with deals as (
    select * from opportunity_at(as_of)
),
fact as (
    select 'won_amount' as measure, close_date as day, amount_base as value, owner, team, segment, region
    from deals where status = 'won'
    union all
    select 'won_count', close_date, 1, owner, team, segment, region
    from deals where status = 'won'
    union all
    select 'opportunity_count', created_date, 1, owner, team, segment, region
    from deals
    union all
    select 'sourced_pipeline', created_date, amount_base, owner, team, segment, region
    from deals where is_sourced
    union all
    select 'accepted_amount', h.decided_date, d.amount_base, d.owner, d.team, d.segment, d.region
    from crm.handoff h join deals d using (opportunity_id)
    where h.decision = 'accepted'
    union all
    select 'accepted_count', h.decided_date, 1, l.owner, l.team, l.segment, l.region
    from crm.handoff h join crm.lead l using (lead_id)
    where h.decision = 'accepted'
    union all
    select 'mql_count', h.passed_date, 1, l.owner, l.team, l.segment, l.region
    from crm.handoff h join crm.lead l using (lead_id)
    union all
    select 'lead_count', created_date, 1, owner, team, segment, region
    from crm.lead
),
known as (
    select * from fact where day is not null and day <= cast(as_of as date)
),
scoped as (
    select measure, day, value, 'company' as scope, cast(null as varchar) as scope_value from known
    union all select measure, day, value, 'owner', owner from known where owner is not null
    union all select measure, day, value, 'team', team from known where team is not null
    union all select measure, day, value, 'segment', segment from known where segment is not null
    union all select measure, day, value, 'region', region from known where region is not null
)
select measure, day, scope, scope_value, sum(value) as value
from scoped
group by measure, day, scope, scope_value;
