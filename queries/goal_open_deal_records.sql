/*
title = "Open deals behind what is expected"
definition = "The open deals of a goal's scope, one by one, with the share of such deals that was won by the end of past periods and what each adds to what is expected."
grain = "One row per deal; none where the period is over."
direction = "none"
source = "METRICS: Goals, goal tree"
uses = ["as_of", "period_start", "period_end"]

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
[columns.stage]
unit = "text"
text = "Stage"
[columns.close_date]
unit = "date"
text = "Due on"
[columns.due]
unit = "text"
text = "overdue, before (the period), due (in it), later or undated"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency; blank without an amount or a rate"
[columns.share_won]
unit = "share"
text = "Share of such deals won by the end of past periods"
[columns.share_of_amount]
unit = "share"
text = "Share of their amounts that was won"
[columns.expected_amount]
unit = "money"
text = "Amount x share of amount"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.scope]
type = "text"
text = "The goal's kind of scope (company without it)"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Which team, segment, region or owner"
[params.due]
type = "text"
text = "Only deals due so"
choices = ["overdue", "before", "due", "later", "undated"]
*/
with final as (
    select
        d.record_id, d.name, d.account, d.owner, d.stage, d.close_date, d.due, d.amount_base, d.share_won, d.share_of_amount,
        cast(d.expected_amount as decimal(18, 2)) as expected_amount, b.file_name as file, d.source_line as line
    from goal_open_deal($as_of, $period_start, $period_end, $scope, $scope_value) d
    join crm.batch b on b.batch_id = d.batch_id
    where cast($due as varchar) is null or d.due = cast($due as varchar)
)
select * from final order by expected_amount desc nulls last, record_id;
