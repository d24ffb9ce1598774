/*
title = "The same day of past periods"
definition = "Of a period that is not over: the last eight periods of its kind (fiscal quarters for a quarter) that were over by the as-of day, each with the day that lies as many days before its end as the as-of day before the end of the period asked about. None where the period is over or no fiscal one."
*/
create or replace macro goal_past_point(as_of, asked_start, asked_end) as table
select
    f.period_start,
    f.period_end,
    cast(as_of as date) + cast(date_diff('day', cast(asked_end as date), f.period_end) as integer) as point
from crm.fiscal_period own
join crm.fiscal_period f on f.kind = own.kind and f.period_end <= cast(as_of as date) + 1
where own.period_start = cast(asked_start as date)
    and own.period_end = cast(asked_end as date)
    and own.period_end > cast(as_of as date) + 1
qualify row_number() over (order by f.period_start desc) <= 8;
