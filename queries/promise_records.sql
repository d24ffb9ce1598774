/*
title = "Records behind a promise"
definition = "The leads, passes and waits that one promise was judged by in a period (a week, by its first day and the day after its last), one by one: whether each kept it, broke it, or is in no share, what became of it, and the file and line of the record. Of what is only counted, every record is a kept one."
grain = "One row per lead, pass or wait."
direction = "none"
source = "The agreement between the teams (SLA)"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

[columns.record_id]
unit = "id"
text = "The lead's id in its CRM (or the deal's, where a pass names no lead)"
[columns.verdict]
unit = "text"
text = "kept, broken, or open (in no share)"
[columns.outcome]
unit = "text"
text = "What became of it: the decision, the answer, how it was let go"
[columns.owner]
unit = "text"
text = "Owner"
[columns.day]
unit = "date"
text = "Came in or was passed to sales on: the day by which it belongs to its week"
[columns.limit_date]
unit = "date"
text = "Should have happened by; of answers the day only, for they are judged by the hour"
[columns.done_date]
unit = "date"
text = "Decided, answered or let go on; blank where it was not by the as-of day"
[columns.attempts]
unit = "count"
text = "Attempts before it was let go; blank for other promises, and where nobody knows"
[columns.kind]
unit = "text"
text = "lead, pass to sales, or wait for sales"
[columns.source]
unit = "text"
text = "Source"
[columns.segment]
unit = "text"
text = "Segment"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.promise]
type = "text"
text = "The promise; none has records without it"
choices = ["leads", "mql", "accepted", "decided", "responded", "attempts"]
[params.verdict]
type = "text"
text = "Only records that are kept, broken or open"
choices = ["kept", "broken", "open"]
[params.decision_days]
type = "number"
text = "Days within which sales promised to decide a pass (that of the settings without it)"
[params.response_hours]
type = "number"
text = "Hours within which sales promised to answer, by the SLA's clock (those of the settings without it)"
[params.attempts]
type = "number"
text = "Attempts that sales promised before it lets a lead go (3 without it)"
[params.attempt_days]
type = "number"
text = "Days after which a pass that is neither decided nor a deal was left (14 without it)"
*/
with facts as (
    select *
    from promise_fact($as_of, $segment, $region, $team, $owner, $source, $custom,
        $decision_days, $response_hours, $attempts, $attempt_days)
    where promise = cast($promise as varchar)
        and is_within(day, $period_start, $period_end)
        and (cast($verdict as varchar) is null or verdict = cast($verdict as varchar))
),
final as (
    select
        f.record_id, f.verdict, f.outcome, f.owner, f.day, cast(f.limit_date as date) as limit_date, f.done_date,
        f.attempts, f.kind, f.source, f.segment, b.file_name as file, f.source_line as line
    from facts f
    join crm.batch b on b.batch_id = f.batch_id
)
select * from final order by verdict, day desc, record_id;
