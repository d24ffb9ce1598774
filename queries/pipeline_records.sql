/*
title = "Deals behind the pipeline"
definition = "The deals that funnel coverage counts, one by one, as they stood at the end of the as-of day, with the file and line that each was read from."
grain = "One row per deal."
direction = "none"
source = "METRICS: Coverage"
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
text = "Owner on the as-of day"
[columns.stage]
unit = "text"
text = "Stage on the as-of day"
[columns.status]
unit = "text"
text = "open, won, or blank where the stage says neither"
[columns.close_date]
unit = "date"
text = "Close date, as planned on the as-of day"
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
[columns.product]
unit = "text"
text = "Product"
[columns.business_type]
unit = "text"
text = "new, expansion or renewal"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.is_overdue]
unit = "flag"
text = "Open, and its close date has passed"
[columns.is_assumed]
unit = "flag"
text = "Its state on the as-of day is assumed, not recorded (its owner too, where the question is by owner or team)"
[columns.as_exported]
unit = "text"
text = "What the export says where a value is shown under another name here"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.kind]
type = "text"
text = "due (open, due in the period; the default), overdue, undated, without_amount, unmapped, assumed, won (in the period), won_without_amount, or open (all)"
choices = ["due", "overdue", "undated", "without_amount", "unmapped", "assumed", "won", "won_without_amount", "open"]
*/
with deals as (
    select
        * replace (
            is_assumed
                or (is_owner_assumed and ($owner is not null or $team is not null or cast($dimension as varchar) in ('owner', 'team')))
                as is_assumed
        ),
        is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due
    from opportunity_by($as_of, $dimension)
    where (status in ('open', 'won') or status is null)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
asked as (
    select *
    from deals
    where case coalesce(cast($kind as varchar), 'due')
            when 'due' then is_due
            when 'overdue' then is_overdue
            when 'undated' then status = 'open' and close_date is null
            when 'without_amount' then is_due and amount_base is null
            when 'unmapped' then status is null
            when 'assumed' then is_assumed
            when 'won' then status = 'won' and is_within(close_date, $period_start, $period_end)
            when 'won_without_amount'
                then status = 'won' and is_within(close_date, $period_start, $period_end) and amount_base is null
            when 'open' then status = 'open'
        end
        and is_chosen($dimension_value, dimension_value)
),
final as (
    select
        a.record_id, a.name, a.account, a.owner, a.stage, a.status, a.close_date, a.amount_base, a.amount,
        a.currency, a.segment, a.region, a.source, a.product, a.business_type, a.created_date, a.is_overdue,
        a.is_assumed, x.words as as_exported, b.file_name as file, a.source_line as line
    from asked a
    join crm.batch b on b.batch_id = a.batch_id
    left join crm.as_exported x on x.batch_id = a.batch_id and x.source_line = a.source_line
)
select * from final order by amount_base desc nulls last, record_id;
