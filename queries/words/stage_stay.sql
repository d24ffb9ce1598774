/*
title = "Days at each stage"
definition = "How many days each deal had been at each stage while it was open, by the end of a day; of a stage to which it came back, all of them together. Marked where part of it is only assumed, not recorded: how long it was there is not known then."
*/
create or replace macro stage_stay(as_of) as table
select
    s.opportunity_id,
    s.stage,
    cast(
        sum(date_diff(
            'day', s.valid_from_date, least(coalesce(s.valid_to_date, cast(as_of as date)), cast(as_of as date))
        )) as bigint
    ) as days,
    bool_or(s.stage_from = 'assumed') as is_assumed
from crm.opportunity_state s
where s.status = 'open' and s.stage is not null and s.valid_from_date <= cast(as_of as date)
group by s.opportunity_id, s.stage;
