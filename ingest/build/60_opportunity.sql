-- Deals: what does not change. One row per deal, those that the CRM deleted included (their state says so).
create or replace temp table source_spelling as
-- One spelling per source: `paid search` and `Paid Search` are one, by the more frequent.
with every as (
    select source from latest_lead where source is not null
    union all
    select source from latest_opportunity where source is not null
)
select lower(source) as folded, max_by(source, (n, source)) as source
from (select source, count(*) as n from every group by source)
group by folded;

create or replace temp table first_line as
select
    l.opportunity_id,
    max_by(p.name, coalesce(l.total, l.quantity * l.unit_price, 0)) as product
from latest_line_item l
join latest_product p on p.product_id = l.product_id
where not coalesce(l.is_deleted, false)
group by l.opportunity_id;

create or replace table crm.opportunity as
select
    o.opportunity_id,
    o.crm,
    substr(o.opportunity_id, strpos(o.opportunity_id, ':') + 1) as record_id,
    coalesce(o.name, 'Deal ' || substr(o.opportunity_id, strpos(o.opportunity_id, ':') + 1)) as name,
    o.account_id,
    a.name as account,
    nullif(o.business_type, '') as business_type,
    k.lead_id,
    coalesce(s.source, ls.source) as source,
    coalesce(c.channel, s.source, ls.source) as channel,
    coalesce(o.source, l.source) as source_raw,
    ck.campaign_id,
    coalesce(nullif(o.product, ''), fl.product) as product,
    coalesce(o.segment, a.segment, r.segment) as segment,
    coalesce(o.region, a.named_region, r.region, a.place_region) as region,
    coalesce(upper(o.currency), co.currency) as currency,
    o.lost_reason,
    o.contact_id,
    -- A deal without a creation date was there when it closed, and when an export first saw it.
    coalesce(o.created_at, least(o.close_date, o.closed_date, fs.seen_date)) as created_at,
    coalesce(o.created_date, least(o.close_date, o.closed_date, fs.seen_date)) as created_date,
    o.created_at is null as is_created_inferred,
    coalesce(o.created_is_day, true) as is_created_day_only,
    coalesce(x.custom, no_custom()) as custom,
    o.batch_id,
    o.line as source_line
from latest_opportunity o
cross join company co
left join crm.account a on a.account_id = o.account_id
left join owner_rep orep on orep.owner_id = o.owner_id
left join crm.rep r on r.rep_id = orep.rep_id
left join deal_lead k on k.opportunity_id = o.opportunity_id
left join latest_lead l on l.lead_id = k.lead_id
left join source_spelling s on s.folded = lower(o.source)
left join source_spelling ls on ls.folded = lower(l.source)
left join setting_channel c on c.source = lower(coalesce(s.source, ls.source))
left join campaign_key ck on ck.named_id = o.campaign_id
left join (
    select opportunity_id, min(b.snapshot_date) as seen_date
    from staged_opportunity
    join batch b using (batch_id)
    group by opportunity_id
) fs on fs.opportunity_id = o.opportunity_id
left join deal_custom x on x.opportunity_id = o.opportunity_id
left join first_line fl on fl.opportunity_id = o.opportunity_id;

create or replace table crm.opportunity_person as
select
    x.opportunity_id,
    p.person_id,
    x.contact_id as source_id,
    nullif(x.role, '') as role,
    coalesce(x.is_primary, false) as is_primary,
    x.batch_id,
    x.line as source_line
from latest_opportunity_contact x
join crm.person_source p on p.source_id = x.contact_id
where not coalesce(x.is_deleted, false)
-- A bare association adds nothing to one that names the role.
qualify nullif(x.role, '') is not null
    or count(nullif(x.role, '')) over (partition by x.opportunity_id, x.contact_id) = 0;

create or replace table crm.product as
select product_id, crm, name, family, price, batch_id, line as source_line
from latest_product
where not coalesce(is_deleted, false);

create or replace table crm.line_item as
select line_item_id, crm, opportunity_id, product_id, quantity, unit_price, total, batch_id, line as source_line
from latest_line_item
where not coalesce(is_deleted, false);
