/*
title = "A metric, day by day"
definition = "Each of the metrics that a team may pick, as daily values that any longer span is made of: added up (leads, deals, amounts), divided (rates and means: the values of the span over its weights), or the last of the span (what stands open). What each one means stands in the catalogue of metrics. A day without anything to count is 0 where counts are added up, and is left out where it has nothing to divide by; what the exports do not record at all has no rows. Days after the as-of day are left out, and nothing that came to be known after it counts."
grain = "One row per metric and day, from the first day that the exports know to the as-of day."
direction = "none"
source = "METRICS: Week; the metrics' own definitions in queries/metrics.toml"
records = "metric_records"
uses = ["as_of", "deal_filters"]

[columns.metric]
unit = "text"
text = "The metric's name in the catalogue"
[columns.day]
unit = "date"
text = "The day"
[columns.value]
unit = "number"
text = "What is added up, or stands above the line"
[columns.weight]
unit = "number"
text = "What stands below the line, for rates and means; a dash for others"

[params.metrics]
type = "texts"
text = "Only these metrics; all without it"
*/
with asked as (
    select
        cast($as_of as date) as as_of
),
stood as materialized (
    select from_date, until_date, coalesce(amount_base, 0) as amount
    from crm.deal_as_of
    cross join asked a
    where status = 'open' and from_date <= a.as_of
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
standing as (
    -- What is added to and taken from what stands open, day by day.
    select from_date as day, 1 as deals, amount from stood
    union all
    select until_date, -1, -amount from stood cross join asked a where until_date <= a.as_of
),
wanted as (
    select f.metric, f.day, f.value, f.weight
    from metric_fact(
        $as_of, $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    ) f
    cross join asked a
    where f.day <= a.as_of and is_chosen($metrics, f.metric)
),
summed as (
    select metric, day, sum(value) as value, sum(weight) as weight
    from wanted
    group by metric, day
),
edges as (
    select metric, min(day) as first_day, bool_or(weight is not null) as is_divided
    from summed
    group by metric
),
known_days as (
    -- A count is known from the first day on which anything of its kind is.
    select e.metric, e.is_divided, c.day
    from edges e
    cross join asked a
    join crm.calendar c on c.day >= e.first_day and c.day <= a.as_of
),
filled as (
    select
        k.metric,
        k.day,
        coalesce(s.value, 0) as value,
        case when k.is_divided then coalesce(s.weight, 0) end as weight
    from known_days k
    left join summed s on s.metric = k.metric and s.day = k.day
    where not k.is_divided or s.metric is not null
),
open_by_day as (
    select day, sum(deals) as deals, sum(amount) as amount
    from standing
    group by day
),
open_days as (
    select
        c.day,
        sum(o.deals) over (order by c.day) as deals,
        sum(o.amount) over (order by c.day) as amount
    from crm.calendar c
    cross join asked a
    left join open_by_day o on o.day = c.day
    where c.day >= (select min(day) from open_by_day) and c.day <= a.as_of
),
final as (
    select metric, day, cast(value as double) as value, cast(weight as double) as weight from filled
    union all
    select 'open_deal_count', day, cast(deals as double), null from open_days where is_chosen($metrics, 'open_deal_count')
    union all
    select 'open_pipeline', day, cast(amount as double), null from open_days where is_chosen($metrics, 'open_pipeline')
)
select * from final order by metric, day;
