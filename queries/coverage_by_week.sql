/*
title = "Coverage week by week"
definition = "Coverage of one period as it stood at the end of each of the last twelve weeks (of this week: at the end of the as-of day), against what was the goal then. Where an open deal's state on such a day is only assumed, the week is a dash."
grain = "One row per week, the oldest first."
direction = "higher"
source = "METRICS: Coverage"
records = "pipeline_records"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.week_start]
unit = "date"
text = "First day of the week"
[columns.day]
unit = "date"
text = "The day at whose end this was so: the week's last, or the as-of day"
[columns.is_complete]
unit = "flag"
text = "The week was over by the as-of day"
[columns.goal]
unit = "money"
text = "The goal as it was then; a dash where none is set for exactly these filters"
[columns.is_goal_set_later]
unit = "flag"
text = "No goal was set by then: the first that was set later stands in"
[columns.won_amount]
unit = "money"
text = "Won in the period by then; a dash where no won deal carries an amount"
[columns.won_count]
unit = "count"
text = "Deals won in the period by then"
additive = true
[columns.open_amount]
unit = "money"
text = "Open pipeline due from then to the end of the period; a dash where it would rest on assumed history"
[columns.open_count]
unit = "count"
text = "Open deals due then"
[columns.assumed_count]
unit = "count"
text = "Open deals whose state then is assumed, not recorded"
[columns.coverage_to_go]
unit = "ratio"
text = "open / (goal - won) then; a dash once the goal is met"
[columns.coverage_full]
unit = "ratio"
text = "(won + open) / goal then"
[columns.band_low]
unit = "ratio"
text = "Lower edge of the band in the settings"
[columns.band_high]
unit = "ratio"
text = "Upper edge of the band in the settings"
*/
with weeks as materialized (
    select
        c.week_start,
        least(cast(c.week_start + 6 as date), cast($as_of as date)) as day,
        c.week_start + 6 <= cast($as_of as date) as is_complete
    from (select distinct week_start from crm.calendar) c
    where c.week_start <= cast($as_of as date) and c.week_start > cast($as_of as date) - 84
),
deals as (
    select
        day,
        amount_base,
        is_due_on(day, status, close_date, $period_start, $period_end) as is_due,
        status = 'won' and is_within(close_date, $period_start, $period_end) as is_won_in_period,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from opportunity_on_each('weeks')
    where status in ('open', 'won')
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
summed as (
    select
        day,
        sum_known(sum(amount_base) filter (is_won_in_period), count(*) filter (is_won_in_period)) as won_amount,
        count(*) filter (is_won_in_period) as won_count,
        sum_known(sum(amount_base) filter (is_due), count(*) filter (is_due)) as open_amount,
        count(*) filter (is_due) as open_count,
        count(*) filter (is_unsure) as assumed_count
    from deals
    group by day
),
goals as (
    select g.day, g.value, g.is_set_later
    from goal_on_each('goals', 'weeks') g
    join goal_scope(
        cast(null as varchar), $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    ) s on s.scope = g.scope and s.chosen_value is not distinct from g.scope_value
    where g.measure = 'won_amount'
        and g.period_start = cast($period_start as date)
        and g.period_end = cast($period_end as date)
),
measured as (
    select
        w.*,
        g.value as goal,
        g.is_set_later as is_goal_set_later,
        case when k.has_outcomes then sum_known(s.won_amount, coalesce(s.won_count, 0)) end as won_amount,
        case when k.has_outcomes then coalesce(s.won_count, 0) end as won_count,
        case when coalesce(s.assumed_count, 0) = 0 then sum_known(s.open_amount, coalesce(s.open_count, 0)) end
            as open_amount,
        case when coalesce(s.assumed_count, 0) = 0 then coalesce(s.open_count, 0) end as open_count,
        coalesce(s.assumed_count, 0) as assumed_count,
        b.band_low,
        b.band_high
    from weeks w
    cross join crm.known k
    cross join band_of($segment) b
    left join summed s on s.day = w.day
    left join goals g on g.day = w.day
    where k.has_opportunities
),
final as (
    select
        week_start,
        day,
        is_complete,
        goal,
        is_goal_set_later,
        won_amount,
        won_count,
        open_amount,
        open_count,
        assumed_count,
        coverage_to_go(open_amount, won_amount, goal) as coverage_to_go,
        case when goal > 0 then share(won_amount + open_amount, goal) end as coverage_full,
        band_low,
        band_high
    from measured
)
select * from final order by week_start;
