/*
title = "Goals in force"
definition = "One goal per measure, period and scope: of the versions set by the as-of day the newest, whether it was imported or typed in. A goal that was set later was not known then; where none was set by then, the first one that was set stands in, and is marked. On the newest day that the data knows every version counts, also one that was set since: that day is our present. A version that does not say when it was set counts from the day its export was made. Days are the company's."
*/
create or replace macro goal_now(typed, as_of) as table
with every as (
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
    cross join crm.known k
),
told as (
    select
        e.*,
        coalesce(e.known_date > cast(as_of as date) and cast(as_of as date) < k.newest_date, false) as is_set_later
    from every e
    cross join crm.known k
),
ranked as (
    select
        *,
        count(*) over (partition by measure, period_start, period_end, scope, scope_value, is_set_later) as same_side,
        row_number() over (
            partition by measure, period_start, period_end, scope, scope_value
            order by
                is_set_later,
                case when is_set_later then known_date end,
                known_date desc, set_at desc, source_line desc
        ) as place
    from told
)
select
    * exclude (place, same_side),
    case when is_set_later then 1 else same_side end as version_count
from ranked
where place = 1;
