/*
title = "Open and due"
definition = "On a day, an open deal is due in a period if its close date lies in it and has not passed. Without a period it is due if its close date has not passed."
*/
create or replace macro is_due_on(day, status, close_date, period_start, period_end) as (
    status = 'open'
    and close_date >= greatest(cast(day as date), coalesce(cast(period_start as date), cast(day as date)))
    and (cast(period_end as date) is null or close_date < cast(period_end as date))
);
