/*
title = "Won deals by the tests that call them sourced"
definition = "The deals won in the period, one by one, each with the tests that call it sourced by marketing."
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
[columns.tests]
unit = "text"
text = "The tests that call it sourced: field, first touch, before sales; none"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.tests]
type = "text"
text = "Only deals that exactly these tests call sourced"
[params.by]
type = "text"
text = "Only deals that this test calls sourced"
choices = ["source_field", "first_touch", "touch_before_activity"]
[params.not_by]
type = "text"
text = "Only deals that this test does not call sourced"
choices = ["source_field", "first_touch", "touch_before_activity"]
*/
with won as (
    select
        *, sourced_tests(is_sourced_by_field, is_sourced_by_first_touch, is_sourced_by_touch_before_activity) as tests
    from opportunity_at($as_of)
    where status = 'won'
        and is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
final as (
    select
        w.record_id, w.name, w.account, w.owner, w.status, w.close_date, w.amount_base, w.business_type, w.source,
        w.tests, b.file_name as file, w.source_line as line
    from won w
    join crm.batch b on b.batch_id = w.batch_id
    where (cast($tests as varchar) is null or w.tests = cast($tests as varchar))
        and case cast($by as varchar)
            when 'source_field' then w.is_sourced_by_field
            when 'first_touch' then w.is_sourced_by_first_touch
            when 'touch_before_activity' then w.is_sourced_by_touch_before_activity
            else true
        end
        and not case cast($not_by as varchar)
            when 'source_field' then w.is_sourced_by_field
            when 'first_touch' then w.is_sourced_by_first_touch
            when 'touch_before_activity' then w.is_sourced_by_touch_before_activity
            else false
        end
)
select * from final order by amount_base desc nulls last, record_id;
