-- How long deals take, and the half-life of time decay: the settings', else half the median cycle of all deals won in
-- the exports. One row.
create or replace table crm.attribution as
with cycle as (
    select
        median(date_diff('day', o.created_date, s.close_date)) as median_cycle_days,
        count(*) as cycles
    from crm.opportunity_state s
    join crm.opportunity o using (opportunity_id)
    where s.valid_to is null
        and s.status = 'won'
        and not o.is_created_inferred
        and s.close_date >= o.created_date
)
select
    c.median_cycle_days,
    c.cycles,
    coalesce(nullif(s.half_life_days, 0), greatest(1, c.median_cycle_days / 2), 30) as half_life_days,
    case
        when s.half_life_days > 0 then 'settings.toml'
        when c.median_cycle_days is not null then 'half the median cycle'
        else 'no cycle is known'
    end as half_life_from
from cycle c
cross join company s;

-- A deal as it was won. A deal may be won more than once, or with another amount later: one row for each close date and
-- amount. What was answered after the close date, or after the win was recorded, did not bring it.
create or replace temp table won_version as
with states as (
    select
        opportunity_id,
        close_date,
        amount_base,
        least(close_date, min(valid_from_date) over (partition by opportunity_id, close_date)) as until_date
    from crm.opportunity_state
    where status = 'won'
),
each as (
    select opportunity_id, close_date, amount_base, min(until_date) as until_date
    from states
    group by opportunity_id, close_date, amount_base
)
select
    row_number() over (order by opportunity_id, close_date, amount_base) as version,
    *,
    cast(round(100 * amount_base) as hugeint) as cents
from each;

create or replace temp table won_touch as
select
    w.version,
    w.until_date,
    t.opportunity_id,
    t.touch_id,
    t.campaign_id,
    t.person_id,
    t.responded_date,
    row_number() over (partition by w.version order by t.nth) as place,
    count(*) over (partition by w.version) as touches
from won_version w
join crm.deal_touch t on t.opportunity_id = w.opportunity_id and t.responded_date <= w.until_date;

-- Which of a deal's touches are its milestones. The one that made the lead: the last that the person of the deal's first
-- lead answered by the day on which the lead was created, else the first of the day after. The one before the deal: the
-- last that anybody answered by the day on which the deal was created. A day that is only inferred is no milestone.
create or replace temp table won_milestone as
with first_lead as (
    select
        opportunity_id,
        min_by(person_id, (created_date, created_at, lead_id)) as person_id,
        min(created_date) as created_date
    from crm.lead
    where opportunity_id is not null and created_date is not null
    group by opportunity_id
)
select
    t.version,
    coalesce(
        max(t.place) filter (t.person_id = l.person_id and t.responded_date <= l.created_date),
        min(t.place) filter (t.person_id = l.person_id and t.responded_date = l.created_date + 1)
    ) as lead_place,
    max(t.place) filter (t.responded_date <= o.created_date and not o.is_created_inferred) as deal_place
from won_touch t
join crm.opportunity o using (opportunity_id)
left join first_lead l on l.opportunity_id = t.opportunity_id
group by t.version;

