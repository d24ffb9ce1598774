/*
title = "Records behind a metric"
definition = "The things that one metric counted or divided by in a period, one by one, by the metric's own definition in the catalogue: their values add up to what the metric says, or, for rates and means, values over weights do. What stands open on a day has records of its own."
grain = "One row per thing that counts."
direction = "none"
source = "METRICS: Week; the metrics' own definitions in queries/metrics.toml"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.record_id]
unit = "id"
text = "Its id in its CRM; of a spending that of the campaign"
[columns.kind]
unit = "text"
text = "lead, pass to sales, wait for sales, deal, activity, answer or spending"
[columns.name]
unit = "text"
text = "Deal; blank for others"
[columns.owner]
unit = "text"
text = "Owner; blank where there is none"
[columns.day]
unit = "date"
text = "The day on which it counts"
[columns.value]
unit = "number"
text = "What it adds, or adds above the line"
[columns.weight]
unit = "number"
text = "What it adds below the line; a dash for what is added up"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.metric]
type = "text"
text = "The metric's name in the catalogue; none has records without it"
*/
with facts as (
    select *
    from metric_fact($as_of, $segment, $region, $team, $owner, $source, $product, $business_type, $custom)
    where metric = cast($metric as varchar)
        and day <= cast($as_of as date)
        and is_within(day, $period_start, $period_end)
),
final as (
    select
        f.record_id, f.kind, f.name, f.owner, f.day, cast(f.value as double) as value,
        cast(f.weight as double) as weight, b.file_name as file, f.source_line as line
    from facts f
    join crm.batch b on b.batch_id = f.batch_id
)
select * from final order by day, record_id, value desc;
