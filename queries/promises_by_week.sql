/*
title = "Promises by week"
definition = "What marketing and sales would each have kept of the promises between them, week by week: leads and MQL that came in; of the passes to sales of the week those that sales accepted, decided in time, answered in time, and tried often enough before it let them go. A promise with a time limit is judged only once its limit has passed for the last moment of the week, by the calendar and, for answers, by the SLA's clock (business hours if set); so a week that is judged stays as judged, but for acceptance, which a late decision still moves. A week that is not over, or begins before the first day that is known, is left out."
grain = "One row per promise and complete week that the exports know."
direction = "higher"
source = "The agreement between the teams (SLA); METRICS: Funnel and lead to close"
records = "promise_records"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

[columns.promise]
unit = "text"
text = "leads, mql, accepted, decided, responded or attempts"
[columns.week]
unit = "date"
text = "First day of the week"
[columns.kept]
unit = "count"
text = "How many came in, or kept the promise"
additive = true
[columns.counted]
unit = "count"
text = "How many the promise was about: kept and broken; a dash for what is only counted"
additive = true
[columns.open]
unit = "count"
text = "In no share: not due, went back before, or never fell under the promise"
additive = true
[columns.judged_from]
unit = "date"
text = "The first day at whose end the week can be judged"
[columns.is_due]
unit = "flag"
text = "That day has come"

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
with asked as (
    select
        cast($as_of as date) as as_of_day,
        coalesce(cast($decision_days as integer), s.decision_days) as decide_days,
        3600.0 * coalesce(cast($response_hours as double), s.first_response_hours) as answer_seconds,
        coalesce(cast($attempt_days as integer), 14) as let_days,
        k.time_zone as zone,
        s.is_business,
        s.opens,
        s.closes,
        s.open_days
    from crm.lead_setting s
    cross join crm.known k
),
facts as materialized (
    select *
    from promise_fact($as_of, $segment, $region, $team, $owner, $source, $custom,
        $decision_days, $response_hours, $attempts, $attempt_days)
),
known (promise, first_day) as (
    -- From when the exports know it at all, whatever the filters leave.
    select 'leads', min(created_date) from crm.lead
    union all
    select 'mql', min(mql_date) from crm.lead
    union all
    select 'accepted', min(coalesce(h.passed_date, h.decided_date))
    from crm.handoff h cross join crm.known k where k.has_decisions
    union all
    select 'decided', min(coalesce(h.passed_date, h.decided_date))
    from crm.handoff h cross join crm.known k where k.has_decisions
    union all
    -- `greatest` alone would take what is not known for what has been known since the other.
    select 'responded', case when k.first_outreach_date is not null then greatest(
        k.first_outreach_date,
        (select coalesce(min(from_date) filter (begun_by = 'pass'), min(from_date)) from crm.first_response)) end
    from crm.known k
    union all
    select 'attempts', case when k.first_outreach_date is not null then greatest(
        k.first_outreach_date, (select min(coalesce(passed_date, decided_date)) from crm.handoff)) end
    from crm.known k
    where exists (select 1 from crm.handoff)
),
weeks as materialized (
    select distinct c.week_start as week, cast(c.week_start + 6 as date) as last_day
    from crm.calendar c
    cross join asked a
    where c.week_start + 6 <= a.as_of_day
        and is_within(c.week_start, $period_start, $period_end)
),
answered_by as (
    -- The first day at whose end the clock has run long enough since the end of the week.
    select w.week, min(c.day) as judged_from
    from weeks w
    join crm.calendar c on c.day > w.last_day and c.day <= w.last_day + 400
    cross join asked a
    where open_second(timezone('UTC', timezone(a.zone, cast(cast(c.day + 1 as date) as timestamp))), a.zone,
            a.is_business, a.opens, a.closes, a.open_days)
        - open_second(timezone('UTC', timezone(a.zone, cast(cast(w.last_day + 1 as date) as timestamp))), a.zone,
            a.is_business, a.opens, a.closes, a.open_days)
        > a.answer_seconds
    group by w.week
),
spans as (
    select
        k.promise,
        w.week,
        w.last_day,
        case
            when k.promise in ('leads', 'mql') then w.last_day
            when k.promise in ('accepted', 'decided') then cast(w.last_day + a.decide_days + 1 as date)
            when k.promise = 'attempts' then cast(w.last_day + a.let_days + 1 as date)
            else b.judged_from
        end as judged_from
    from known k
    cross join asked a
    join weeks w on w.week >= k.first_day
    left join answered_by b on b.week = w.week
),
counted as (
    select
        s.promise,
        s.week,
        count(*) filter (f.verdict = 'kept') as kept,
        count(*) filter (f.verdict in ('kept', 'broken')) as counted,
        count(*) filter (f.verdict = 'open') as in_no_share
    from spans s
    left join facts f on f.promise = s.promise and f.day >= s.week and f.day <= s.last_day
    group by s.promise, s.week
),
final as (
    select
        s.promise,
        s.week,
        c.kept,
        case when s.promise not in ('leads', 'mql') then c.counted end as counted,
        c.in_no_share as open,
        s.judged_from,
        coalesce(s.judged_from <= a.as_of_day, false) as is_due
    from spans s
    cross join asked a
    join counted c on c.promise = s.promise and c.week = s.week
)
select * from final order by week, promise;