-- What each touch of a won deal is credited with by each model, in whole parts of whole parts, so that money can be
-- split to the cent. Milestones on one touch add up; what is absent leaves its part to the others in proportion.
create or replace temp table won_parts as
with milestone_model (model, of_first, of_lead, of_deal, of_close, of_middle) as (
    values ('u', 400, 400, 0, 0, 200), ('w', 300, 300, 300, 0, 100), ('full', 225, 225, 225, 225, 100)
),
placed as (
    select
        t.version,
        t.touch_id,
        t.place,
        m.model,
        m.of_middle,
        case when t.place = 1 then m.of_first else 0 end
            + case when t.place = s.lead_place then m.of_lead else 0 end
            + case when t.place = s.deal_place then m.of_deal else 0 end
            + case when t.place = t.touches then m.of_close else 0 end as milestone_parts
    from won_touch t
    join won_milestone s using (version)
    cross join milestone_model m
),
middled as (
    select *, count(*) filter (milestone_parts = 0) over (partition by version, model) as in_middle
    from placed
),
newest as (
    select version, max(responded_date) as responded_date from won_touch group by version
),
every as (
    select version, touch_id, place, 'first' as model, cast(case when place = 1 then 1 else 0 end as hugeint) as parts
    from won_touch
    union all
    select version, touch_id, place, 'last', case when place = touches then 1 else 0 end from won_touch
    union all
    select version, touch_id, place, 'linear', 1 from won_touch
    union all
    select
        version, touch_id, place, model,
        -- The middle's part is shared equally by those in it.
        case when milestone_parts = 0 then of_middle else milestone_parts * greatest(in_middle, 1) end
    from middled
    union all
    -- Half as much for every half-life before the newest touch: only how they stand to each other counts.
    select
        t.version, t.touch_id, t.place, 'decay',
        cast(round(1e12 * pow(0.5, date_diff('day', t.responded_date, n.responded_date) / a.half_life_days)) as hugeint)
    from won_touch t
    join newest n using (version)
    cross join crm.attribution a
)
select *, sum(parts) over (partition by version, model) as of_parts
from every;

create or replace temp table won_split as
with floored as (
    select
        p.version, p.touch_id, p.place, p.model, p.parts, p.of_parts, w.cents,
        (abs(w.cents) * p.parts) // p.of_parts as whole_cents,
        (abs(w.cents) * p.parts) % p.of_parts as remainder
    from won_parts p
    join won_version w using (version)
),
ranked as (
    select
        *,
        abs(cents) - sum(whole_cents) over (partition by version, model) as cents_left,
        row_number() over (partition by version, model order by remainder desc, place) as turn
    from floored
)
select
    version,
    touch_id,
    model,
    cast(parts as double) / cast(of_parts as double) as deals,
    cast(sign(cents) * (whole_cents + case when turn <= cents_left then 1 else 0 end) as decimal(18, 2)) / 100 as amount
from ranked;

-- The credit of won deals by every model. One row per deal as it was won (deal, close date, amount) and answered touch;
-- a deal without one is credited whole to the campaign that it names itself, or to none. A deal's credits add up to 1
-- and to its amount by each model.
create or replace table crm.deal_credit as
with touched as (
    select
        w.version,
        w.opportunity_id,
        w.close_date,
        w.amount_base,
        t.touch_id,
        t.campaign_id,
        s.model,
        s.deals,
        s.amount
    from won_version w
    left join won_touch t using (version)
    left join won_split s on s.version = w.version and s.touch_id = t.touch_id
)
select
    t.opportunity_id,
    t.close_date,
    t.amount_base,
    t.touch_id,
    case when t.touch_id is null then own.campaign_id else t.campaign_id end as campaign_id,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'first') end as first_deals,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'last') end as last_deals,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'linear') end as linear_deals,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'u') end as u_deals,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'w') end as w_deals,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'full') end as full_deals,
    case when t.touch_id is null then 1 else max(t.deals) filter (t.model = 'decay') end as decay_deals,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'first') end
        as decimal(18, 2)) as first_amount,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'last') end
        as decimal(18, 2)) as last_amount,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'linear') end
        as decimal(18, 2)) as linear_amount,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'u') end
        as decimal(18, 2)) as u_amount,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'w') end
        as decimal(18, 2)) as w_amount,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'full') end
        as decimal(18, 2)) as full_amount,
    cast(case when t.touch_id is null then t.amount_base else max(t.amount) filter (t.model = 'decay') end
        as decimal(18, 2)) as decay_amount
from touched t
join crm.opportunity o using (opportunity_id)
left join crm.campaign own on own.campaign_id = o.campaign_id
group by t.version, t.opportunity_id, t.close_date, t.amount_base, t.touch_id, t.campaign_id, own.campaign_id
order by t.opportunity_id, t.close_date, t.touch_id;
