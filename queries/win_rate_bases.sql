/*
title = "Win rate on four bases"
definition = "The same question asked in four ways, which give different answers. By count: of the deals decided in the period (by close date), the share won. By value: the same of their amounts. Created cohort: of the deals created in the period, the share won by the as-of day, those still open below the line, so a young period reads lower than it will end. Within: of the deals created in the period that are at least so many days old, the share won within so many days of creation. Deals without a recorded creation are in neither of the last two."
grain = "One row per value of the dimension and basis (four rows in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, win rate on four bases; Wilson (1927)"
records = "deal_cohort_records"
uses = ["as_of", "period_start", "period_end", "deal_dimension", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for deals that name none"
[columns.basis]
unit = "text"
text = "count, value, cohort or within"
[columns.is_chosen]
unit = "flag"
text = "The basis that the settings choose for key figures"
[columns.won]
unit = "count"
text = "Deals won, above the line"
additive = true
[columns.deals]
unit = "count"
text = "Deals below the line"
additive = true
[columns.won_amount]
unit = "money"
text = "Amount won; a dash where no won deal carries an amount"
additive = true
[columns.amount]
unit = "money"
text = "Amount of the deals below the line; by value alone"
additive = true
[columns.rate]
unit = "share"
text = "won / deals; by value, amount won / amount"
[columns.low]
unit = "share"
text = "Lower end of the 95% interval; none by value"
[columns.high]
unit = "share"
text = "Upper end of the 95% interval; none by value"
[columns.days]
unit = "count"
text = "Days of the basis within; blank for the others"
[columns.is_small]
unit = "flag"
text = "Fewer deals than the settings ask for: read with care"

[params.days]
type = "number"
text = "Days of the basis within; those of the settings without it"
*/
with asked as (
    select coalesce(cast($days as integer), win_rate_days) as days from crm.lead_setting
),
based as (
    select *
    from deal_basis($as_of, $period_start, $period_end, $days, $dimension)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
counted as (
    select
        dimension_value,
        basis,
        place,
        count(*) filter (is_won) as won,
        count(*) as deals,
        sum_known(sum(amount_base) filter (is_won), count(*) filter (is_won)) as won_amount,
        sum_known(sum(amount_base), count(*)) as amount
    from based
    group by dimension_value, basis, place
),
final as (
    select
        c.dimension_value,
        c.basis,
        k.win_rate_basis = c.basis as is_chosen,
        c.won,
        c.deals,
        c.won_amount,
        case when c.basis = 'value' then c.amount end as amount,
        -- Where no loss is recorded, a rate of decided deals would be an artefact of what was exported.
        case
            when c.basis = 'count' and k.has_losses then share(c.won, c.deals)
            when c.basis = 'value' and k.has_lost_amounts then share(c.won_amount, c.amount)
            when c.basis in ('cohort', 'within') then share(c.won, c.deals)
        end as rate,
        case when (c.basis = 'count' and k.has_losses) or c.basis in ('cohort', 'within')
            then wilson_low(c.won, c.deals) end as low,
        case when (c.basis = 'count' and k.has_losses) or c.basis in ('cohort', 'within')
            then wilson_high(c.won, c.deals) end as high,
        case when c.basis = 'within' then a.days end as days,
        c.deals < k.flag_under as is_small,
        c.place
    from counted c
    cross join asked a
    cross join crm.known k
    where k.has_outcomes
)
select * exclude (place) from final order by dimension_value, place;
