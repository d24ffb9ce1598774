/*
title = "How periods began, and what came of it"
definition = "The period asked about and the seven of its kind before it: the pipeline that was due in each at the end of the day before it began, as coverage of its goal, and what is won of that goal by now. Slippage is the share of these deals whose close date moved past the period's end, by number and by value (that of the beginning). What became of the deals is told at the period's end, or at the end of the as-of day where that is earlier. Where an open deal's state at the beginning is assumed, what rests on it is a dash."
grain = "One row per period that has begun by the as-of day, the earliest first."
direction = "higher"
source = "METRICS: Coverage, slippage"
records = "period_start_records"
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
[columns.is_over]
unit = "flag"
text = "The period was over at the end of the as-of day"
[columns.goal]
unit = "money"
text = "Won-amount goal of exactly this scope and period, the newest by the as-of day"
[columns.due_amount]
unit = "money"
text = "Open and due in the period when it began; a dash where it would rest on assumed history"
[columns.due_count]
unit = "count"
text = "Deals open and due in the period when it began"
[columns.coverage_at_start]
unit = "ratio"
text = "Open and due when it began / goal"
[columns.won_amount]
unit = "money"
text = "Won in the period by the as-of day, from these and from all other deals"
additive = true
[columns.attained]
unit = "share"
text = "Won / goal"
[columns.won_due_amount]
unit = "money"
text = "Of the deals due when it began: won"
[columns.won_due_count]
unit = "count"
text = "Of the deals due when it began: won"
[columns.lost_amount]
unit = "money"
text = "Of the deals due when it began: lost"
[columns.lost_count]
unit = "count"
text = "Of the deals due when it began: lost"
[columns.slipped_amount]
unit = "money"
text = "Of the deals due when it began: slipped past its end, at the amount of the beginning"
[columns.slipped_count]
unit = "count"
text = "Of the deals due when it began: slipped past its end"
[columns.left_amount]
unit = "money"
text = "Of the deals due when it began: still open and due in it, deleted, or of a stage of unknown meaning"
[columns.left_count]
unit = "count"
text = "Of the deals due when it began: still open and due in it, deleted, or of a stage of unknown meaning"
[columns.slippage]
unit = "share"
text = "Slipped / due, by number"
[columns.slippage_by_value]
unit = "share"
text = "Slipped / due, by value"
[columns.assumed_count]
unit = "count"
text = "Open deals whose state at the beginning is assumed"
[columns.band_low]
unit = "ratio"
text = "Lower edge of the band in the settings"
[columns.band_high]
unit = "ratio"
text = "Upper edge of the band in the settings"
*/
with last_period as (
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
periods as materialized (
    select f.period, f.period_start, f.period_end
    from crm.fiscal_period f
    join last_period p on p.kind = f.kind and f.period_start <= p.period_start
    where f.period_start <= cast($as_of as date)
        and f.period_end > (select min(created_date) from crm.opportunity)
    order by f.period_start desc
    limit 8
),
due as (
    select *
    from due_at_start($as_of, 'periods')
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
begun as (
    select
        period_start,
        count(*) filter (
            is_assumed or (is_owner_assumed and ($owner is not null or $team is not null))
        ) as assumed_count,
        count(*) filter (is_due) as due_count,
        sum(amount_base) filter (is_due) as due_amount,
        count(*) filter (outcome = 'won') as won_due_count,
        sum(amount_base) filter (outcome = 'won') as won_due_amount,
        count(*) filter (outcome = 'lost') as lost_count,
        sum(amount_base) filter (outcome = 'lost') as lost_amount,
        count(*) filter (outcome = 'slipped') as slipped_count,
        sum(amount_base) filter (outcome = 'slipped') as slipped_amount,
        count(*) filter (outcome in ('left_open', 'deleted', 'unmapped')) as left_count,
        sum(amount_base) filter (outcome in ('left_open', 'deleted', 'unmapped')) as left_amount
    from due
    group by period_start
),
won as (
    select p.period_start, count(*) as won_count, sum(d.amount_base) as won_amount
    from opportunity_at($as_of) d
    join periods p on d.close_date >= p.period_start and d.close_date < p.period_end
    where d.status = 'won'
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
    group by p.period_start
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
        coalesce(n.assumed_count, 0) as assumed_count,
        coalesce(n.assumed_count, 0) = 0 as is_real,
        case when k.has_outcomes then sum_known(w.won_amount, coalesce(w.won_count, 0)) end as won_amount,
        coalesce(n.due_count, 0) as due_count,
        sum_known(n.due_amount, coalesce(n.due_count, 0)) as due_amount,
        coalesce(n.won_due_count, 0) as won_due_count,
        sum_known(n.won_due_amount, coalesce(n.won_due_count, 0)) as won_due_amount,
        coalesce(n.lost_count, 0) as lost_count,
        sum_known(n.lost_amount, coalesce(n.lost_count, 0)) as lost_amount,
        coalesce(n.slipped_count, 0) as slipped_count,
        sum_known(n.slipped_amount, coalesce(n.slipped_count, 0)) as slipped_amount,
        coalesce(n.left_count, 0) as left_count,
        sum_known(n.left_amount, coalesce(n.left_count, 0)) as left_amount,
        b.band_low,
        b.band_high
    from periods p
    cross join crm.known k
    cross join band_of($segment) b
    left join begun n on n.period_start = p.period_start
    left join won w on w.period_start = p.period_start
    left join goals g on g.period_start = p.period_start and g.period_end = p.period_end
    where k.has_opportunities
),
final as (
    select
        period,
        period_start,
        period_end,
        period_end <= cast($as_of as date) + 1 as is_over,
        goal,
        case when is_real then due_amount end as due_amount,
        case when is_real then due_count end as due_count,
        case when is_real and goal > 0 then share(due_amount, goal) end as coverage_at_start,
        won_amount,
        case when goal > 0 then share(won_amount, goal) end as attained,
        case when is_real then won_due_amount end as won_due_amount,
        case when is_real then won_due_count end as won_due_count,
        case when is_real then lost_amount end as lost_amount,
        case when is_real then lost_count end as lost_count,
        case when is_real then slipped_amount end as slipped_amount,
        case when is_real then slipped_count end as slipped_count,
        case when is_real then left_amount end as left_amount,
        case when is_real then left_count end as left_count,
        case when is_real then share(slipped_count, due_count) end as slippage,
        case when is_real then share(slipped_amount, due_amount) end as slippage_by_value,
        assumed_count,
        band_low,
        band_high
    from measured
)
select * from final order by period_start;
