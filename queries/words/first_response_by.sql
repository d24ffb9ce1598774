/*
title = "How long leads wait for sales, by a dimension"
definition = "Every wait for a first answer known by the end of a day: from a pass to sales (each pass is a wait of its own, which ends with the next), or from the lead's creation. Without a choice from the pass, and from creation where no pass is recorded at all. The answer is the first completed call, e-mail or meeting by a human with that person, not an inbound one. A wait without an answer goes on to the day asked about. It is in time if it came within the SLA's hours, late if the SLA has passed, else not yet due. Waits that began before the first recorded activity are left out: whether they were answered is not known. Where only a day is known of one end, hours are not known, days are, and the doubt is in favour of who answered."
*/
create or replace macro first_response_by(as_of, clock, dimension) as table
with asked as (
    select
        coalesce(cast(clock as varchar),
            case when exists (select 1 from crm.first_response where begun_by = 'pass') then 'pass' else 'created' end
        ) as begun_by,
        k.first_outreach_date as recorded_from,
        3600 * s.first_response_hours as allowed,
        open_second(timezone('UTC', timezone(k.time_zone, cast(cast(as_of as date) + 1 as timestamp))), k.time_zone,
            s.is_business, s.opens, s.closes, s.open_days) as now_second,
        k.time_zone as zone
    from crm.lead_setting s
    cross join crm.known k
),
waited as (
    select
        r.wait_id,
        r.lead_id,
        r.from_date,
        case when not r.is_from_day_only then timezone(a.zone, timezone('UTC', r.from_at)) end as from_time,
        r.activity_id,
        r.kind,
        a.allowed,
        coalesce(r.responded_date <= cast(as_of as date), false) as is_answered,
        r.responded_date,
        timezone(a.zone, timezone('UTC', r.responded_at)) as responded_time,
        r.is_from_day_only or coalesce(r.is_response_day_only and r.responded_date <= cast(as_of as date), false)
            as is_day_only,
        case
            when r.responded_date <= cast(as_of as date) then r.responded_second
            when r.until_date <= cast(as_of as date) then r.until_second
            else a.now_second
        end - r.from_second as seconds,
        date_diff('day', r.from_date, case
            when r.responded_date <= cast(as_of as date) then r.responded_date
            when r.until_date <= cast(as_of as date) then r.until_date
            else cast(as_of as date)
        end) as waited_days
    from crm.first_response r
    join asked a on a.begun_by = r.begun_by
    where r.from_date <= cast(as_of as date)
        and r.from_date >= a.recorded_from
)
select
    w.wait_id,
    w.from_date,
    w.from_time,
    w.is_answered,
    case when w.is_answered then w.responded_date end as responded_date,
    case when w.is_answered then w.responded_time end as responded_time,
    case when w.is_answered then w.activity_id end as activity_id,
    case when w.is_answered then w.kind end as kind,
    w.is_day_only,
    case when not w.is_day_only then greatest(w.seconds, 0) / 3600 end as waited_hours,
    w.waited_days,
    -- As the clock of the SLA runs, the doubt of a day in favour of who answered: what a limit is held against.
    greatest(w.seconds, 0) as clock_seconds,
    case
        when w.is_answered and w.seconds <= w.allowed then 'in time'
        when w.seconds > w.allowed then 'late'
        else 'not due'
    end as verdict,
    l.*
from waited w
join lead_by(as_of, dimension) l using (lead_id);
