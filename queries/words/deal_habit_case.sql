/*
title = "Deals that show a habit, or could have"
definition = "Each deal and habit as of a day, in a period, with whether the deal shows it. Same day: won deals, created on the day they were won or after it. Cut at close: won deals whose amount was cut in their last days by so much of it. Stage skipped: won deals that did not pass a stage which deals of their type usually pass. These are of the deals won in the period. Pushed at the end: deals moved in the period out of the quarter in which they were due, in its last days or just after. Mass edit: deals changed in the period, together with so many others in one hour. The numbers are in the settings, [habits]. Only what is recorded counts: deals of which nobody can tell are not in it."
*/
create or replace macro deal_habit_case(as_of, period_start, period_end, dimension) as table
with case_of as (
    select
        d.*,
        c.habit,
        c.case_date,
        c.is_found,
        c.detail,
        c.lost_base
    from crm.deal_habit c
    join opportunity_by(as_of, dimension) d on d.opportunity_id = c.opportunity_id
    where c.from_date <= cast(as_of as date)
        -- What was done in another period is left out before anything is joined: there is much more of it.
        and (c.habit in ('same_day', 'cut_at_close', 'stage_skipped') or is_within(c.case_date, period_start, period_end))
        and is_habit_case_in(c.habit, c.case_date, d.status, d.close_date, period_start, period_end)
)
-- A deal that was pushed twice is one deal; what it shows is said of the first time that it shows it.
select *
from case_of
qualify row_number() over (partition by habit, opportunity_id order by is_found desc, case_date) = 1;
