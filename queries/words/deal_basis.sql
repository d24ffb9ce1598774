/*
title = "Deals that a win rate counts, on each basis"
definition = "By count and by value: the deals decided in the period, won or lost. Created cohort: the deals created in the period, won or not so far. Within days: of these the deals that are at least so many days old, won if they were won within so many days of their creation. Deals whose stage says neither open, won nor lost are in none; deals whose day of creation is only inferred in no cohort."
*/
create or replace macro deal_basis(as_of, period_start, period_end, win_days, dimension) as table
with asked as (
    select coalesce(cast(win_days as integer), win_rate_days) as days from crm.lead_setting
),
deals as (
    select
        *,
        status in ('won', 'lost') and is_within(close_date, period_start, period_end) as is_closed_in,
        is_within(created_date, period_start, period_end) and not is_created_inferred
            and created_date <= cast(as_of as date) as is_created_in
    from opportunity_by(as_of, dimension)
    where status is not null
),
bases as (
    select unnest(['count', 'value', 'cohort', 'within']) as basis, unnest([1, 2, 3, 4]) as place
)
select
    d.*,
    b.basis,
    b.place,
    case b.basis
        when 'within' then coalesce(d.status = 'won' and date_diff('day', d.created_date, d.close_date) <= a.days, false)
        else d.status = 'won'
    end as is_won
from deals d
cross join asked a
join bases b
    on case b.basis
        when 'count' then d.is_closed_in
        when 'value' then d.is_closed_in
        when 'cohort' then d.is_created_in
        else d.is_created_in and date_diff('day', d.created_date, cast(as_of as date)) >= a.days
    end;
