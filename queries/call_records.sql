/*
title = "Calls behind a number"
definition = "The completed outbound calls of humans that a figure counts, one by one, with the file and line that each was read from."
grain = "One row per call."
direction = "none"
source = "METRICS: Week"
uses = ["as_of", "period_start", "period_end", "team", "owner"]

[columns.record_id]
unit = "id"
text = "The call's id in its CRM"
[columns.day]
unit = "date"
text = "Called on"
[columns.owner]
unit = "text"
text = "Who called"
[columns.team]
unit = "text"
text = "Team"
[columns.account]
unit = "text"
text = "Account"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"
*/
with calls as (
    select *
    from crm.activity
    where kind = 'call' and is_completed and not is_automated
        and coalesce(direction, 'outbound') = 'outbound'
        and activity_date <= cast($as_of as date)
        and is_within(activity_date, $period_start, $period_end)
        and is_chosen($team, team)
        and is_chosen($owner, owner)
),
final as (
    select
        substr(c.activity_id, strpos(c.activity_id, ':') + 1) as record_id,
        c.activity_date as day,
        c.owner,
        c.team,
        a.name as account,
        b.file_name as file,
        c.source_line as line
    from calls c
    join crm.batch b on b.batch_id = c.batch_id
    left join crm.account a on a.account_id = c.account_id
)
select * from final order by day desc, record_id;
