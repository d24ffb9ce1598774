-- What each stage means, in this order of trust: the flags that the CRM keeps on its own records, the company's
-- settings, the CRM's definition. A stage that none of them knows has no row, and its deals count as unmapped.
create or replace temp table stage_meaning as
with flagged as (
    select
        crm,
        lower(stage) as stage,
        case when is_won then 'won' when is_closed then 'lost' when not is_closed then 'open' end as status
    from staged_opportunity
    where stage is not null
),
voted as (
    select crm, stage, max_by(status, n) as status
    from (select crm, stage, status, count(*) as n from flagged where status is not null group by all)
    group by crm, stage
),
every as (
    select crm, stage, status, 1 as trust from voted
    union all
    select c.crm, s.stage, s.status, 2 from setting_stage s cross join (select distinct crm from batch) c
    where s.crm is null
    union all
    select crm, stage, status, 3 from setting_stage where crm is not null
)
select crm, stage, min_by(status, trust) as status
from every
group by crm, stage;

-- Each sighting of a deal by an export, with its status: the record's own word, its flags, its stage.
create or replace temp table sighting as
with lines as (
    -- A report with a row per product of a deal: the deal's amount is what its rows add up to.
    select batch_id, opportunity_id, cast(sum(total) as decimal(18, 2)) as total
    from staged_line_item
    group by batch_id, opportunity_id
)
select
    o.* replace (coalesce(o.amount, l.total) as amount),
    b.snapshot_at,
    b.snapshot_date,
    case
        when coalesce(o.is_deleted, false) then 'deleted'
        when lower(o.status) in ('open', 'won', 'lost') then lower(o.status)
        when o.is_won then 'won'
        when o.is_closed then 'lost'
        when not o.is_closed then 'open'
        else coalesce(m.status, ms.status)
    end as known_status
from staged_opportunity o
join batch b using (batch_id)
left join lines l on l.batch_id = o.batch_id and l.opportunity_id = o.opportunity_id
left join stage_meaning m on m.crm = o.crm and m.stage = lower(o.stage)
left join stage_meaning ms on ms.crm = o.crm and ms.stage = lower(o.status);
