/*
title = "Records that are left out"
definition = "The deals and leads that a page leaves out, one by one, with the file and line that each was read from."
grain = "One row per deal or lead."
direction = "none"
source = "DESIGN: nothing is dropped in silence"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.record_id]
unit = "id"
text = "The record's id in its CRM"
[columns.name]
unit = "text"
text = "Deal or lead"
[columns.account]
unit = "text"
text = "Account"
[columns.owner]
unit = "text"
text = "Owner"
[columns.stage]
unit = "text"
text = "Stage on the as-of day"
[columns.status]
unit = "text"
text = "open, won or lost, blank where the stage says none; of a lead, its status in the CRM"
[columns.close_date]
unit = "date"
text = "Close date"
[columns.amount]
unit = "number"
text = "Amount as recorded"
[columns.currency]
unit = "text"
text = "Currency as recorded"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.of]
type = "text"
text = "As in left_out"
choices = ["pipeline", "deals", "leads"]
[params.reason]
type = "text"
text = "Only records left out for this reason; all without it"
choices = ["unmapped", "no_rate", "unknown_lead_status"]
*/
with final as (
    select
        r.record_id, r.name, r.account, r.owner, r.stage, r.status, r.close_date, r.amount, r.currency,
        b.file_name as file, r.source_line as line
    from left_out_of(
        $as_of, coalesce(cast($of as varchar), 'deals'), $period_start, $period_end,
        $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    ) r
    join crm.batch b using (batch_id)
    where cast($reason as varchar) is null or r.reason = cast($reason as varchar)
)
select * from final order by file, line, record_id;
