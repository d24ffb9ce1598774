/*
title = "Deals behind the forecast"
definition = "Open deals that are due in the period and called by a forecast category, at the end of the as-of day, or on an earlier day with what became of them by now."
grain = "One row per deal."
direction = "none"
source = "METRICS: Coverage (forecast categories)"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.record_id]
unit = "id"
text = "The deal's id in its CRM"
[columns.name]
unit = "text"
text = "Deal"
[columns.account]
unit = "text"
text = "Account"
[columns.owner]
unit = "text"
text = "Owner on the day asked about"
[columns.amount_base]
unit = "money"
text = "Amount on the day asked about, in the company's currency"
[columns.forecast]
unit = "text"
text = "Forecast category on the day asked about"
[columns.forecast_now]
unit = "text"
text = "Forecast category on the as-of day"
[columns.status_now]
unit = "text"
text = "open, won or lost on the as-of day; blank where the deal is gone or its stage means nothing"
[columns.stage_now]
unit = "text"
text = "Stage on the as-of day"
[columns.close_date]
unit = "date"
text = "Close date on the day asked about"
[columns.close_now]
unit = "date"
text = "Close date on the as-of day"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.on_day]
type = "date"
text = "The day on which they were called so (the as-of day without it)"
[params.forecast]
type = "texts"
text = "Only these forecast categories; a blank one for deals without one"
*/
with called as (
    select *, forecast_call(forecast_category) as forecast
    from opportunity_at(coalesce(cast($on_day as date), cast($as_of as date)))
    where is_due_on(coalesce(cast($on_day as date), cast($as_of as date)), status, close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
final as (
    select
        c.record_id, c.name, c.account, c.owner, c.amount_base, c.forecast,
        forecast_call(n.forecast_category) as forecast_now, n.status as status_now, n.stage as stage_now,
        c.close_date, n.close_date as close_now, b.file_name as file, c.source_line as line
    from called c
    left join opportunity_at($as_of) n on n.opportunity_id = c.opportunity_id
    join crm.batch b on b.batch_id = c.batch_id
    where is_chosen($forecast, c.forecast)
)
select * from final order by amount_base desc nulls last, record_id;
