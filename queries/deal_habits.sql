/*
title = "Tidy or gamed?"
definition = "How many deals show a habit that may be tidy work, or may dress a number, of those of which it can be told. Created and won on one day (or created later): entered after the fact, or small orders that need no pipeline. Pushed at the end: an honest date, or a forecast that was held too long. Cut at close: a discount to get the signature in time, or an amount set right. Stage skipped: a short way, or stages that nobody keeps. Edited all at once: a clean-up, or dates moved in bulk before a meeting. The data cannot tell which: ask. Where the exports record no past of deals (or no order of stages), the deals of which it can be told are a dash, never zero."
grain = "One row per habit; with a dimension, one per habit and value of it."
direction = "none"
source = "DESIGN: deal history; METRICS: Coverage, hygiene; Wilson (1927)"
records = "deal_habit_records"
uses = ["as_of", "period_start", "period_end", "deal_dimension", "deal_filters"]

[columns.habit]
unit = "text"
text = "same_day, pushed_at_end, cut_at_close, stage_skipped or mass_edit"
[columns.dimension_value]
unit = "text"
text = "The value of the dimension; blank for deals that name none"
[columns.deals]
unit = "count"
text = "Deals that show it"
[columns.judged]
unit = "count"
text = "Deals of which it can be told; a dash where the exports record it for no deal at all"
[columns.share]
unit = "share"
text = "deals / judged"
[columns.share_low]
unit = "share"
text = "Lower end of its 95% interval"
[columns.share_high]
unit = "share"
text = "Upper end of its 95% interval"
[columns.amount]
unit = "money"
text = "Amount of the deals that show it"
[columns.lost_amount]
unit = "money"
text = "What was cut from them at close; a dash for the other habits"
[columns.recorded_from]
unit = "date"
text = "The first day of which it can be told for any deal"
[columns.is_small]
unit = "flag"
text = "Fewer deals than the settings ask for: read with care"
*/
with cases as materialized (
    select *
    from deal_habit_case($as_of, $period_start, $period_end, $dimension)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
recorded as (
    select habit, min(case_date) as recorded_from
    from crm.deal_habit
    where from_date <= cast($as_of as date)
    group by habit
),
counted as (
    select
        habit,
        dimension_value,
        count(*) filter (is_found) as deals,
        count(*) as judged,
        sum_known(sum(amount_base) filter (is_found), count(*) filter (is_found)) as amount,
        sum(lost_base) filter (is_found) as lost_amount
    from cases
    group by habit, dimension_value
),
habits as (
    select unnest(['same_day', 'pushed_at_end', 'cut_at_close', 'stage_skipped', 'mass_edit']) as habit,
        unnest([1, 2, 3, 4, 5]) as place
),
final as (
    select
        h.habit,
        c.dimension_value,
        case when r.habit is not null then coalesce(c.deals, 0) end as deals,
        case when r.habit is not null then coalesce(c.judged, 0) end as judged,
        share(c.deals, c.judged) as share,
        wilson_low(c.deals, c.judged) as share_low,
        wilson_high(c.deals, c.judged) as share_high,
        case when r.habit is not null then cast(coalesce(c.amount, 0) as decimal(38, 2)) end as amount,
        cast(c.lost_amount as decimal(38, 2)) as lost_amount,
        r.recorded_from,
        coalesce(c.judged, 0) < k.flag_under as is_small,
        h.place
    from habits h
    cross join crm.known k
    left join recorded r on r.habit = h.habit
    left join counted c on c.habit = h.habit
    where k.has_opportunities and (cast($dimension as varchar) is null or c.habit is not null)
)
select * exclude (place) from final order by place, deals desc, dimension_value nulls last;
