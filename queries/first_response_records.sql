/*
title = "Waits behind a number"
definition = "The passes to sales (or the leads from their creation) that a figure counts, one by one: when the wait began, when it was answered and how, and the file and line of the lead and of the answer."
grain = "One row per wait."
direction = "none"
source = "METRICS: Funnel and lead to close, speed to lead"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "dimension_value", "lead_filters"]

[columns.record_id]
unit = "id"
text = "The lead's id in its CRM"
[columns.owner]
unit = "text"
text = "Owner"
[columns.verdict]
unit = "text"
text = "in time, late (answered late, or past the SLA without an answer), or not due"
[columns.waited_hours]
unit = "number"
text = "Hours waited, to the answer or so far; blank where only a day is known"
[columns.waited_days]
unit = "days"
text = "Days waited, to the answer or so far"
[columns.is_answered]
unit = "flag"
text = "Answered by the as-of day"
[columns.from_date]
unit = "date"
text = "The wait began on"
[columns.from_time]
unit = "time"
text = "The wait began at, in the company's time zone; blank where only the day is known"
[columns.responded_date]
unit = "date"
text = "Answered on"
[columns.responded_time]
unit = "time"
text = "Answered at, in the company's time zone; blank where only the day is known"
[columns.kind]
unit = "text"
text = "The answer: call, email or meeting"
[columns.source]
unit = "text"
text = "Source"
[columns.segment]
unit = "text"
text = "Segment"
[columns.status]
unit = "text"
text = "Status in the CRM, as last exported"
[columns.file]
unit = "text"
text = "Export file of the lead"
[columns.line]
unit = "count"
text = "Line in that file"
[columns.answer_file]
unit = "text"
text = "Export file of the answer"
[columns.answer_line]
unit = "count"
text = "Line in that file"

[params.clock]
type = "text"
text = "From when: pass (to sales) or created; without it the pass, where any is recorded"
choices = ["pass", "created"]
[params.verdict]
type = "text"
text = "Only waits that are in time, late, not due, or unanswered"
choices = ["in time", "late", "not due", "unanswered"]
*/
with waits as (
    select *
    from first_response_by($as_of, $clock, $dimension)
    where is_within(from_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
        and is_chosen($dimension_value, dimension_value)
        and (
            cast($verdict as varchar) is null
            or verdict = cast($verdict as varchar)
            or (cast($verdict as varchar) = 'unanswered' and not is_answered)
        )
),
final as (
    select
        w.record_id, w.owner, w.verdict, w.waited_hours, w.waited_days, w.is_answered, w.from_date, w.from_time,
        w.responded_date, w.responded_time, w.kind, w.source, w.segment, w.status,
        b.file_name as file, w.source_line as line, ab.file_name as answer_file, a.source_line as answer_line
    from waits w
    join crm.batch b on b.batch_id = w.batch_id
    left join crm.activity a on a.activity_id = w.activity_id
    left join crm.batch ab on ab.batch_id = a.batch_id
)
select * from final order by waited_days desc, record_id, from_date;
