/*
title = "Deals that were due when a period began"
definition = "The deals that were open and due in the period at the end of the day before it began, each as it stood then and at the period's end (or at the end of the as-of day), with what became of it."
grain = "One row per deal."
direction = "none"
source = "METRICS: Coverage, slippage"
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
text = "Owner when the period began"
[columns.amount_base]
unit = "money"
text = "Amount when the period began, in the company's currency"
[columns.outcome]
unit = "text"
text = "won, lost, slipped, left open (still due in the period), deleted, or unmapped"
[columns.close_date]
unit = "date"
text = "Close date when the period began"
[columns.close_after]
unit = "date"
text = "Close date at its end"
[columns.stage]
unit = "text"
text = "Stage when the period began"
[columns.stage_after]
unit = "text"
text = "Stage at its end"
[columns.amount_after]
unit = "money"
text = "Amount at its end"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.outcome]
type = "text"
text = "What became of the deals; all without it"
choices = ["won", "lost", "slipped", "left"]
*/
with periods as (
    select cast($period_start as date) as period_start, cast($period_end as date) as period_end
    where $period_start is not null and $period_end is not null
),
asked as (
    select *
    from due_at_start($as_of, 'periods')
    where is_due
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
        and case coalesce(cast($outcome as varchar), 'any')
            when 'any' then true
            when 'left' then outcome in ('left_open', 'deleted', 'unmapped')
            else outcome = cast($outcome as varchar)
        end
),
final as (
    select
        a.record_id, a.name, a.account, a.owner, a.amount_base, replace(a.outcome, '_', ' ') as outcome, a.close_date,
        a.close_after, a.stage, a.stage_after, a.amount_after, a.created_date, b.file_name as file,
        a.source_line as line
    from asked a
    join crm.batch b on b.batch_id = a.batch_id
)
select * from final order by amount_base desc nulls last, record_id;
