-- What the questions as of a day read: states with all that is known of their record beside them, so that none of them has
-- to join, and each day's are told by two dates. Nothing here knows of any day but its own: `from_date` <= day <
-- `until_date` holds for the days on which the row was true.

-- One row per deal and stretch of days on which it stood so at the day's end, deleted ones left out. What still holds
-- stands together at the end, so that today's question does not read the past.
create or replace table crm.deal_as_of as
with moved as (
    -- A push: the recorded close date was put later than it had been.
    select
        opportunity_id,
        valid_from,
        close_date > lag(close_date) over (partition by opportunity_id order by valid_from) as is_push
    from crm.opportunity_state
    where close_date_from is distinct from 'assumed'
),
state as (
    select
        s.*,
        count(*) filter (m.is_push) over (partition by s.opportunity_id order by s.valid_from) as pushes
    from crm.opportunity_state s
    left join moved m using (opportunity_id, valid_from)
)
select
    o.opportunity_id,
    o.record_id,
    o.crm,
    o.name,
    o.account_id,
    o.account,
    o.business_type,
    o.lead_id,
    coalesce(o.source, o.source_raw) as source,
    o.channel,
    o.campaign_id,
    o.product,
    o.segment,
    o.region,
    o.custom,
    o.currency,
    o.lost_reason,
    o.created_date,
    o.is_created_inferred,
    s.stage,
    s.amount,
    s.amount_base,
    s.close_date,
    s.owner_id,
    s.owner,
    s.team,
    s.status,
    s.forecast_category,
    s.status = 'open'
        and 'assumed' in (coalesce(s.stage_from, ''), coalesce(s.amount_from, ''), coalesce(s.close_date_from, ''))
        as is_assumed,
    s.status = 'open' and coalesce(s.owner_from = 'assumed', false) as is_owner_assumed,
    coalesce(m.is_sourced, false) as is_sourced,
    coalesce(m.is_sourced_by_field, false) as is_sourced_by_field,
    coalesce(m.is_sourced_by_first_touch, false) as is_sourced_by_first_touch,
    coalesce(m.is_sourced_by_touch_before_activity, false) as is_sourced_by_touch_before_activity,
    coalesce(m.is_influenced_before_created, false) as is_influenced_before_created,
    coalesce(m.is_influenced_before_closed, false) as is_influenced_before_closed,
    o.batch_id,
    o.source_line,
    s.pushes,
    s.valid_from_date as from_date,
    coalesce(s.valid_to_date, date '9999-12-31') as until_date
from crm.opportunity o
join state s using (opportunity_id)
left join crm.opportunity_marketing m using (opportunity_id)
where s.valid_from_date < coalesce(s.valid_to_date, date '9999-12-31')
    and s.status is distinct from 'deleted'
order by until_date, s.status, s.close_date, o.opportunity_id;

-- When somebody last did something about a deal: completed activities of humans on the deal itself, or since its creation
-- with the people who have a role on it. One row per deal and stretch of days.
create or replace table crm.deal_activity as
with active as (
    select opportunity_id, person_id, activity_date
    from crm.activity
    where is_completed and not is_automated and activity_date is not null
),
active_day as (
    select opportunity_id, activity_date from active where opportunity_id is not null
    union
    select p.opportunity_id, a.activity_date
    from crm.opportunity_person p
    join active a on a.person_id = p.person_id
    join crm.opportunity o on o.opportunity_id = p.opportunity_id and a.activity_date >= o.created_date
)
select
    opportunity_id,
    activity_date as from_date,
    coalesce(
        lead(activity_date) over (partition by opportunity_id order by activity_date), date '9999-12-31'
    ) as until_date
from active_day
order by until_date, opportunity_id;

