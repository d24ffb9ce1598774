/*
title = "Expected from leads in flight"
definition = "What the leads that are on their way (known for at most 180 days, no deal yet, not turned down by sales) may still bring to the goal's period: of the company's leads that had come as far on the same day of past periods, the share whose deal was won in those periods, each deal counted once; times the average amount of deals that began as a lead and were won in the past year. Past days with less than 180 days of recorded leads before them do not count, and fewer than four of them say nothing. A lead names the people who work it before the deal, so for a team or an owner nothing can be said."
grain = "One row per furthest stage reached; none where the period is over."
direction = "higher"
source = "METRICS: Goals, goal tree; Wilson (1927)"
records = "goal_lead_in_flight_records"
uses = ["as_of", "period_start", "period_end"]

[columns.position]
unit = "count"
text = "Place in the funnel"
[columns.stage]
unit = "text"
text = "lead, mql, sal or sql: the furthest reached"
[columns.leads]
unit = "count"
text = "Leads in flight now"
[columns.past_leads]
unit = "count"
text = "Leads in flight on the same day of past periods"
[columns.past_won]
unit = "count"
text = "Of these, the deals won in their period"
[columns.share_won]
unit = "share"
text = "past won / past leads"
[columns.low]
unit = "share"
text = "Lower end of the 95% interval of that share"
[columns.high]
unit = "share"
text = "Upper end of the 95% interval of that share"
[columns.past_periods]
unit = "count"
text = "Past periods that the share comes from"
[columns.average_amount]
unit = "money"
text = "Average amount of a won deal that began as a lead; a dash where none carries one"
[columns.expected_count]
unit = "number"
text = "leads x share: deals"
[columns.expected_amount]
unit = "money"
text = "Expected deals x average amount"

[params.scope]
type = "text"
text = "The goal's kind of scope (company without it)"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Which team, segment, region or owner"
*/
with asked as (
    select
        cast($as_of as date) as point,
        cast($period_start as date) as period_start,
        cast($period_end as date) as period_end
    where cast($period_end as date) > cast($as_of as date) + 1
        and coalesce(cast($scope as varchar), 'company') in ('company', 'segment', 'region')
),
points as (
    select p.point, p.period_start, p.period_end
    from goal_past_point($as_of, $period_start, $period_end) p
    where p.point >= (select min(known_date) from crm.lead) + 180
),
won as (
    select opportunity_id, close_date
    from opportunity_at($as_of)
    where status = 'won'
),
first_lead as (
    select w.opportunity_id, w.close_date, min_by(l.lead_id, (l.known_date, l.lead_id)) as lead_id
    from won w
    join crm.lead l using (opportunity_id)
    group by w.opportunity_id, w.close_date
),
past as (
    select
        f.stage,
        count(*) as past_leads,
        count(*) filter (w.close_date >= f.period_start and w.close_date < f.period_end) as past_won
    from goal_lead_in_flight('points') f
    left join first_lead w using (lead_id)
    group by f.stage
),
present as (
    select stage, count(*) as leads
    from goal_lead_in_flight('asked') f
    where goal_is_of($scope, $scope_value, cast(null as varchar), cast(null as varchar), f.segment, f.region)
    group by stage
),
told as (
    select
        n.stage,
        n.leads,
        c.past_periods,
        case when c.past_periods >= 4 then p.past_leads end as past_leads,
        case when c.past_periods >= 4 then p.past_won end as past_won,
        s.average
    from present n
    cross join (select count(*) as past_periods from points) c
    left join past p using (stage)
    left join goal_won_size($as_of, $scope, $scope_value) s on s.origin = 'lead'
),
final as (
    select
        case stage when 'lead' then 1 when 'mql' then 2 when 'sal' then 3 else 4 end as position,
        stage,
        leads,
        past_leads,
        past_won,
        share(past_won, past_leads) as share_won,
        wilson_low(past_won, past_leads) as low,
        wilson_high(past_won, past_leads) as high,
        past_periods,
        cast(average as decimal(18, 2)) as average_amount,
        leads * share(past_won, past_leads) as expected_count,
        cast(leads * share(past_won, past_leads) * average as decimal(18, 2)) as expected_amount
    from told
)
select * from final order by position;
