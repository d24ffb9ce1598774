/*
title = "Open deals and what makes them suspect"
definition = "Open deals at the end of a day. Overdue: the close date has passed. Pushed: the close date was moved to a later one as often as the settings say, or oftener, as far as this is recorded. Silent: no completed activity of a person (on the deal, or with one of its people since it was created) for as many days as the settings say, and the deal is as old; not known where the exports hold no activity. Suspect: any of the three. Their numbers of days are in the settings, [coverage]."
*/
create or replace macro deal_hygiene(as_of) as table
with deals as materialized (
    select * from opportunity_at(as_of) where status = 'open'
),
moves as (
    select
        s.opportunity_id,
        s.close_date > lag(s.close_date) over (partition by s.opportunity_id order by s.valid_from) as is_push
    from crm.opportunity_state s
    semi join deals d on d.opportunity_id = s.opportunity_id
    where s.valid_from_date <= cast(as_of as date) and s.close_date_from is distinct from 'assumed'
),
pushes as (
    select opportunity_id, count(*) filter (is_push) as pushes from moves group by opportunity_id
),
touches as (
    select d.opportunity_id, a.activity_date
    from crm.activity a
    join deals d on d.opportunity_id = a.opportunity_id
    where a.is_completed and not a.is_automated and a.activity_date <= cast(as_of as date)
    union all
    select d.opportunity_id, a.activity_date
    from deals d
    join crm.opportunity_person p on p.opportunity_id = d.opportunity_id
    join crm.activity a on a.person_id = p.person_id
    where a.is_completed and not a.is_automated
        and a.activity_date <= cast(as_of as date) and a.activity_date >= d.created_date
),
last_touch as (
    select opportunity_id, max(activity_date) as last_activity_date from touches group by opportunity_id
),
known_deals as (
    select
        d.*,
        coalesce(p.pushes, 0) as pushes,
        t.last_activity_date,
        case when k.has_activities
            then date_diff('day', greatest(d.created_date, t.last_activity_date), cast(as_of as date)) end as silent_days,
        coalesce(p.pushes, 0) >= k.pushed_times as is_pushed,
        k.silent_days as silent_after
    from deals d
    cross join crm.known k
    left join pushes p on p.opportunity_id = d.opportunity_id
    left join last_touch t on t.opportunity_id = d.opportunity_id
)
select
    * exclude (silent_after),
    silent_days >= silent_after as is_silent,
    is_overdue or is_pushed or coalesce(silent_days >= silent_after, false) as is_suspect
from known_deals;
