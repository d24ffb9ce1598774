/*
title = "A deal's habit within a period"
definition = "What won deals show (created and won on one day, cut at close, stages skipped) belongs to the period in which they were won, while they are won; what was done to a deal (pushed, edited) to the period in which it was done."
*/
create or replace macro is_habit_case_in(habit, case_date, status, close_date, period_start, period_end) as (
    case
        when habit in ('same_day', 'cut_at_close', 'stage_skipped')
            then status = 'won' and is_within(close_date, period_start, period_end)
        else is_within(case_date, period_start, period_end)
    end
);
