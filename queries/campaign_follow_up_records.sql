/*
title = "Leads behind the follow-up match"
definition = "The leads of the follow-up match, one by one: where each came from, how and when sales first reached out to it, and whether it became a deal and was won in time."
grain = "One row per lead."
direction = "none"
source = "METRICS: Campaigns, follow-up match"
uses = ["as_of", "lead_filters"]

[columns.record_id]
unit = "id"
text = "The lead's id in its CRM"
[columns.origin_value]
unit = "text"
text = "Where it came from"
[columns.kind]
unit = "text"
text = "First follow-up: call, email, meeting, or none"
[columns.delay]
unit = "text"
text = "Days until it, in words"
[columns.ready_date]
unit = "date"
text = "Passed to sales on (or created, where no pass is recorded)"
[columns.follow_up_date]
unit = "date"
text = "First followed up on"
[columns.is_deal_in_time]
unit = "flag"
text = "A deal in time"
[columns.is_won_in_time]
unit = "flag"
text = "Won in time"
[columns.campaign]
unit = "text"
text = "Campaign"
[columns.source]
unit = "text"
text = "Source"
[columns.owner]
unit = "text"
text = "Owner"
[columns.title]
unit = "text"
text = "Title"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.origin]
type = "text"
text = "vehicle (the default), channel or campaign of the campaign that brought the lead, or the lead's source"
choices = ["vehicle", "channel", "campaign", "source"]
[params.days]
type = "number"
text = "Days after the pass in which follow-up, deal and win count; 120 without it"
[params.origin_value]
type = "texts"
text = "Only these origins; a blank one for leads of none"
[params.kind]
type = "text"
text = "Only leads first followed up so: call, email, meeting or none"
choices = ["call", "email", "meeting", "none"]
[params.delay]
type = "text"
text = "Only leads followed up after so long"
choices = ["same day", "next day", "2 to 7 days", "later", "never"]
*/
with leads as (
    select *
    from followed_lead($as_of, $origin, $days)
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
        and is_chosen($origin_value, origin_value)
        and (cast($kind as varchar) is null or kind = cast($kind as varchar))
        and (cast($delay as varchar) is null or delay = cast($delay as varchar))
),
final as (
    select
        l.record_id, l.origin_value, l.kind, l.delay, l.ready_date, l.follow_up_date, l.is_deal_in_time,
        l.is_won_in_time, l.campaign, l.source, l.owner, l.title, b.file_name as file, l.source_line as line
    from leads l
    join crm.batch b on b.batch_id = l.batch_id
)
select * from final order by ready_date desc, record_id;
