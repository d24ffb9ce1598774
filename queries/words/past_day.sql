/*
title = "Past periods at the same days to go"
definition = "Every period of a kind (quarter, unless told otherwise) that was over by a day, and in each the day that lay as many days before its end as the asked one does before the end of the period that it is in. A period that ended before the first win on record is marked: its zero is the records' beginning and no yield."
*/
create or replace macro past_day(as_of, kind) as table
with present as (
    select period_end - cast(as_of as date) as days_to_go
    from crm.fiscal_period p
    where p.kind = coalesce(cast(kind as varchar), 'quarter')
        and cast(as_of as date) >= period_start
        and cast(as_of as date) < period_end
),
first_won as (
    select min(close_date) as first_won_date
    from crm.opportunity_state
    where status = 'won' and valid_from_date <= cast(as_of as date)
)
select
    p.period,
    p.period_start,
    p.period_end,
    p.period_end - cast(n.days_to_go as integer) as day,
    cast(n.days_to_go as bigint) as days_to_go,
    p.period_end > w.first_won_date as is_recorded
from crm.fiscal_period p
cross join present n
cross join first_won w
where p.kind = coalesce(cast(kind as varchar), 'quarter') and p.period_end <= cast(as_of as date) + 1;
