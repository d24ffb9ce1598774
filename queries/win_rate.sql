/*
title = "Win rate"
definition = "Of the deals that were decided in the period (by close date), the share that was won. Open deals and those whose stage says neither are not in it. By count, and by value beside it. Deals without an amount, or in a currency without a rate, count and add nothing to the values; where no deal of a sum carries an amount, it is a dash."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, win rate by count and by value; Wilson (1927)"
records = "outcome_records"
uses = ["as_of", "period_start", "period_end", "deal_dimension", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for deals that name none"
[columns.won]
unit = "count"
text = "Deals won; a dash where no outcome is recorded"
additive = true
[columns.lost]
unit = "count"
text = "Deals lost; a dash where no outcome is recorded"
additive = true
[columns.rate]
unit = "share"
text = "won / (won + lost)"
[columns.rate_low]
unit = "share"
text = "Lower end of the 95% interval of the rate"
[columns.rate_high]
unit = "share"
text = "Upper end of the 95% interval of the rate"
[columns.won_amount]
unit = "money"
text = "Amount won; a dash where no won deal carries an amount"
additive = true
[columns.lost_amount]
unit = "money"
text = "Amount lost; a dash where lost deals carry no amount"
additive = true
[columns.rate_by_value]
unit = "share"
text = "Amount won / (amount won + amount lost); a dash where lost deals carry no amount"
[columns.without_amount]
unit = "count"
text = "Deals won or lost that add nothing to these amounts: no amount, or a currency without a rate"
additive = true
[columns.median_cycle_days]
unit = "days"
text = "Median days from creation to close of the won deals, where both were recorded and in that order"
[columns.undecided]
unit = "count"
text = "Deals whose stage says neither open, won nor lost, with a close date in the period or none: left out"
additive = true
[columns.is_small]
unit = "flag"
text = "Fewer decided deals than the settings ask for: read with care"
*/
with deals as (
    select
        *,
        case when status = 'won' and not is_created_inferred and close_date >= created_date
            then date_diff('day', created_date, close_date) end as cycle_days
    from opportunity_by($as_of, $dimension)
    where (status in ('won', 'lost') or status is null)
        -- A deal of unknown stage without a close date might belong to any period.
        and (is_within(close_date, $period_start, $period_end) or (status is null and close_date is null))
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
counted as (
    select
        dimension_value,
        count(*) filter (status = 'won') as won,
        count(*) filter (status = 'lost') as lost,
        sum_known(sum(amount_base) filter (status = 'won'), count(*) filter (status = 'won')) as won_amount,
        sum_known(sum(amount_base) filter (status = 'lost'), count(*) filter (status = 'lost')) as lost_amount,
        count(*) filter (status is not null and amount_base is null) as without_amount,
        median(cycle_days) as median_cycle_days,
        count(*) filter (status is null) as undecided
    from deals
    group by dimension_value
),
final as (
    select
        c.dimension_value,
        case when k.has_outcomes then c.won end as won,
        case when k.has_outcomes then c.lost end as lost,
        -- Where no loss is ever recorded, 100% would be an artefact of what was exported.
        case when k.has_losses then share(c.won, c.won + c.lost) end as rate,
        case when k.has_losses then wilson_low(c.won, c.won + c.lost) end as rate_low,
        case when k.has_losses then wilson_high(c.won, c.won + c.lost) end as rate_high,
        case when k.has_outcomes then c.won_amount end as won_amount,
        case when k.has_lost_amounts then c.lost_amount end as lost_amount,
        case when k.has_lost_amounts then share(c.won_amount, c.won_amount + c.lost_amount) end as rate_by_value,
        case when k.has_outcomes then c.without_amount end as without_amount,
        cast(c.median_cycle_days as double) as median_cycle_days,
        c.undecided,
        c.won + c.lost < k.flag_under as is_small
    from counted c
    cross join crm.known k
)
select * from final order by won desc nulls last, lost desc nulls last, dimension_value;
