/*
title = "Funnel coverage"
definition = "Is there enough open pipeline for the goal? Coverage to go is the open pipeline due from the as-of day to the end of the period, over what is still missing from the goal. Full coverage adds what is already won to both: (won + open) / goal. The 3-5x rule judges coverage to go. Overdue deals are counted apart, and so are deals without a date, an amount, a rate or a known stage; where no deal of a sum carries an amount, the sum is a dash and there is nothing to judge. The goal is the newest version set by the as-of day (on the newest day that the data knows, of all); where none was set by then, the first one that was set stands in, and is marked. An owner that is only assumed (of the past) counts as assumed where the question is by owner or team."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Coverage"
records = "pipeline_records"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end", "deal_dimension", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for deals that name none"
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
[columns.won_without_amount_count]
unit = "count"
text = "Of these, deals that add nothing to the amount won: no amount, or a currency without a rate"
additive = true
[columns.open_amount]
unit = "money"
text = "Open pipeline due from the as-of day to the end of the period; a dash where it would rest on assumed history, or where no such deal carries an amount"
additive = true
[columns.open_count]
unit = "count"
text = "Open deals due from the as-of day to the end of the period; a dash where they would rest on assumed history"
additive = true
[columns.overdue_amount]
unit = "money"
text = "Open deals whose close date has passed: in no coverage; a dash where none of them carries an amount"
additive = true
[columns.overdue_count]
unit = "count"
text = "Open deals whose close date has passed"
additive = true
[columns.undated_count]
unit = "count"
text = "Open deals without a close date: in no period"
additive = true
[columns.without_amount_count]
unit = "count"
text = "Open deals due in the period that add nothing: no amount, or a currency without a rate"
additive = true
[columns.unmapped_count]
unit = "count"
text = "Deals whose stage says neither open, won nor lost: in no number here"
additive = true
[columns.assumed_count]
unit = "count"
text = "Open deals whose state on the as-of day is assumed, not recorded"
additive = true
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
text = "thin (below the band), inside, above, or met (the goal is reached); a dash where what is won or open is not known"
[columns.missing_amount]
unit = "money"
text = "Pipeline still to create to reach the lower edge of the band"
*/
with deals as (
    select
        *,
        is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due,
        status = 'won' and is_within(close_date, $period_start, $period_end) as is_won_in_period,
        is_assumed
            or (is_owner_assumed and ($owner is not null or $team is not null or cast($dimension as varchar) in ('owner', 'team')))
            as is_unsure
    from opportunity_by($as_of, $dimension)
    where (status in ('open', 'won') or status is null)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
summed as (
    select
        dimension_value,
        sum_known(sum(amount_base) filter (is_won_in_period), count(*) filter (is_won_in_period)) as won_amount,
        count(*) filter (is_won_in_period) as won_count,
        count(*) filter (is_won_in_period and amount_base is null) as won_without_amount_count,
        sum_known(sum(amount_base) filter (is_due), count(*) filter (is_due)) as open_amount,
        count(*) filter (is_due) as open_count,
        sum_known(sum(amount_base) filter (is_overdue), count(*) filter (is_overdue)) as overdue_amount,
        count(*) filter (is_overdue) as overdue_count,
        count(*) filter (status = 'open' and close_date is null) as undated_count,
        count(*) filter (is_due and amount_base is null) as without_amount_count,
        count(*) filter (status is null) as unmapped_count,
        count(*) filter (is_unsure) as assumed_count
    from deals
    group by dimension_value
),
-- Without a dimension there is one row even where no deal is left; with one, a goal whose deals are none still shows.
goals as (
    select *
    from goal_now('goals', $as_of)
    where measure = 'won_amount'
        and period_start = cast($period_start as date)
        and period_end = cast($period_end as date)
),
-- The goal of exactly the filters' scope, or none: never a part of the pipeline over the whole company's goal.
scope as (
    select *
    from goal_scope(
        $dimension, $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    )
),
axis as (
    select dimension_value from summed
    union
    select cast(null as varchar) from crm.known where $dimension is null and has_opportunities
    union
    select g.scope_value
    from goals g
    join scope s on s.scope = g.scope
    where $dimension is not null
        and is_chosen($owner, case when g.scope = 'owner' then g.scope_value end)
        and is_chosen($segment, case when g.scope = 'segment' then g.scope_value end)
        and is_chosen($region, case when g.scope = 'region' then g.scope_value end)
        and is_chosen($team, case when g.scope = 'team' then g.scope_value end)
),
goaled as (
    select
        a.dimension_value,
        g.value as goal,
        g.is_set_later as is_goal_set_later,
        case
            when cast($dimension as varchar) = 'segment' then a.dimension_value
            when len(cast($segment as varchar[])) = 1 then cast($segment as varchar[])[1]
        end as band_segment
    from axis a
    cross join scope s
    left join goals g
        on g.scope = s.scope
        and g.scope_value is not distinct from
            case when $dimension is not null then a.dimension_value else s.chosen_value end
),
measured as (
    select
        g.dimension_value,
        g.goal,
        g.is_goal_set_later,
        case when k.has_outcomes then sum_known(s.won_amount, coalesce(s.won_count, 0)) end as won_amount,
        case when k.has_outcomes then coalesce(s.won_count, 0) end as won_count,
        case when k.has_outcomes then coalesce(s.won_without_amount_count, 0) end as won_without_amount_count,
        case when coalesce(s.assumed_count, 0) = 0 then sum_known(s.open_amount, coalesce(s.open_count, 0)) end
            as open_amount,
        case when coalesce(s.assumed_count, 0) = 0 then coalesce(s.open_count, 0) end as open_count,
        case when coalesce(s.assumed_count, 0) = 0 then sum_known(s.overdue_amount, coalesce(s.overdue_count, 0)) end
            as overdue_amount,
        case when coalesce(s.assumed_count, 0) = 0 then coalesce(s.overdue_count, 0) end as overdue_count,
        coalesce(s.undated_count, 0) as undated_count,
        coalesce(s.without_amount_count, 0) as without_amount_count,
        coalesce(s.unmapped_count, 0) as unmapped_count,
        coalesce(s.assumed_count, 0) as assumed_count,
        b.low as band_low,
        b.high as band_high
    from goaled g
    cross join crm.known k
    left join summed s on s.dimension_value is not distinct from g.dimension_value
    left join crm.band own on own.segment = g.band_segment
    join crm.band b on b.segment is not distinct from own.segment
),
final as (
    select
        dimension_value,
        goal,
        is_goal_set_later,
        won_amount,
        won_count,
        won_without_amount_count,
        open_amount,
        open_count,
        overdue_amount,
        overdue_count,
        undated_count,
        without_amount_count,
        unmapped_count,
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
select * from final order by coalesce(open_amount, 0) + coalesce(won_amount, 0) desc, dimension_value;
