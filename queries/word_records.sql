/*
title = "Records of a stage or status"
definition = "The deals that stand at a stage now, or the leads that have a status now, one by one."
grain = "One row per record."
direction = "none"
source = "settings.toml, words.toml"

[columns.record_id]
unit = "id"
text = "The record's id in its CRM"
[columns.name]
unit = "text"
text = "Deal or lead"
[columns.word]
unit = "text"
text = "The stage or status as exported"
[columns.status]
unit = "text"
text = "For a deal, what became of it: open, won, lost, or blank where nothing says"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.kind]
type = "text"
text = "stage (the default) or lead_status"
choices = ["stage", "lead_status"]
[params.crm]
type = "text"
text = "Only this CRM, by its short name"
[params.word]
type = "text"
text = "Only this stage or status"
*/
with every as (
    select 'stage' as kind, o.crm, o.record_id, o.name, s.stage as word, s.status, o.batch_id, o.source_line
    from crm.opportunity o
    join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
    where s.stage is not null and s.status is distinct from 'deleted'
    union all
    select 'lead_status', crm, record_id, 'Lead ' || record_id, status, null, batch_id, source_line
    from crm.lead
    where status is not null
),
final as (
    select e.record_id, e.name, e.word, e.status, b.file_name as file, e.source_line as line
    from every e
    join crm.batch b using (batch_id)
    where e.kind = coalesce(cast($kind as varchar), 'stage')
        and (cast($crm as varchar) is null or e.crm = cast($crm as varchar))
        and (cast($word as varchar) is null or lower(e.word) = lower(cast($word as varchar)))
)
select * from final order by file, line, record_id;
