/*
title = "Passes behind a number"
definition = "The passes from marketing to sales that a figure counts, one by one: what sales decided and when, why it rejected, whether the lead was recycled and came to something, and the file and line of the pass."
grain = "One row per pass."
direction = "none"
source = "METRICS: Funnel and lead to close, acceptance and recycle yield"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "dimension_value", "lead_filters"]

[columns.record_id]
unit = "id"
text = "The id, in its CRM, of the lead (or of the deal, where the pass names no lead)"
[columns.owner]
unit = "text"
text = "Owner"
[columns.decision]
unit = "text"
text = "accepted, rejected, undecided, or past SLA, by the as-of day"
[columns.reason]
unit = "text"
text = "Why it was rejected"
[columns.passed_date]
unit = "date"
text = "Passed to sales on (decided on, where no pass is recorded)"
[columns.decided_date]
unit = "date"
text = "Decided on; blank where no decision is recorded"
[columns.is_implied]
unit = "flag"
text = "Accepted because the lead became a deal; no decision is recorded"
[columns.recycled_date]
unit = "date"
text = "Back to marketing on"
[columns.is_recovered]
unit = "flag"
text = "Recycled, and later accepted or won"
[columns.source]
unit = "text"
text = "Source"
[columns.segment]
unit = "text"
text = "Segment"
[columns.region]
unit = "text"
text = "Region"
[columns.status]
unit = "text"
text = "Status in the CRM, as last exported"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.state]
type = "text"
text = "Only passes that are accepted, implied, rejected, undecided, past SLA, recycled or recovered"
choices = ["accepted", "implied", "rejected", "undecided", "past SLA", "recycled", "recovered"]
[params.reason]
type = "texts"
text = "Only passes rejected for these reasons; a blank one for those without"
*/
with passes as (
    select *
    from handoff_by($as_of, $dimension)
    where is_within(passed_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
        and is_chosen($dimension_value, dimension_value)
        and is_chosen($reason, reason)
        and case coalesce(cast($state as varchar), 'any')
            when 'any' then true
            when 'implied' then is_implied
            when 'recycled' then is_recycled
            when 'recovered' then is_recovered
            else state = cast($state as varchar)
        end
),
final as (
    select
        p.record_id, p.owner, p.state as decision, p.reason, p.passed_date, p.decided_date, p.is_implied,
        p.recycled_date, p.is_recovered, p.source, p.segment, p.region, p.status,
        b.file_name as file, p.source_line as line
    from passes p
    join crm.batch b on b.batch_id = p.batch_id
)
select * from final order by passed_date desc, record_id;
