/*
title = "Created deals behind a number"
definition = "The deals created in the period, one by one, with what had become of each by the as-of day: what the win rates of a created cohort and within so many days count. The deals decided in a period are opened by the decided deals instead."
grain = "One row per deal."
direction = "none"
source = "METRICS: Funnel and lead to close, win rate on four bases"
uses = ["as_of", "period_start", "period_end", "deal_dimension", "dimension_value", "deal_filters"]

[columns.record_id]
unit = "id"
text = "The deal's id in its CRM"
[columns.name]
unit = "text"
text = "Deal"
[columns.owner]
unit = "text"
text = "Owner"
[columns.status]
unit = "text"
text = "open, won or lost by the as-of day"
[columns.is_won]
unit = "flag"
text = "Won; with days, won within so many days of creation"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.close_date]
unit = "date"
text = "Closed on, or due"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency; blank without an amount or a rate"
[columns.account]
unit = "text"
text = "Account"
[columns.source]
unit = "text"
text = "Source"
[columns.business_type]
unit = "text"
text = "new, expansion or renewal"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.days]
type = "number"
text = "Only deals at least so many days old, and won only if within so many days"
*/
with deals as (
    select
        *,
        coalesce(status = 'won' and (
            cast($days as integer) is null or date_diff('day', created_date, close_date) <= cast($days as integer)
        ), false) as is_won
    from opportunity_by($as_of, $dimension)
    where status is not null
        and not is_created_inferred
        and created_date <= cast($as_of as date)
        and is_within(created_date, $period_start, $period_end)
        and (
            cast($days as integer) is null
            or date_diff('day', created_date, cast($as_of as date)) >= cast($days as integer)
        )
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
final as (
    select
        d.record_id, d.name, d.owner, d.status, d.is_won, d.created_date, d.close_date, d.amount_base, d.account,
        d.source, d.business_type, b.file_name as file, d.source_line as line
    from deals d
    join crm.batch b on b.batch_id = d.batch_id
    where is_chosen($dimension_value, d.dimension_value)
)
select * from final order by created_date desc, amount_base desc nulls last, record_id;
