/*
title = "Versions of goals"
definition = "Every version of every goal, imported or typed in, with the day from which it was known: the day it was set, or the day its export was made. Days are the company's."
*/
create or replace macro goal_version(typed) as table
select
    q.measure, q.period_start, q.period_end, q.scope, q.scope_value, q.value_base as value,
    coalesce(q.set_date, cast(timezone(k.time_zone, timezone('UTC', q.imported_at)) as date)) as known_date,
    q.set_date, q.imported_at as set_at, q.set_by, 'imported' as origin, q.source_line
from crm.quota q
cross join crm.known k
union all by name
select
    t.measure, t.period_start, t.period_end, t.scope, t.scope_value, cast(t.value as decimal(18, 2)) as value,
    cast(timezone(k.time_zone, timezone('UTC', t.set_at)) as date) as known_date,
    cast(timezone(k.time_zone, timezone('UTC', t.set_at)) as date) as set_date,
    t.set_at, t.set_by, 'typed in' as origin
from query_table(typed) t
cross join crm.known k;
