-- Campaigns, those that only a lead, a deal or a touch names included. One row per campaign.
create or replace temp table campaign_ref as
select campaign_id from latest_lead where campaign_id is not null
union select campaign_id from latest_opportunity where campaign_id is not null
union select campaign_id from latest_touch where campaign_id is not null;

create or replace temp table campaign_known as
select * from latest_campaign where not coalesce(is_deleted, false);

-- A sheet or another CRM may name a campaign instead of its id.
create or replace temp table campaign_key as
with wanted as (
    select campaign_id from campaign_ref
    union select campaign_id from latest_campaign_cost
),
by_spelling as (
    -- `Ad hoc` and `Ad Hoc` may be two campaigns: the name as written comes before the name in any case.
    select name, min(campaign_id) as campaign_id
    from campaign_known
    where name is not null
    group by name
    having count(*) = 1
),
by_name as (
    select lower(name) as folded, min(campaign_id) as campaign_id
    from campaign_known
    where name is not null
    group by folded
    having count(*) = 1
),
by_record as (
    select substr(campaign_id, strpos(campaign_id, ':') + 1) as record_id, min(campaign_id) as campaign_id
    from campaign_known
    group by record_id
    having count(*) = 1
)
select
    w.campaign_id as named_id,
    coalesce(k.campaign_id, x.campaign_id, n.campaign_id, r.campaign_id, w.campaign_id) as campaign_id
from wanted w
left join campaign_known k on k.campaign_id = w.campaign_id
left join by_spelling x on x.name = substr(w.campaign_id, strpos(w.campaign_id, ':') + 1)
left join by_name n on n.folded = lower(substr(w.campaign_id, strpos(w.campaign_id, ':') + 1))
left join by_record r on r.record_id = substr(w.campaign_id, strpos(w.campaign_id, ':') + 1);

create or replace table crm.campaign_cost as
select
    k.campaign_id,
    c.spent_date,
    c.amount,
    coalesce(upper(c.currency), s.currency) as currency,
    try_cast(c.amount * r.rate as decimal(18, 2)) as amount_base,
    c.batch_id,
    c.line as source_line
from latest_campaign_cost c
join campaign_key k on k.named_id = c.campaign_id
cross join company s
left join crm.currency_rate r
    on r.currency = coalesce(upper(c.currency), s.currency)
    and c.spent_date >= r.valid_from and c.spent_date < r.valid_to;

create or replace table crm.campaign as
with every as (
    select campaign_id, crm, name, channel, status, start_date, end_date, cost, currency, created_date,
        batch_id, line as source_line
    from campaign_known
    union all by name
    select distinct campaign_id, split_part(campaign_id, ':', 1) as crm
    from campaign_key
    where campaign_id not in (select campaign_id from campaign_known)
        and campaign_id not in (select campaign_id from latest_campaign where coalesce(is_deleted, false))
),
spent as (
    select campaign_id, sum(amount_base) as amount_base
    from crm.campaign_cost
    group by campaign_id
)
select
    e.campaign_id,
    e.crm,
    substr(e.campaign_id, strpos(e.campaign_id, ':') + 1) as record_id,
    coalesce(e.name, substr(e.campaign_id, strpos(e.campaign_id, ':') + 1)) as name,
    coalesce(e.channel, 'Not named') as channel,
    -- What carries it: an event, an e-mail, an advert ...; a type that the settings do not list is its own vehicle.
    coalesce(v.vehicle, e.channel, 'Not named') as vehicle,
    e.status,
    coalesce(e.start_date, e.created_date) as start_date,
    e.end_date,
    e.cost,
    coalesce(upper(e.currency), s.currency) as currency,
    -- What was spent day by day is the better record where there is one.
    coalesce(p.amount_base, try_cast(e.cost * r.rate as decimal(18, 2))) as cost_base,
    e.batch_id,
    e.source_line
from every e
cross join company s
left join crm.currency_rate r
    on r.currency = coalesce(upper(e.currency), s.currency)
    and coalesce(e.start_date, e.created_date, s.as_of_date) >= r.valid_from
    and coalesce(e.start_date, e.created_date, s.as_of_date) < r.valid_to
left join setting_vehicle v on v.type = lower(e.channel)
left join spent p on p.campaign_id = e.campaign_id;
