/*
title = "Who carries the goal"
definition = "Every team, segment, region or owner that has a goal for the period, or has reached something of what it counts, or has deals open that are due in it: its own goal, what it reached, how much of the goal that is, its pace by the company's usual course, and, for won amounts, the open deals due in the period and how often they cover what is missing. Who has no goal has dashes, and is listed all the same."
grain = "One row per value of the scope."
direction = "higher"
source = "METRICS: Goals, goal and pace; Coverage"
records = "outcome_records"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end"]

[columns.scope_value]
unit = "text"
text = "Which team, segment, region or owner"
[columns.team]
unit = "text"
text = "An owner's team"
[columns.goal]
unit = "number"
text = "The goal; a dash for who has none"
[columns.actual]
unit = "number"
text = "Reached by the as-of day; a dash where the exports do not record it, where no record of it carries an amount, or where the period has not begun"
[columns.attainment]
unit = "share"
text = "actual / goal"
[columns.pace]
unit = "ratio"
text = "actual / (goal x the share usually done by this day); 1 is on track"
[columns.remaining]
unit = "number"
text = "goal - actual, at least 0"
[columns.projected]
unit = "number"
text = "What the period will end at if it goes on as usual; a dash under 5% of the period, and once it is over"
[columns.open_amount]
unit = "money"
text = "Open deals due in the period, from the as-of day on; a dash for goals of anything but a won amount, and where their state then is only assumed"
[columns.open_count]
unit = "count"
text = "How many these are"
[columns.coverage_to_go]
unit = "ratio"
text = "open amount / what is missing from the goal; a dash where nothing is"
[columns.set_date]
unit = "date"
text = "When the goal was set"
[columns.set_by]
unit = "text"
text = "Who set it"
[columns.origin]
unit = "text"
text = "imported or typed in"

[params.measure]
type = "text"
text = "The goal's measure (won_amount without it)"
choices = ["won_amount", "won_count", "accepted_amount", "accepted_count", "opportunity_count", "sourced_pipeline", "mql_count", "lead_count"]
[params.scope]
type = "text"
text = "By what (owner without it)"
choices = ["team", "segment", "region", "owner"]
*/
with asked as (
    select
        coalesce(cast($measure as varchar), 'won_amount') as measure,
        coalesce(cast($scope as varchar), 'owner') as scope,
        cast($period_start as date) as period_start,
        cast($period_end as date) as period_end,
        date_diff('day', cast($period_start as date), cast($period_end as date)) as days,
        date_diff('day', cast($period_start as date), cast($as_of as date)) + 1 as days_done
),
own as (
    select g.scope_value, g.value, g.set_date, g.set_by, g.origin
    from goal_now('goals', $as_of) g
    join asked a
        on g.measure = a.measure and g.scope = a.scope
        and g.period_start = a.period_start and g.period_end = a.period_end
    where g.value is not null or g.origin = 'imported'
),
by_day as materialized (
    select *
    from goal_actual_by_day($as_of)
    where measure = coalesce(cast($measure as varchar), 'won_amount')
        and scope in ('company', coalesce(cast($scope as varchar), 'owner'))
),
summed as (
    select d.scope_value, sum_known(sum(d.value), sum(d.record_count)) as actual
    from by_day d
    join asked a on d.scope = a.scope and d.day >= a.period_start and d.day < a.period_end
    group by d.scope_value
),
due as (
    select
        case a.scope when 'owner' then d.owner when 'team' then d.team when 'segment' then d.segment
            else d.region end as scope_value,
        sum_known(sum(d.amount_base), count(*)) as open_amount,
        count(*) as open_count,
        bool_or(d.is_assumed or (d.is_owner_assumed and a.scope in ('owner', 'team'))) as is_assumed
    from opportunity_at($as_of) d
    join asked a
        on a.measure = 'won_amount'
        and d.close_date >= greatest(cast($as_of as date), a.period_start)
        and d.close_date < a.period_end
    where d.status = 'open'
    group by 1
),
axis as (
    select scope_value from own
    union select scope_value from summed
    union select scope_value from due
),
told as (
    select
        x.scope_value,
        case when a.scope = 'owner' then (select any_value(r.team) from crm.rep r where r.name = x.scope_value) end as team,
        g.value as goal,
        case
            when not coalesce(m.is_recorded, false) or (a.days_done < 1 and s.scope_value is null) then null
            when s.scope_value is null then 0
            else s.actual
        end as actual,
        case
            when a.days_done >= a.days then 1.0
            when a.days_done >= 1 then coalesce(e.expected_share, cast(a.days_done as double) / a.days)
        end as expected_share,
        a.days_done >= a.days as is_over,
        case when a.measure = 'won_amount' and not coalesce(d.is_assumed, false) then coalesce(d.open_amount, 0) end
            as open_amount,
        case when a.measure = 'won_amount' and not coalesce(d.is_assumed, false) then coalesce(d.open_count, 0) end
            as open_count,
        g.set_date, g.set_by, g.origin
    from axis x
    cross join asked a
    left join own g using (scope_value)
    left join summed s using (scope_value)
    left join due d using (scope_value)
    left join goal_measure() m on m.measure = a.measure
    left join goal_expected_by_day(
        $as_of, 'goals', 'by_day', coalesce(cast($measure as varchar), 'won_amount'), $period_start, $period_end
    ) e on e.measure = a.measure and e.period_start = a.period_start and e.period_end = a.period_end
        and e.day = least(cast($as_of as date), a.period_end - 1)
    where x.scope_value is not null
),
final as (
    select
        scope_value,
        team,
        cast(goal as decimal(18, 2)) as goal,
        cast(actual as decimal(18, 2)) as actual,
        case when goal > 0 then share(actual, goal) end as attainment,
        case when expected_share >= 0.05 and goal > 0 then share(actual, goal * expected_share) end as pace,
        case when goal is not null and actual is not null
            then cast(greatest(goal - actual, 0) as decimal(18, 2)) end as remaining,
        case when expected_share >= 0.05 and not is_over
            then cast(actual / expected_share as decimal(18, 2)) end as projected,
        cast(open_amount as decimal(18, 2)) as open_amount,
        open_count,
        case when coalesce(actual, 0) < goal then share(open_amount, goal - coalesce(actual, 0)) end as coverage_to_go,
        set_date,
        set_by,
        origin
    from told
)
select * from final order by attainment desc nulls last, actual desc nulls last, scope_value;
