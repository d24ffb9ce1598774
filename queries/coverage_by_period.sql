/*
title = "Coverage of this and the next periods"
definition = "Funnel coverage of the period asked about and of the three of its kind that follow it, each judged by its own goal, as known at the end of the as-of day. Without a period that is one of the calendar's, the quarter of the as-of day is the first."
grain = "One row per period, the earliest first."
direction = "higher"
source = "METRICS: Coverage"
records = "pipeline_records"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.period]
unit = "text"
text = "The period's name"
[columns.period_start]
unit = "date"
text = "First day"
[columns.period_end]
unit = "date"
text = "The day after its last"
[columns.goal]
unit = "money"
text = "Won-amount goal of exactly this scope and period; a dash where there is none"
[columns.is_goal_set_later]
unit = "flag"
text = "The goal was set after the as-of day: it was not known then"
[columns.won_amount]
unit = "money"
text = "Won in the period by the as-of day; a dash where no won deal carries an amount"
additive = true
[columns.won_count]
unit = "count"
text = "Deals won in the period by the as-of day"
additive = true
[columns.open_amount]
unit = "money"
text = "Open pipeline due in the period; a dash where it would rest on assumed history"
additive = true
[columns.open_count]
unit = "count"
text = "Open deals due in the period"
additive = true
[columns.assumed_count]
unit = "count"
text = "Open deals of any period whose state on the as-of day is assumed, not recorded"
[columns.coverage_to_go]
unit = "ratio"
text = "open / (goal - won); a dash once the goal is met"
[columns.coverage_full]
unit = "ratio"
text = "(won + open) / goal; a dash without a goal above 0"
[columns.band_low]
unit = "ratio"
text = "Lower edge of the band in the settings"
[columns.band_high]
unit = "ratio"
text = "Upper edge of the band in the settings"
[columns.verdict]
unit = "text"
text = "thin, inside, above, or met; a dash where what is won or open is not known"
[columns.missing_amount]
unit = "money"
text = "Pipeline still to create to reach the lower edge of the band"
*/
with first_period as (
    -- The period asked about where the calendar has it; else the quarter of the as-of day.
    select kind, period_start
    from (
        select kind, period_start, 1 as choice
        from crm.fiscal_period
        where period_start = cast($period_start as date) and period_end = cast($period_end as date)
        union all
        select kind, period_start, 2
        from crm.fiscal_period
        where kind = 'quarter' and period_start <= cast($as_of as date) and period_end > cast($as_of as date)
    )
    order by choice
    limit 1
),
periods as (
    select f.period, f.period_start, f.period_end
    from crm.fiscal_period f
    join first_period p on p.kind = f.kind and f.period_start >= p.period_start
    order by f.period_start
    limit 4
),
deals as materialized (
    select
        status,
        close_date,
        amount_base,
        is_overdue,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from opportunity_at($as_of)
    where status in ('open', 'won')
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
summed as (
    select
        p.period_start,
        sum_known(sum(d.amount_base) filter (d.status = 'won'), count(*) filter (d.status = 'won')) as won_amount,
        count(*) filter (d.status = 'won') as won_count,
        sum_known(
            sum(d.amount_base) filter (d.status = 'open' and not d.is_overdue),
            count(*) filter (d.status = 'open' and not d.is_overdue)
        ) as open_amount,
        count(*) filter (d.status = 'open' and not d.is_overdue) as open_count
    from periods p
    join deals d on d.close_date >= p.period_start and d.close_date < p.period_end
    group by p.period_start
),
unsure as (
    select count(*) filter (is_unsure) as assumed_count from deals
),
goals as (
    select g.*
    from goal_now('goals', $as_of) g
    join goal_scope(
        cast(null as varchar), $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    ) s on s.scope = g.scope and s.chosen_value is not distinct from g.scope_value
    where g.measure = 'won_amount'
),
measured as (
    select
        p.*,
        g.value as goal,
        g.is_set_later as is_goal_set_later,
        case when k.has_outcomes then sum_known(s.won_amount, coalesce(s.won_count, 0)) end as won_amount,
        case when k.has_outcomes then coalesce(s.won_count, 0) end as won_count,
        case when u.assumed_count = 0 then sum_known(s.open_amount, coalesce(s.open_count, 0)) end as open_amount,
        case when u.assumed_count = 0 then coalesce(s.open_count, 0) end as open_count,
        u.assumed_count,
        b.band_low,
        b.band_high
    from periods p
    cross join crm.known k
    cross join unsure u
    cross join band_of($segment) b
    left join summed s on s.period_start = p.period_start
    left join goals g on g.period_start = p.period_start and g.period_end = p.period_end
    where k.has_opportunities
),
final as (
    select
        period,
        period_start,
        period_end,
        goal,
        is_goal_set_later,
        cast(won_amount as decimal(38, 2)) as won_amount,
        won_count,
        cast(open_amount as decimal(38, 2)) as open_amount,
        open_count,
        assumed_count,
        coverage_to_go(open_amount, won_amount, goal) as coverage_to_go,
        case when goal > 0 then share(won_amount + open_amount, goal) end as coverage_full,
        band_low,
        band_high,
        coverage_verdict(open_amount, won_amount, goal, band_low, band_high) as verdict,
        case when won_amount < goal and open_amount is not null
            then cast(greatest(round(band_low * (goal - won_amount) - open_amount, 2), 0) as decimal(18, 2))
        end as missing_amount
    from measured
)
select * from final order by period_start;
