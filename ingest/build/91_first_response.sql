-- How long leads wait for sales: one row per pass to sales, and one per lead from its creation, with the first completed
-- outbound activity of a human that followed. It is the same whatever day is asked about: who asks of an earlier day
-- takes an answer that came later as none. A wait ends with the lead's next pass. Where only a day is known of either
-- end, the day alone is kept.
create or replace temp macro open_second(moment, zone, is_business, opens, closes, open_days) as (
    -- The same words as queries/words/open_second.sql (a test holds them together).
    case when not is_business then epoch(moment)
        else (date_diff('day', date '1900-01-01', cast(timezone(zone, timezone('UTC', moment)) as date)) // 7)
                * (closes - opens) * length(replace(open_days, '0', ''))
            + length(replace(substr(open_days, 1, cast(isodow(timezone(zone, timezone('UTC', moment))) as integer) - 1), '0', ''))
                * (closes - opens)
            + case when substr(open_days, cast(isodow(timezone(zone, timezone('UTC', moment))) as integer), 1) = '1'
                then least(greatest(epoch(cast(timezone(zone, timezone('UTC', moment)) as time)) - opens, 0), closes - opens)
                else 0 end
        end
);

create or replace temp macro day_begins(day, zone) as (
    -- The first moment of a local day, as UTC.
    timezone('UTC', timezone(zone, cast(day as timestamp)))
);

create or replace table crm.first_response as
with contact as materialized (
    -- An e-mail, call or meeting without a direction is one that a rep logged: outbound. A plain task reaches nobody.
    select
        x.activity_id,
        x.person_id,
        x.kind,
        x.activity_date as day,
        case
            when a.completed_at is not null and not coalesce(a.completed_is_day, true) then a.completed_at
            when a.completed_at is null and not coalesce(a.started_is_day, true) then a.started_at
        end as moment
    from crm.activity x
    join latest_activity a using (activity_id)
    where x.is_completed
        and not x.is_automated
        and x.kind in ('call', 'email', 'meeting')
        and coalesce(x.direction, 'outbound') = 'outbound'
        and x.person_id is not null
        and x.activity_date is not null
),
begun as materialized (
    select
        'pass' as begun_by,
        h.handoff_id as wait_id,
        h.lead_id,
        l.person_id,
        h.passed_at as from_at,
        h.passed_date as from_date,
        h.is_day_only,
        lead(h.passed_at) over (partition by h.lead_id order by h.passed_at, h.handoff_id) as until_at,
        lead(h.passed_date) over (partition by h.lead_id order by h.passed_at, h.handoff_id) as until_date
    from crm.handoff h
    join crm.lead l using (lead_id)
    where h.passed_at is not null
    union all
    select 'created', lead_id, lead_id, person_id, created_at, created_date, is_created_day_only, null, null
    from crm.lead
    where created_date is not null
),
answered as (
    select
        b.begun_by,
        b.wait_id,
        -- Of one day, what has a time of day comes first: it says more.
        min_by(struct_pack(activity_id := c.activity_id, kind := c.kind, day := c.day, moment := c.moment),
            (c.day, c.moment is null, c.moment, c.activity_id)) as first
    from begun b
    join contact c
        on c.person_id = b.person_id
        and case when b.is_day_only or c.moment is null then c.day >= b.from_date else c.moment >= b.from_at end
        and case
            when b.until_at is null then true
            when b.is_day_only or c.moment is null then c.day < b.until_date
            else c.moment < b.until_at end
    group by b.begun_by, b.wait_id
),
clocked as (
    select
        b.*,
        a.first.activity_id as activity_id,
        a.first.kind as kind,
        a.first.moment as responded_at,
        a.first.day as responded_date,
        a.first is not null and a.first.moment is null as is_response_day_only,
        c.time_zone as zone,
        s.is_business,
        s.opens,
        s.closes,
        s.open_days
    from begun b
    cross join company c
    cross join crm.lead_setting s
    left join answered a using (begun_by, wait_id)
)
select
    begun_by,
    wait_id,
    lead_id,
    from_at,
    from_date,
    is_day_only as is_from_day_only,
    until_date,
    responded_at,
    responded_date,
    is_response_day_only,
    activity_id,
    kind,
    -- The clock's reading: where only a day is known of the beginning, at that day's end; of the answer, at its beginning.
    -- So who answers is never said to be late without it being sure.
    open_second(case when is_day_only then day_begins(from_date + 1, zone) else from_at end,
        zone, is_business, opens, closes, open_days) as from_second,
    open_second(coalesce(responded_at, day_begins(responded_date, zone)),
        zone, is_business, opens, closes, open_days) as responded_second,
    open_second(case when is_day_only then day_begins(until_date, zone) else until_at end,
        zone, is_business, opens, closes, open_days) as until_second
from clocked;
