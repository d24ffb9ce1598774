/*
title = "Outbound calls and created deals, week by week"
definition = "In every complete week: the completed outbound calls of humans, and the deals created, renewals apart because they fall due by themselves. A week is low if it had fewer than 60% of the calls of the median week shown; a slump is three or more low weeks in a row. Calls are told by owner and team alone: they name no source. Weeks before the first recorded call are left out."
grain = "One row per complete week."
direction = "higher"
source = "METRICS: Week"
records = "call_records"
uses = ["as_of", "period_start", "period_end", "team", "owner"]

[columns.week]
unit = "date"
text = "First day of the week"
[columns.calls]
unit = "count"
text = "Completed outbound calls of humans"
additive = true
[columns.deals]
unit = "count"
text = "Deals created, without renewals"
additive = true
[columns.usual_calls]
unit = "number"
text = "Calls of the median week shown"
[columns.usual_deals]
unit = "number"
text = "Deals of the median week shown"
[columns.is_low]
unit = "flag"
text = "Fewer than 60% of the usual calls"
[columns.is_slump]
unit = "flag"
text = "One of three or more low weeks in a row"
*/
with calls as materialized (
    select activity_date as day
    from crm.activity
    where kind = 'call' and is_completed and not is_automated
        and coalesce(direction, 'outbound') = 'outbound'
        and activity_date <= cast($as_of as date)
        and is_chosen($team, team)
        and is_chosen($owner, owner)
),
deals as materialized (
    select created_date as day
    from opportunity_at($as_of)
    where business_type is distinct from 'renewal'
        and not is_created_inferred
        and is_chosen($team, team)
        and is_chosen($owner, owner)
),
weeks as (
    select c.week_start as week, min(c.day) as first_day, max(c.day) as last_day
    from crm.calendar c
    group by c.week_start
    having count(*) = 7
),
shown as (
    select w.week, w.first_day, w.last_day
    from weeks w
    where w.last_day <= cast($as_of as date)
        and w.first_day >= (select min(day) from calls)
        and is_within(w.week, $period_start, $period_end)
),
called as (
    select c.week_start as week, count(*) as calls from calls x join crm.calendar c on c.day = x.day group by c.week_start
),
created as (
    select c.week_start as week, count(*) as deals from deals x join crm.calendar c on c.day = x.day group by c.week_start
),
counted as (
    select
        s.week,
        coalesce(a.calls, 0) as calls,
        case when k.has_opportunities then coalesce(d.deals, 0) end as deals
    from shown s
    left join called a on a.week = s.week
    left join created d on d.week = s.week
    cross join crm.known k
),
judged as (
    select
        *,
        median(calls) over () as usual_calls,
        median(deals) over () as usual_deals,
        coalesce(calls < 0.6 * median(calls) over (), false) as is_low
    from counted
),
runs as (
    select *, count(*) filter (not is_low) over (order by week) as run from judged
),
final as (
    select
        week,
        calls,
        deals,
        cast(usual_calls as double) as usual_calls,
        cast(usual_deals as double) as usual_deals,
        is_low,
        is_low and count(*) filter (is_low) over (partition by run) >= 3 as is_slump
    from runs
)
select * from final order by week;
