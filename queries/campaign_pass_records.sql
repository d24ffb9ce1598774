/*
title = "Leads passed to sales"
definition = "Every pass of a lead to sales in the period, with what sales decided by the as-of day and the reason that it gave."
grain = "One row per pass."
direction = "none"
source = "METRICS: Funnel and lead to close, acceptance"
uses = ["as_of", "period_start", "period_end", "dimension_value", "lead_filters"]

[columns.record_id]
unit = "id"
text = "The lead's id in its CRM"
[columns.passed_date]
unit = "date"
text = "Passed on"
[columns.decision]
unit = "text"
text = "accepted or rejected; blank where nothing is decided yet"
[columns.reason]
unit = "text"
text = "Reason of a rejection"
[columns.decided_date]
unit = "date"
text = "Decided on"
[columns.source]
unit = "text"
text = "Source"
[columns.campaign]
unit = "text"
text = "Campaign"
[columns.owner]
unit = "text"
text = "Owner"
[columns.title]
unit = "text"
text = "Title"
[columns.file]
unit = "text"
text = "Export file of the pass"
[columns.line]
unit = "count"
text = "Line in that file"

[params.dimension]
type = "text"
text = "source (the default), channel, campaign or vehicle"
choices = ["source", "channel", "campaign", "vehicle"]
[params.decision]
type = "text"
text = "Only passes accepted, rejected or undecided"
choices = ["accepted", "rejected", "undecided"]
[params.reason]
type = "texts"
text = "Only rejections for these reasons; a blank one for those without a reason"
*/
with passes as (
    select *
    from pass_by($as_of, $dimension)
    where is_within(passed_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
        and is_chosen($dimension_value, dimension_value)
        and (cast($decision as varchar) is null or coalesce(decision, 'undecided') = cast($decision as varchar))
        and (cast($reason as varchar[]) is null or (decision = 'rejected' and is_chosen($reason, reason)))
),
final as (
    select
        p.record_id, p.passed_date, p.decision, p.reason, p.decided_date, p.source, p.campaign, p.owner, p.title,
        b.file_name as file, p.pass_line as line
    from passes p
    join crm.batch b on b.batch_id = p.pass_batch_id
)
select * from final order by passed_date desc, record_id;
