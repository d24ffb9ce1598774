/*
title = "The goal on each of several days"
definition = "What was the goal at the end of each day of a table that has a column `day`: of the versions known by then the newest (on the newest day that the data knows, of all); where none was known yet, the first, marked."
*/
create or replace macro goal_on_each(typed, days) as table
with told as (
    select
        d.day,
        v.*,
        coalesce(v.known_date > d.day and d.day < k.newest_date, false) as is_set_later
    from query_table(days) d
    cross join goal_version(typed) v
    cross join crm.known k
)
select day, measure, period_start, period_end, scope, scope_value, value, is_set_later
from told
qualify row_number() over (
    partition by day, measure, period_start, period_end, scope, scope_value
    order by
        is_set_later,
        case when is_set_later then known_date end,
        known_date desc, set_at desc, source_line desc
) = 1;
