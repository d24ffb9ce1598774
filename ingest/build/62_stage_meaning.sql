-- What each stage means, in this order of trust: the flags (or the status) that the CRM keeps on its own records, what
-- was decided on a page, settings.toml, the CRM's definition. A stage that none of them knows has no row, and its deals
-- count as unmapped.
create or replace temp table stage_meaning as
with flagged as (
    select
        crm,
        lower(stage) as stage,
        case
            when is_won then 'won'
            when is_closed then 'lost'
            when not is_closed then 'open'
            -- A won deal may keep its last open stage, so a status other than open says nothing of the stage.
            when lower(status) = 'open' then 'open'
        end as status
    from staged_opportunity
    where stage is not null
),
voted as (
    select crm, stage, max_by(status, (n, status)) as status
    from (select crm, stage, status, count(*) as n from flagged where status is not null group by all)
    group by crm, stage
),
every as (
    select crm, stage, status, 1 as trust, 'flags of the CRM' as origin from voted
    union all
    select c.crm, s.word, s.meaning, s.trust, s.origin
    from setting_stage s
    cross join (select distinct crm from batch) c
    where s.crm is null or s.crm = c.crm
)
select crm, stage, min_by(status, trust) as status, min_by(origin, trust) as origin
from every
group by crm, stage;

-- Each sighting of a deal by an export, with its status: the record's own word, its flags, what its own word means, and
-- only then its stage.
create or replace temp table sighting as
with lines as (
    -- A report with a row per product of a deal: the deal's amount is what its rows add up to.
    select batch_id, opportunity_id, cast(sum(total) as decimal(18, 2)) as total
    from staged_line_item
    group by batch_id, opportunity_id
),
present as (
    -- An export without a column says nothing of that field.
    select
        batch_id,
        bool_or(column_name in ('stage', 'status', 'is_won', 'is_closed')) as has_status,
        bool_or(column_name in ('stage', 'status')) as has_stage,
        bool_or(table_name = 'opportunity' and column_name = 'amount' or table_name = 'line_item') as has_amount,
        bool_or(column_name = 'close_date') as has_close_date,
        bool_or(column_name = 'owner_id') as has_owner,
        bool_or(column_name = 'forecast_category') as has_forecast
    from present_column
    where table_name in ('opportunity', 'line_item')
    group by batch_id
)
select
    o.* replace (
        -- Where an export has no stage, a status that is a word of the CRM's own stands for one.
        coalesce(o.stage, case when lower(o.status) not in ('open', 'won', 'lost') then o.status end) as stage,
        coalesce(o.amount, l.total) as amount
    ),
    b.snapshot_at,
    b.snapshot_date,
    p.* exclude (batch_id),
    case
        when coalesce(o.is_deleted, false) then 'deleted'
        when lower(o.status) in ('open', 'won', 'lost') then lower(o.status)
        when o.is_won then 'won'
        when o.is_closed then 'lost'
        when not o.is_closed then 'open'
        else coalesce(ms.status, m.status)
    end as known_status
from staged_opportunity o
join batch b using (batch_id)
left join lines l on l.batch_id = o.batch_id and l.opportunity_id = o.opportunity_id
join present p on p.batch_id = o.batch_id
left join stage_meaning m on m.crm = o.crm and m.stage = lower(o.stage)
left join stage_meaning ms on ms.crm = o.crm and ms.stage = lower(o.status);
