/*
title = "Goals in force"
definition = "One goal per measure, period and scope: of the versions set by the as-of day the newest, whether it was imported or typed in. A goal that was set later was not known then; where none was set by then, the first one that was set stands in, and is marked. On the newest day that the data knows every version counts, also one that was set since: that day is our present. A version that does not say when it was set counts from the day its export was made. Days are the company's."
*/
create or replace macro goal_now(typed, as_of) as table
with told as (
    select
        e.*,
        coalesce(e.known_date > cast(as_of as date) and cast(as_of as date) < k.newest_date, false) as is_set_later
    from goal_version(typed) e
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
