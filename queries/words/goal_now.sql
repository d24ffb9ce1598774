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
chosen as (
    -- The greatest counts: those set by then before those set later, of these the first; then the newest, however told.
    select
        max_by(t, row(
            not t.is_set_later,
            case when t.is_set_later then date_diff('day', t.known_date, date '9999-12-31') end,
            coalesce(t.known_date, date '0001-01-01'),
            coalesce(t.set_at, timestamp '0001-01-01'),
            coalesce(t.source_line, -1)
        )) as best,
        count(*) filter (not t.is_set_later) as versions
    from told t
    group by t.measure, t.period_start, t.period_end, t.scope, t.scope_value
)
select
    best.measure, best.period_start, best.period_end, best.scope, best.scope_value, best.value, best.known_date,
    best.set_date, best.set_at, best.set_by, best.origin, best.source_line, best.is_set_later,
    case when best.is_set_later then 1 else versions end as version_count
from chosen;
