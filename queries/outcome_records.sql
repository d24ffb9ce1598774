/*
title = "Decided deals behind a number"
definition = "The won and lost deals that a figure counts, one by one, with the file and line that each was read from."
grain = "One row per deal."
direction = "none"
source = "METRICS: Funnel and lead to close, win rate; Goals, sourced and influenced"
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
text = "won or lost; blank where the stage says neither open, won nor lost"
[columns.close_date]
unit = "date"
text = "Closed on"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency; blank without an amount or a rate"
[columns.amount]
unit = "number"
text = "Amount as recorded"
[columns.currency]
unit = "text"
text = "Currency as recorded"
[columns.segment]
unit = "text"
text = "Segment"
[columns.region]
unit = "text"
text = "Region"
[columns.source]
unit = "text"
text = "Source"
[columns.business_type]
unit = "text"
text = "new, expansion or renewal"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.lost_reason]
unit = "text"
text = "Why it was lost"
[columns.is_sourced]
unit = "flag"
text = "Sourced by marketing, by the test in the settings"
[columns.is_influenced]
unit = "flag"
text = "Someone on the deal answered a campaign before the deal was created"
[columns.as_exported]
unit = "text"
text = "What the export says where a value is shown under another name here"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.outcome]
type = "text"
text = "won, lost, or unmapped (its stage says neither open, won nor lost; in the period or without a close date); won and lost without it"
choices = ["won", "lost", "unmapped"]
[params.view]
type = "text"
text = "Only deals that this test calls sourced or influenced; won leaves all"
choices = ["won", "sourced_by_field", "sourced_by_first_touch", "sourced_by_touch_before_activity", "influenced_before_created", "influenced_before_closed"]
*/
with deals as (
    select *
    from opportunity_by($as_of, $dimension)
    where case
            when cast($outcome as varchar) = 'unmapped' then status is null
                and (is_within(close_date, $period_start, $period_end) or close_date is null)
            else status in ('won', 'lost')
                and is_within(close_date, $period_start, $period_end)
                and (cast($outcome as varchar) is null or status = cast($outcome as varchar))
        end
        and case coalesce(cast($view as varchar), 'won')
            when 'won' then true
            when 'sourced_by_field' then is_sourced_by_field
            when 'sourced_by_first_touch' then is_sourced_by_first_touch
            when 'sourced_by_touch_before_activity' then is_sourced_by_touch_before_activity
            when 'influenced_before_created' then is_influenced_before_created
            when 'influenced_before_closed' then is_influenced_before_closed
        end
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
final as (
    select
        d.record_id, d.name, d.account, d.owner, d.status, d.close_date, d.amount_base, d.amount, d.currency,
        d.segment, d.region, d.source, d.business_type, d.created_date, d.lost_reason, d.is_sourced,
        d.is_influenced_before_created as is_influenced, x.words as as_exported, b.file_name as file, d.source_line as line
    from deals d
    join crm.batch b on b.batch_id = d.batch_id
    left join crm.as_exported x on x.batch_id = d.batch_id and x.source_line = d.source_line
    where is_chosen($dimension_value, d.dimension_value)
)
select * from final order by close_date desc, amount_base desc nulls last, record_id;
