/*
title = "Open deals and what makes them suspect"
definition = "Open deals at the end of a day. Overdue: the close date has passed. Pushed: the close date was moved to a later one as often as the settings say, or oftener, as far as this is recorded. Silent: no completed activity of a person (on the deal, or with one of its people since it was created) for as many days as the settings say, and the deal is as old; not known where the exports hold no activity. Suspect: any of the three. Their numbers of days are in the settings, [coverage]."
*/
create or replace macro deal_hygiene(as_of) as table
with known_deals as (
    select
        d.* exclude (pushes, from_date, until_date),
        d.close_date < cast(as_of as date) as is_overdue,
        d.pushes,
        a.from_date as last_activity_date,
        case when k.has_activities
            then date_diff('day', greatest(d.created_date, a.from_date), cast(as_of as date)) end as silent_days,
        d.pushes >= k.pushed_times as is_pushed,
        k.silent_days as silent_after
    from crm.deal_as_of d
    cross join crm.known k
    left join crm.deal_activity a
        on a.opportunity_id = d.opportunity_id
        and a.from_date <= cast(as_of as date)
        and a.until_date > cast(as_of as date)
    where d.status = 'open'
        and d.from_date <= cast(as_of as date)
        and d.until_date > cast(as_of as date)
)
select
    * exclude (silent_after),
    silent_days >= silent_after as is_silent,
    is_overdue or is_pushed or coalesce(silent_days >= silent_after, false) as is_suspect
from known_deals;
