/*
title = "Days at each stage"
definition = "How many days each deal had been at each stage while it was open, by the end of a day; of a stage to which it came back, all of them together. Marked where part of it is only assumed, not recorded: how long it was there is not known then."
*/
create or replace macro stage_stay(as_of) as table
select
    opportunity_id,
    stage,
    days_before + date_diff(
        'day', from_date, least(coalesce(left_date, cast(as_of as date)), cast(as_of as date))
    ) as days,
    is_assumed
from crm.stage_stay
where from_date <= cast(as_of as date) and until_date > cast(as_of as date);
