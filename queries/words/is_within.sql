/*
title = "Within a period"
definition = "On or after the period's first day and before the day after its last. A missing edge is open; a missing date is within no period, unless both edges are missing."
*/
create or replace macro is_within(day, period_start, period_end) as (
    (cast(period_start as date) is null and cast(period_end as date) is null)
    or (
        (cast(period_start as date) is null or day >= cast(period_start as date))
        and (cast(period_end as date) is null or day < cast(period_end as date))
    )
);
