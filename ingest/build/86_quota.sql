-- Imported goals. One row per measure, period, scope and version.
create or replace table crm.quota as
select
    lower(q.measure) as measure,
    q.period_start as period_start,
    q.period_end as period_end,
    coalesce(lower(nullif(q.scope, '')), 'company') as scope,
    case when q.owner_id is not null then rep.name else nullif(q.scope_value, '') end as scope_value,
    q.value,
    case when lower(q.measure) like '%amount' or lower(q.measure) like '%pipeline'
        then coalesce(upper(q.currency), c.currency) end as currency,
    case
        when lower(q.measure) like '%amount' or lower(q.measure) like '%pipeline'
            then try_cast(q.value * r.rate as decimal(18, 2))
        else q.value
    end as value_base,
    q.set_on_date as set_date,
    q.set_by,
    b.snapshot_at as imported_at,
    q.batch_id,
    q.line as source_line
from latest_quota q
cross join company c
join batch b using (batch_id)
left join owner_rep orep on orep.owner_id = q.owner_id
left join crm.rep rep on rep.rep_id = orep.rep_id
left join crm.currency_rate r
    on r.currency = coalesce(upper(q.currency), c.currency)
    and q.period_start >= r.valid_from and q.period_start < r.valid_to
where not coalesce(q.is_deleted, false);

create or replace table crm.cost as
select
    cast(date_trunc('month', q.month_date) as date) as month,
    q.department,
    q.kind,
    q.amount,
    coalesce(upper(q.currency), c.currency) as currency,
    try_cast(q.amount * r.rate as decimal(18, 2)) as amount_base,
    q.batch_id,
    q.line as source_line
from latest_cost q
cross join company c
left join crm.currency_rate r
    on r.currency = coalesce(upper(q.currency), c.currency)
    and q.month_date >= r.valid_from and q.month_date < r.valid_to;

create or replace table crm.series as
select name, day_date as day, cast(value as double) as value, batch_id, line as source_line
from latest_series;
