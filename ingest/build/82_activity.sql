-- Calls, e-mails, meetings and tasks. One row per activity; `activity_date` is the day it took place (or is due).
create or replace table crm.activity as
select
    a.activity_id,
    a.crm,
    coalesce(nullif(a.kind, ''), 'task') as kind,
    nullif(a.direction, '') as direction,
    coalesce(a.is_automated, false) or coalesce(by_rep.role = 'system', false) as is_automated,
    case
        when a.is_closed is not null then a.is_closed
        when lower(a.status) in ('completed', 'done', 'held') then true
        when a.started_date is not null then a.started_date <= c.as_of_date
        else a.completed_date is not null
    end as is_completed,
    coalesce(a.completed_at, a.started_at, a.created_at) as activity_at,
    coalesce(a.completed_date, a.started_date, a.due_date, a.created_date) as activity_date,
    p.person_id,
    w.source_id as who_id,
    o.opportunity_id,
    coalesce(a.account_id, ac.account_id, o.account_id) as account_id,
    orep.rep_id as owner_id,
    rep.name as owner,
    rep.team,
    rep.role as owner_role,
    a.batch_id,
    a.line as source_line
from latest_activity a
cross join company c
left join crm.person_source w on w.source_id = a.who_id
left join crm.person p on p.person_id = w.person_id
left join crm.opportunity o on o.opportunity_id = a.what_id
left join crm.account ac on ac.account_id = a.what_id
left join owner_rep orep on orep.owner_id = a.owner_id
left join crm.rep rep on rep.rep_id = orep.rep_id
left join owner_rep borep on borep.owner_id = a.created_by_id
left join crm.rep by_rep on by_rep.rep_id = borep.rep_id
where not coalesce(a.is_deleted, false);