-- What a lead's deal says of the lead: that there is one, that it is won, when and for how much. One row per deal and
-- stretch of days on which these held.
create or replace temp table deal_outcome as
with every as (
    select
        opportunity_id,
        valid_from_date as from_date,
        coalesce(valid_to_date, date '9999-12-31') as until_date,
        status is distinct from 'deleted' as has_deal,
        coalesce(status = 'won', false) as is_won,
        case when status = 'won' then close_date end as won_date,
        case when status = 'won' then amount_base end as won_amount
    from crm.opportunity_state
    where valid_from_date < coalesce(valid_to_date, date '9999-12-31')
    union all
    -- Before it was there.
    select opportunity_id, date '0001-01-01', min(valid_from_date), false, false, null, null
    from crm.opportunity_state
    group by opportunity_id
),
told as (
    select
        *,
        struct_pack(a := has_deal, b := is_won, c := won_date, d := won_amount)
            is distinct from lag(struct_pack(a := has_deal, b := is_won, c := won_date, d := won_amount))
                over (partition by opportunity_id order by from_date) as is_new
    from every
),
stretched as (
    select *, count(*) filter (is_new) over (partition by opportunity_id order by from_date) as stretch
    from told
)
select
    opportunity_id,
    min(from_date) as from_date,
    max(until_date) as until_date,
    any_value(has_deal) as has_deal,
    any_value(is_won) as is_won,
    any_value(won_date) as won_date,
    any_value(won_amount) as won_amount
from stretched
group by opportunity_id, stretch;

-- A campaign's name; with the day it started where several share the name, and with its id where that does not tell them
-- apart either. One row per campaign.
create or replace table crm.campaign_label as
with dated as (
    select
        campaign_id,
        name,
        case when count(*) over (partition by name) = 1 then name
            else name || ' (' || coalesce(strftime(start_date, '%Y-%m-%d'), campaign_id) || ')' end as label
    from crm.campaign
)
select
    campaign_id,
    case when count(*) over (partition by label) = 1 then label else name || ' (' || campaign_id || ')' end as label
from dated;

-- One row per lead and stretch of days on which its deal said the same of it. `*_from` are the first days of the stretch
-- at whose end a stage was reached; what sales rejected is not accepted from `unaccepted_date` on.
create or replace table crm.lead_as_of as
with first_lead as (
    -- Of several leads on one deal the first carries its amount; on any day, the first so far is the first of all.
    select opportunity_id, min_by(lead_id, (known_date, lead_id)) as lead_id
    from crm.lead
    where opportunity_id is not null and known_date is not null
    group by opportunity_id
),
stretch as (
    select
        l.*,
        greatest(l.known_date, d.from_date) as from_date,
        coalesce(d.until_date, date '9999-12-31') as until_date,
        coalesce(d.has_deal, false) as has_deal,
        coalesce(d.is_won, false) as is_won,
        d.won_date,
        d.won_amount,
        -- A win that was recorded before the conversion says that all had been reached by then.
        case when d.is_won then greatest(d.won_date, l.created_date) end as won_by_date
    from crm.lead l
    left join deal_outcome d using (opportunity_id)
),
reached as (
    select
        *,
        case when is_won then from_date when has_deal then opportunity_date end as opportunity_from
    from stretch
    where from_date < until_date
)
select
    r.lead_id,
    r.record_id,
    r.crm,
    r.person_id,
    r.created_date,
    r.known_date,
    r.source,
    r.channel,
    r.campaign_id,
    c.label as campaign,
    r.owner,
    r.team,
    r.segment,
    r.region,
    r.custom,
    r.title,
    r.status,
    r.opportunity_id,
    r.mql_date,
    r.sal_date,
    r.sql_date,
    r.opportunity_date,
    least(r.mql_by_date, r.won_by_date) as mql_by_date,
    least(r.sal_by_date, r.won_by_date) as sal_by_date,
    least(r.mql_by_date, r.opportunity_from) as mql_from,
    least(r.sal_by_date, r.opportunity_from) as sal_from,
    least(r.sql_by_date, r.opportunity_from) as sql_from,
    r.opportunity_from,
    r.unaccepted_date,
    r.is_won,
    r.won_date,
    f.lead_id is not null as is_first_of_deal,
    case when f.lead_id is not null then r.won_amount end as won_amount,
    r.batch_id,
    r.source_line,
    r.from_date,
    r.until_date
from reached r
left join first_lead f on f.lead_id = r.lead_id
left join crm.campaign_label c on c.campaign_id = r.campaign_id
order by r.until_date, r.created_date, r.lead_id;

-- What the exports record of marketing at all. One row.
create or replace table crm.marketing_known as
select
    exists (select 1 from crm.opportunity where coalesce(source, source_raw) is not null) as has_sources,
    exists (select 1 from crm.touch where is_responded)
        or exists (select 1 from crm.opportunity where campaign_id is not null) as has_credit,
    exists (select 1 from crm.lead where campaign_id is not null) as has_lead_campaigns;
