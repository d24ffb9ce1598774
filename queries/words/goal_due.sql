/*
title = "When an open deal is due, seen from a goal's period"
definition = "overdue (before the day it is looked at), before the period, due in the period, later than it, or undated."
*/
create or replace macro goal_due(close_date, day, period_start, period_end) as (
    case
        when close_date is null then 'undated'
        when close_date < cast(day as date) then 'overdue'
        when close_date < cast(period_start as date) then 'before'
        when close_date < cast(period_end as date) then 'due'
        else 'later'
    end
);
