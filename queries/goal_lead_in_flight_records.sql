/*
title = "Leads in flight"
definition = "The leads on their way, one by one: known for at most 180 days, no deal yet, not turned down by sales."
grain = "One row per lead; none where the period is over, or for a team's or an owner's goal."
direction = "none"
source = "METRICS: Goals, goal tree"
uses = ["as_of", "period_start", "period_end"]

[columns.record_id]
unit = "id"
text = "The lead's id in its CRM"
[columns.stage]
unit = "text"
text = "The furthest stage reached by the as-of day"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.source]
unit = "text"
text = "Source"
[columns.owner]
unit = "text"
text = "Owner"
[columns.segment]
unit = "text"
text = "Segment"
[columns.region]
unit = "text"
text = "Region"
[columns.title]
unit = "text"
text = "Job title"
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
text = "Which segment or region"
[params.stage]
type = "text"
text = "Only leads that came exactly so far"
choices = ["lead", "mql", "sal", "sql"]
*/
with asked as (
    select cast($as_of as date) as point
    where cast($period_end as date) > cast($as_of as date) + 1
        and cast($period_start as date) is not null
        and coalesce(cast($scope as varchar), 'company') in ('company', 'segment', 'region')
),
final as (
    select
        l.record_id, f.stage, l.created_date, l.source, l.owner, l.segment, l.region, l.title,
        b.file_name as file, l.source_line as line
    from goal_lead_in_flight('asked') f
    join crm.lead l using (lead_id)
    join crm.batch b on b.batch_id = l.batch_id
    where goal_is_of($scope, $scope_value, cast(null as varchar), cast(null as varchar), f.segment, f.region)
        and (cast($stage as varchar) is null or f.stage = cast($stage as varchar))
)
select * from final order by created_date desc nulls last, record_id;
