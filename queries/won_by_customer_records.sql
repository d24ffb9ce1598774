/*
title = "Decided deals with new and existing customers"
definition = "The deals won and lost in the period, one by one, each with the kind of customer that it was decided with."
grain = "One row per deal."
direction = "none"
source = "METRICS: Goals, sourced and influenced"
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
text = "Owner"
[columns.status]
unit = "text"
text = "won or lost"
[columns.close_date]
unit = "date"
text = "Closed on"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency; blank without an amount or a rate"
[columns.business_type]
unit = "text"
text = "new, expansion or renewal"
[columns.source]
unit = "text"
text = "Source"
[columns.customer]
unit = "text"
text = "new or existing; blank where the exports name neither an account nor a type"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.outcome]
type = "text"
text = "won or lost; both without it"
choices = ["won", "lost"]
[params.customer]
type = "texts"
text = "Only deals with these kinds of customer; a blank one for those of which nothing can be said"
*/
with final as (
    select
        d.record_id, d.name, d.account, d.owner, d.status, d.close_date, d.amount_base, d.business_type, d.source,
        d.customer, b.file_name as file, d.source_line as line
    from deal_customer($as_of) d
    join crm.batch b on b.batch_id = d.batch_id
    where is_within(d.close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
        and (cast($outcome as varchar) is null or d.status = cast($outcome as varchar))
        and is_chosen($customer, d.customer)
)
select * from final order by amount_base desc nulls last, record_id;
