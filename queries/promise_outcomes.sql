/*
title = "Won after a promise was kept, and after it was broken"
definition = "Of leads whose first pass to sales is at least so many days old (180 unless said), and at most a year and a half older: how many were won within so many days of it, those for which sales kept a promise beside those for which it broke it, by source and segment. Whether it was kept is told by what was known when its limit passed, and leads won by then are left out: a win cannot prove that there was an answer. Each deal counts once. What a late decision or answer is set beside the won rate with: an association, not a cause."
grain = "One row per promise, kept or broken, source and segment."
direction = "none"
source = "METRICS: Leads or selling (response time is an association); Anderson, Cain and Gelber (1983), landmarks"
uses = ["as_of", "lead_filters"]

[columns.promise]
unit = "text"
text = "decided, responded or attempts"
[columns.response]
unit = "text"
text = "kept or broken"
[columns.position]
unit = "count"
text = "The place: 1 for kept, 2 for broken"
[columns.source]
unit = "text"
text = "Source; blank for leads that name none"
[columns.segment]
unit = "text"
text = "Segment; blank for leads that name none"
[columns.leads]
unit = "count"
text = "Leads"
additive = true
[columns.won]
unit = "count"
text = "Of these, the deals won within so many days of the pass"
additive = true

[params.days]
type = "number"
text = "Days that every pass had, at least (180 without it)"
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
    select cast($as_of as date) as as_of_day, coalesce(cast($days as integer), 180) as days
),
firsts as (
    select *, row_number() over (partition by promise, lead_id order by day, source_line) as place
    from promise_fact($as_of, $segment, $region, $team, $owner, $source, $custom,
        $decision_days, $response_hours, $attempts, $attempt_days)
    where promise in ('decided', 'responded', 'attempts') and lead_id is not null
),
mature as (
    select
        f.promise,
        f.verdict,
        f.source,
        f.segment,
        l.is_won and l.is_first_of_deal and coalesce(l.won_date <= f.day + a.days, false) as has_won
    from firsts f
    cross join asked a
    join lead_at($as_of) l on l.lead_id = f.lead_id
    where f.place = 1
        and f.verdict in ('kept', 'broken')
        and f.day + a.days <= a.as_of_day
        and f.day + a.days + 545 > a.as_of_day
        and not coalesce(l.is_won and l.won_date <= f.limit_date, false)
),
final as (
    select
        m.promise,
        m.verdict as response,
        case m.verdict when 'kept' then 1 else 2 end as position,
        m.source,
        m.segment,
        count(*) as leads,
        count(*) filter (m.has_won) as won
    from mature m
    cross join crm.known k
    where k.has_outcomes
    group by m.promise, m.verdict, m.source, m.segment
)
select * from final order by promise, position, source, segment;
