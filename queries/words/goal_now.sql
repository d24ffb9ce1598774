/*
title = "Goals in force"
definition = "One goal per measure, period and scope: of several versions the newest, whether it was imported or typed in."
*/
create or replace macro goal_now(typed) as table
with every as (
    select
        measure, period_start, period_end, scope, scope_value, value_base as value,
        set_date, imported_at as set_at, set_by, 'imported' as origin, batch_id, source_line
    from crm.quota
    union all by name
    select
        measure, period_start, period_end, scope, scope_value, cast(value as decimal(18, 2)) as value,
        cast(set_at as date) as set_date, set_at, set_by, 'typed in' as origin
    from query_table(typed)
),
ranked as (
    select
        *,
        count(*) over (partition by measure, period_start, period_end, scope, scope_value) as version_count,
        row_number() over (
            partition by measure, period_start, period_end, scope, scope_value
            order by coalesce(set_date, cast(set_at as date)) desc, set_at desc, source_line desc
        ) as newest_first
    from every
)
select * exclude (newest_first)
from ranked
where newest_first = 1;
