-- What a deal was, and when, and how that is known. Events carry only the fields that their source records; each
-- field then holds until the next event that carries it. Before the first, a field is assumed to have been what it
-- first is, and says so. One row per deal and interval [valid_from, valid_to).
--
-- Where a field's word comes from: `history` (a history export), `stage date` (a column such as Date entered "Demo"),
-- `close date` (a closed deal's own date), `import` (an export saw it so, at or after its last change), `assumed`.
create or replace temp table state_event as
with history_row as (
    -- Rows of one moment stand in the order in which the CRM wrote them.
    select *, coalesce(history_id, lpad(cast(line as varchar), 12, '0')) as sequence
    from latest_opportunity_history
),
history as (
    select
        h.opportunity_id,
        h.changed_at as event_at,
        5 as trust,
        h.sequence as tie,
        case when list_contains(h.carries, 'stage') then struct_pack(v := h.stage, p := 'history') end as stage,
        case when list_contains(h.carries, 'amount') then struct_pack(v := h.amount, p := 'history') end as amount,
        case when list_contains(h.carries, 'close_date')
            then struct_pack(v := h.close_date, p := 'history') end as close_date,
        case when h.owner_id is not null then struct_pack(v := h.owner_id, p := 'history') end as owner,
        case when h.stage is not null then struct_pack(v := m.status, p := 'history') end as status,
        case when h.forecast_category is not null
            then struct_pack(v := h.forecast_category, p := 'history') end as forecast
    from history_row h
    left join stage_meaning m on m.crm = h.crm and m.stage = lower(h.stage)
),
first_change as (
    -- What a field was before its first recorded change, where that change says so.
    select
        opportunity_id,
        crm,
        min(changed_at) as changed_at,
        min_by(struct_pack(v := before_stage, told := list_contains(carries, 'before_stage')), (changed_at, sequence))
            filter (list_contains(carries, 'stage')) as stage,
        min_by(struct_pack(v := before_amount, told := list_contains(carries, 'before_amount')), (changed_at, sequence))
            filter (list_contains(carries, 'amount')) as amount,
        min_by(
            struct_pack(v := before_close_date, told := list_contains(carries, 'before_close_date')),
            (changed_at, sequence)
        ) filter (list_contains(carries, 'close_date')) as close_date,
        min_by(before_owner_id, (changed_at, sequence)) filter (list_contains(carries, 'owner')) as owner,
        min_by(before_forecast_category, (changed_at, sequence))
            filter (list_contains(carries, 'forecast_category')) as forecast
    from history_row
    group by opportunity_id, crm
),
before_first_change as (
    -- It had been that since the deal was created, if the history is older than the deal; else that is assumed.
    select
        f.*,
        o.created_at,
        m.status,
        case when o.created_at >= s.begins_at and not o.is_created_inferred then 'history' else 'assumed' end as p
    from first_change f
    join (select crm, min(changed_at) as begins_at from history_row group by crm) s using (crm)
    join crm.opportunity o using (opportunity_id)
    left join stage_meaning m on m.crm = f.crm and m.stage = lower(f.stage.v)
    where o.created_at < f.changed_at
),
beginnings as (
    select
        opportunity_id,
        created_at as event_at,
        1 as trust,
        -- A closing stage is not carried back on an assumption.
        case when stage.told and (p = 'history' or status is distinct from 'won' and status is distinct from 'lost')
            then struct_pack(v := stage.v, p := p) end as stage,
        case when amount.told then struct_pack(v := amount.v, p := p) end as amount,
        case when close_date.told then struct_pack(v := close_date.v, p := p) end as close_date,
        case when owner is not null then struct_pack(v := owner, p := p) end as owner,
        case when stage.v is not null
                and (p = 'history' or status is distinct from 'won' and status is distinct from 'lost')
            then struct_pack(v := status, p := p) end as status,
        case when forecast is not null then struct_pack(v := forecast, p := p) end as forecast
    from before_first_change
),
stage_dates as (
    select
        d.opportunity_id,
        d.entered_at as event_at,
        4 as trust,
        d.stage as tie,
        struct_pack(v := d.stage, p := 'stage date') as stage,
        struct_pack(v := m.status, p := 'stage date') as status
    from latest_stage_date d
    left join stage_meaning m on m.crm = d.crm and m.stage = lower(d.stage)
),
sightings as (
    -- What an export saw holds since the record last changed, as far as the record says when that was.
    select
        opportunity_id,
        snapshot_at,
        least(coalesce(modified_at, snapshot_at), snapshot_at) as event_at,
        3 as trust,
        -- Of two that saw it changed at one moment, the later export is the better witness.
        concat_ws('|', snapshot_at, batch_id, lpad(cast(line as varchar), 12, '0')) as tie,
        case when has_stage then struct_pack(v := stage, p := 'import') end as stage,
        case when has_amount then struct_pack(v := amount, p := 'import') end as amount,
        case when has_close_date then struct_pack(v := close_date, p := 'import') end as close_date,
        case when has_owner then struct_pack(v := owner_id, p := 'import') end as owner,
        case when has_status or known_status = 'deleted'
            then struct_pack(v := known_status, p := 'import') end as status,
        case when has_forecast then struct_pack(v := forecast_category, p := 'import') end as forecast
    from sighting
),
recorded_closings as (
    -- A history or stage date that already tells of the closing is the better witness.
    select distinct e.opportunity_id
    from (
        select opportunity_id, status from history
        union all by name
        select opportunity_id, status from stage_dates
    ) e
    where e.status.v in ('won', 'lost')
),
closings as (
    select
        o.opportunity_id,
        least(coalesce(o.closed_at, o.stage_changed_at, o.close_at), b.snapshot_at) as event_at,
        2 as trust,
        case when o.stage is not null then struct_pack(v := o.stage, p := 'close date') end as stage,
        struct_pack(v := o.known_status, p := 'close date') as status
    from (
        select *, timezone('UTC', timezone((select time_zone from company), cast(close_date as timestamp))) as close_at
        from sighting
        qualify row_number() over (
            partition by opportunity_id order by snapshot_at desc, batch_id desc, line desc) = 1
    ) o
    join batch b using (batch_id)
    where o.known_status in ('won', 'lost')
        and o.opportunity_id not in (select opportunity_id from recorded_closings)
        -- An export saw it open after the day that it is said to have closed on (the day was set back later): it closed
        -- in between, and the export that saw it closed says when, as well as can be known.
        and coalesce(o.closed_at, o.stage_changed_at, o.close_at) > coalesce(
            (
                select max(seen.snapshot_at)
                from sighting seen
                where seen.opportunity_id = o.opportunity_id and seen.known_status = 'open'
            ),
            timestamp '-infinity'
        )
),
gone as (
    -- Only an export that a person called full can say that a deal is no longer there.
    select
        k.opportunity_id,
        b.snapshot_at as event_at,
        6 as trust,
        struct_pack(v := 'deleted', p := 'import') as status
    from batch b
    join (
        select opportunity_id, crm, min(snapshot_at) as first_seen_at from sighting group by opportunity_id, crm
    ) k on k.crm = b.crm and k.first_seen_at < b.snapshot_at
    where b.is_full and b.fills_opportunity
        and not exists (
            select 1 from sighting s
            join batch sb using (batch_id)
            where s.opportunity_id = k.opportunity_id
                and sb.snapshot_at = b.snapshot_at
        )
),
returned as (
    -- Seen again after it was gone: it is back as the export saw it, however long ago it was changed.
    select distinct s.* replace (s.snapshot_at as event_at)
    from sightings s
    join gone g on g.opportunity_id = s.opportunity_id
    where s.event_at <= g.event_at and s.snapshot_at > g.event_at
)
select * from history
union all by name select * from beginnings
union all by name select * from stage_dates
union all by name select * exclude (snapshot_at) from sightings
union all by name select * exclude (snapshot_at) from returned
union all by name select * from closings
union all by name select * from gone;

create or replace temp table state_known as
with begun as (
    -- A deal begins when it was created; before what is first known of it, that is assumed.
    select
        e.opportunity_id,
        least(coalesce(o.created_at, min(e.event_at)), min(e.event_at)) as event_at,
        1 as trust
    from state_event e
    join crm.opportunity o using (opportunity_id)
    group by e.opportunity_id, o.created_at
),
every as (
    select e.* from state_event e semi join crm.opportunity o using (opportunity_id)
    union all by name
    select * from begun
),
held as (
    select
        opportunity_id,
        event_at,
        trust,
        last_value(stage ignore nulls) over before as stage,
        last_value(amount ignore nulls) over before as amount,
        last_value(close_date ignore nulls) over before as close_date,
        last_value(owner ignore nulls) over before as owner,
        last_value(status ignore nulls) over before as status,
        last_value(forecast ignore nulls) over before as forecast,
        first_value(stage ignore nulls) over after as next_stage,
        first_value(amount ignore nulls) over after as next_amount,
        first_value(close_date ignore nulls) over after as next_close_date,
        first_value(owner ignore nulls) over after as next_owner,
        first_value(status ignore nulls) over after as next_status,
        row_number() over (partition by opportunity_id, event_at order by trust desc, tie desc nulls last) as nth
    from every
    window
        before as (
            partition by opportunity_id order by event_at, trust, tie nulls first
            rows between unbounded preceding and current row),
        after as (
            partition by opportunity_id order by event_at, trust, tie nulls first
            rows between current row and unbounded following)
)
select
    opportunity_id,
    event_at,
    -- A closing stage is not carried back to a time when the deal was still open. What no export tells of is not
    -- assumed either: it is not known.
    case
        when stage is not null then stage
        when next_status.v in ('won', 'lost') then struct_pack(v := cast(null as varchar), p := 'assumed')
        when next_stage is not null then struct_pack(v := next_stage.v, p := 'assumed')
    end as stage,
    case when amount is null and next_amount is not null then struct_pack(v := next_amount.v, p := 'assumed') else amount end
        as amount,
    case when close_date is null and next_close_date is not null then struct_pack(v := next_close_date.v, p := 'assumed') else close_date end
        as close_date,
    case when owner is null and next_owner is not null then struct_pack(v := next_owner.v, p := 'assumed') else owner end
        as owner,
    case
        when status is not null then status
        when next_status.v in ('won', 'lost', 'deleted') then struct_pack(v := 'open', p := 'assumed')
        else struct_pack(v := next_status.v, p := 'assumed')
    end as status,
    forecast
from held
where nth = 1;

create or replace table crm.opportunity_state as
with compared as (
    select
        *,
        lag(struct_pack(
            a := stage, b := amount, c := close_date, d := owner, e := status, f := forecast
        )) over (partition by opportunity_id order by event_at) as earlier
    from state_known
),
changed as (
    -- A row that says nothing new, and knows nothing better, is not a new state.
    select *
    from compared
    where earlier is null
        or (stage.v, amount.v, close_date.v, owner.v, status.v, forecast.v)
            is distinct from
            (earlier.a.v, earlier.b.v, earlier.c.v, earlier.d.v, earlier.e.v, earlier.f.v)
        or (stage.p = 'assumed', amount.p = 'assumed', close_date.p = 'assumed', owner.p = 'assumed',
                status.p = 'assumed')
            is distinct from
            (earlier.a.p = 'assumed', earlier.b.p = 'assumed', earlier.c.p = 'assumed',
                earlier.d.p = 'assumed', earlier.e.p = 'assumed')
),
bounded as (
    select *, lead(event_at) over (partition by opportunity_id order by event_at) as until
    from changed
)
select
    b.opportunity_id,
    b.event_at as valid_from,
    b.until as valid_to,
    cast(timezone(c.time_zone, timezone('UTC', b.event_at)) as date) as valid_from_date,
    cast(timezone(c.time_zone, timezone('UTC', b.until)) as date) as valid_to_date,
    b.stage.v as stage,
    b.amount.v as amount,
    try_cast(b.amount.v * r.rate as decimal(18, 2)) as amount_base,
    b.close_date.v as close_date,
    coalesce(orep.rep_id, b.owner.v) as owner_id,
    rep.name as owner,
    rep.team,
    b.status.v as status,
    b.forecast.v as forecast_category,
    b.stage.p as stage_from,
    b.amount.p as amount_from,
    b.close_date.p as close_date_from,
    b.owner.p as owner_from,
    b.status.p as status_from
from bounded b
cross join company c
join crm.opportunity o using (opportunity_id)
-- At the rate of the fiscal quarter in which the deal closes; one without a close date, of that in which it began.
left join crm.currency_rate r
    on r.currency = o.currency
    and coalesce(b.close_date.v, o.created_date, c.as_of_date) >= r.valid_from
    and coalesce(b.close_date.v, o.created_date, c.as_of_date) < r.valid_to
left join owner_rep orep on orep.owner_id = b.owner.v
left join crm.rep rep on rep.rep_id = coalesce(orep.rep_id, b.owner.v)
order by b.opportunity_id, b.event_at;
