/*
title = "Forecast categories, now and then"
definition = "Open deals that are due in the period by their forecast category (commit, best case, pipeline, omitted, by the field's names), as called at the end of the as-of day and of an earlier day, and what became by now of what was called then. Deals that are won in the period stand apart, as closed. Where an open deal's state on either day is assumed, what rests on it is a dash."
grain = "One row per forecast category of either day."
direction = "none"
source = "METRICS: Coverage (forecast categories)"
records = "forecast_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.forecast]
unit = "text"
text = "Forecast category; blank for deals without one"
[columns.deals]
unit = "count"
text = "Open deals due in the period that are called so now"
[columns.amount]
unit = "money"
text = "Their amount now"
[columns.deals_then]
unit = "count"
text = "Open deals due in the period that were called so on the earlier day"
[columns.amount_then]
unit = "money"
text = "Their amount then"
[columns.then_won_deals]
unit = "count"
text = "Of those called so then: won by now, in the period"
[columns.then_won_amount]
unit = "money"
text = "Amount then of those called so then and won by now, in the period"
[columns.then_lost_deals]
unit = "count"
text = "Of those called so then: lost by now"
[columns.then_lost_amount]
unit = "money"
text = "Amount then of those called so then and lost by now"
[columns.then_moved_deals]
unit = "count"
text = "Of those called so then: still open, but no longer due in the period, or overdue, or another's, or gone"
[columns.then_moved_amount]
unit = "money"
text = "Amount then of those called so then and no longer due in the period"
[columns.then_recalled_deals]
unit = "count"
text = "Of those called so then: still due, under another category"
[columns.since_date]
unit = "date"
text = "The earlier day"
[columns.assumed_count]
unit = "count"
text = "Open deals whose state on either day is assumed, not recorded"

[params.since]
type = "date"
text = "The earlier day (a week before the as-of day without it)"
*/
with now_deals as materialized (
    select
        opportunity_id, status, close_date, amount_base, forecast_call(forecast_category) as forecast,
        is_due_on($as_of, status, close_date, $period_start, $period_end)
            and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom) as is_due,
        is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
            and (is_assumed or (is_owner_assumed and ($owner is not null or $team is not null))) as is_unsure
    from opportunity_at($as_of)
),
then_deals as materialized (
    select
        opportunity_id, amount_base, forecast_call(forecast_category) as forecast,
        is_due_on(coalesce(cast($since as date), cast($as_of as date) - 7), status, close_date, $period_start, $period_end)
            as is_due,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from opportunity_at(coalesce(cast($since as date), cast($as_of as date) - 7))
    where status = 'open'
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
unsure as (
    select
        (select count(*) from now_deals where is_unsure) + (select count(*) from then_deals where is_unsure)
            as assumed_count
),
called as (
    select forecast, count(*) as deals, sum(amount_base) as amount
    from now_deals
    where is_due
    group by forecast
),
followed as (
    select
        t.*,
        coalesce(n.is_due, false) as is_still_due,
        coalesce(n.status = 'won' and is_within(n.close_date, $period_start, $period_end), false) as is_won,
        coalesce(n.status = 'lost', false) as is_lost,
        n.forecast is distinct from t.forecast as is_recalled
    from then_deals t
    left join now_deals n on n.opportunity_id = t.opportunity_id
    where t.is_due
),
called_then as (
    select
        forecast,
        count(*) as deals_then,
        sum(amount_base) as amount_then,
        count(*) filter (is_won) as then_won_deals,
        sum(amount_base) filter (is_won) as then_won_amount,
        count(*) filter (is_lost) as then_lost_deals,
        sum(amount_base) filter (is_lost) as then_lost_amount,
        count(*) filter (not is_still_due and not is_won and not is_lost) as then_moved_deals,
        sum(amount_base) filter (not is_still_due and not is_won and not is_lost) as then_moved_amount,
        count(*) filter (is_still_due and is_recalled) as then_recalled_deals
    from followed
    group by forecast
),
axis as (
    select forecast from called
    union
    select forecast from called_then
),
final as (
    select
        x.forecast,
        case when u.assumed_count = 0 then coalesce(c.deals, 0) end as deals,
        case when u.assumed_count = 0 then cast(sum_known(c.amount, coalesce(c.deals, 0)) as decimal(38, 2)) end as amount,
        case when u.assumed_count = 0 then coalesce(t.deals_then, 0) end as deals_then,
        case when u.assumed_count = 0
            then cast(sum_known(t.amount_then, coalesce(t.deals_then, 0)) as decimal(38, 2)) end as amount_then,
        case when u.assumed_count = 0 then coalesce(t.then_won_deals, 0) end as then_won_deals,
        case when u.assumed_count = 0
            then cast(sum_known(t.then_won_amount, coalesce(t.then_won_deals, 0)) as decimal(38, 2)) end
            as then_won_amount,
        case when u.assumed_count = 0 then coalesce(t.then_lost_deals, 0) end as then_lost_deals,
        case when u.assumed_count = 0
            then cast(sum_known(t.then_lost_amount, coalesce(t.then_lost_deals, 0)) as decimal(38, 2)) end
            as then_lost_amount,
        case when u.assumed_count = 0 then coalesce(t.then_moved_deals, 0) end as then_moved_deals,
        case when u.assumed_count = 0
            then cast(sum_known(t.then_moved_amount, coalesce(t.then_moved_deals, 0)) as decimal(38, 2)) end
            as then_moved_amount,
        case when u.assumed_count = 0 then coalesce(t.then_recalled_deals, 0) end as then_recalled_deals,
        coalesce(cast($since as date), cast($as_of as date) - 7) as since_date,
        u.assumed_count
    from axis x
    cross join unsure u
    left join called c on c.forecast is not distinct from x.forecast
    left join called_then t on t.forecast is not distinct from x.forecast
)
select *
from final
order by
    case forecast when 'commit' then 1 when 'most likely' then 2 when 'best case' then 3 when 'pipeline' then 4
        when 'omitted' then 6 else 5 end,
    forecast nulls last;
