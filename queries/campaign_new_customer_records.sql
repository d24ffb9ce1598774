/*
title = "New customers"
definition = "The customers first won in the period, each by the deal that won it."
grain = "One row per new customer."
direction = "none"
source = "METRICS: Campaigns, CAC"
uses = ["as_of", "period_start", "period_end"]

[columns.record_id]
unit = "id"
text = "The deal's id in its CRM"
[columns.account]
unit = "text"
text = "Account"
[columns.name]
unit = "text"
text = "The deal that won it"
[columns.close_date]
unit = "date"
text = "Closed on"
[columns.amount]
unit = "money"
text = "Amount of that deal"
[columns.owner]
unit = "text"
text = "Owner"
[columns.source]
unit = "text"
text = "Source"
[columns.file]
unit = "text"
text = "Export file of the deal"
[columns.line]
unit = "count"
text = "Line in that file"
*/
with final as (
    select
        c.record_id, c.account, c.name, c.close_date, c.amount_base as amount, c.owner, c.source,
        b.file_name as file, c.source_line as line
    from new_customer($as_of) c
    join crm.batch b on b.batch_id = c.batch_id
    where is_within(c.close_date, $period_start, $period_end)
)
select * from final order by close_date desc, record_id;
