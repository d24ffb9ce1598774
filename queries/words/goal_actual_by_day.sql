/*
title = "What goals count, day by day"
definition = "What is known by the as-of day, for the company and for every team, segment, region and owner. Won amount and count of deals won by then, by close date (which may lie ahead: a deal is won in the period of its close date). Accepted amount: deals that sales accepted, themselves or through their lead, each once, by the day of the first acceptance. Deals by the day they were created; of these the pipeline that marketing sourced. Leads by the day they were created; marketing-qualified and accepted leads as the funnel counts them, each once, by the day that the stage was reached at the latest. A record without an amount (or in a currency without a rate) is counted and adds nothing."
*/
create or replace macro goal_actual_by_day(as_of) as table
with deals as (
    select * from opportunity_at(as_of)
),
leads as (
    select * from lead_at(as_of)
),
accepted as (
    select coalesce(h.opportunity_id, l.opportunity_id) as opportunity_id, min(h.decided_date) as day
    from crm.handoff h
    left join crm.lead l using (lead_id)
    where h.decision = 'accepted' and h.decided_date <= cast(as_of as date)
    group by coalesce(h.opportunity_id, l.opportunity_id)
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
    select 'accepted_amount', a.day, d.amount_base, d.owner, d.team, d.segment, d.region
    from accepted a join deals d using (opportunity_id)
    union all
    select 'accepted_count', sal_by_date, 1, owner, team, segment, region
    from leads where is_sal
    union all
    select 'mql_count', mql_by_date, 1, owner, team, segment, region
    from leads where is_mql
    union all
    select 'lead_count', created_date, 1, owner, team, segment, region
    from leads
),
known as (
    select * from fact where day is not null
),
scoped as (
    select measure, day, value, 'company' as scope, cast(null as varchar) as scope_value from known
    union all select measure, day, value, 'owner', owner from known where owner is not null
    union all select measure, day, value, 'team', team from known where team is not null
    union all select measure, day, value, 'segment', segment from known where segment is not null
    union all select measure, day, value, 'region', region from known where region is not null
)
select measure, day, scope, scope_value, sum(value) as value, count(*) as record_count, count(value) as valued_count
from scoped
group by measure, day, scope, scope_value;
