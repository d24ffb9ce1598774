/*
title = "Deals that show a habit"
definition = "The deals that show one of the habits (or, asked so, all of which it can be told), one by one, with what was seen, and the file and line that each was read from."
grain = "One row per deal."
direction = "none"
source = "DESIGN: deal history"
uses = ["as_of", "period_start", "period_end", "deal_dimension", "dimension_value", "deal_filters"]

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
text = "open, won or lost"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency"
[columns.seen_on]
unit = "date"
text = "The day of it: the close date of a won deal, else that of the change"
[columns.what]
unit = "text"
text = "What was seen; amounts as recorded"
[columns.lost_base]
unit = "money"
text = "What was cut at close, in the company's currency"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.close_date]
unit = "date"
text = "Close date"
[columns.is_found]
unit = "flag"
text = "It shows the habit"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.habit]
type = "texts"
text = "Only these habits; all without it"
[params.cases]
type = "text"
text = "found (the default): deals that show it; judged: all deals of which it can be told"
choices = ["found", "judged"]
*/
with final as (
    select
        c.record_id,
        c.name,
        c.account,
        c.owner,
        c.status,
        c.amount_base,
        c.case_date as seen_on,
        case when c.is_found then c.detail end as what,
        case when c.is_found then c.lost_base end as lost_base,
        c.created_date,
        c.close_date,
        c.is_found,
        b.file_name as file,
        c.source_line as line
    from deal_habit_case($as_of, $period_start, $period_end, $dimension) c
    join crm.batch b on b.batch_id = c.batch_id
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
        and is_chosen($habit, c.habit)
        and is_chosen($dimension_value, c.dimension_value)
        and (c.is_found or cast($cases as varchar) = 'judged')
)
select * from final order by seen_on desc, amount_base desc nulls last, record_id, what;
