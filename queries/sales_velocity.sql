/*
title = "Sales velocity"
definition = "Money a day that the pipeline is on its way to bring: open deals x average won size x win rate / cycle length. Open deals are those open on the as-of day. The other three parts are of the deals decided in the period: the average amount of the won deals that carry one, won / (won + lost), and the median days from creation to close of the won deals."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, sales velocity"
records = "outcome_records"
uses = ["as_of", "period_start", "period_end", "deal_dimension", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for deals that name none"
[columns.velocity]
unit = "money"
text = "Money a day; a dash where one of the four parts is not known"
[columns.open_deals]
unit = "count"
text = "Deals open on the as-of day"
additive = true
[columns.average_won]
unit = "money"
text = "Average amount of the deals won in the period that carry one"
[columns.win_rate]
unit = "share"
text = "won / (won + lost), of the deals decided in the period"
[columns.cycle_days]
unit = "days"
text = "Median days from creation to close of the deals won in the period"
[columns.won]
unit = "count"
text = "Deals won in the period"
additive = true
[columns.won_amount]
unit = "money"
text = "Their amount; a dash where none carries one"
additive = true
[columns.lost]
unit = "count"
text = "Deals lost in the period"
additive = true
[columns.is_small]
unit = "flag"
text = "Fewer decided deals than the settings ask for: read with care"
*/
with deals as (
    select
        *,
        status in ('won', 'lost') and is_within(close_date, $period_start, $period_end) as is_decided
    from opportunity_by($as_of, $dimension)
    where status is not null
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
counted as (
    select
        dimension_value,
        count(*) filter (status = 'open') as open_deals,
        count(*) filter (is_decided and status = 'won') as won,
        count(*) filter (is_decided and status = 'lost') as lost,
        sum_known(
            sum(amount_base) filter (is_decided and status = 'won'), count(*) filter (is_decided and status = 'won')
        ) as won_amount,
        count(amount_base) filter (is_decided and status = 'won') as with_amount,
        median(date_diff('day', created_date, close_date)) filter (
            is_decided and status = 'won' and not is_created_inferred and close_date >= created_date
        ) as cycle_days
    from deals
    group by dimension_value
    having count(*) filter (status = 'open' or is_decided) > 0
),
parted as (
    select
        c.*,
        share(c.won_amount, c.with_amount) as average_won,
        case when k.has_losses then share(c.won, c.won + c.lost) end as win_rate,
        c.won + c.lost < k.flag_under as is_small,
        k.has_outcomes
    from counted c
    cross join crm.known k
),
final as (
    select
        dimension_value,
        open_deals * average_won * win_rate / nullif(cycle_days, 0) as velocity,
        open_deals,
        average_won,
        win_rate,
        cast(cycle_days as double) as cycle_days,
        case when has_outcomes then won end as won,
        case when has_outcomes then won_amount end as won_amount,
        case when has_outcomes then lost end as lost,
        is_small
    from parted
)
select * from final order by velocity desc nulls last, open_deals desc, dimension_value;
