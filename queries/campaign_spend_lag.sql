/*
title = "Does more spending bring more, and when?"
definition = "Over complete months, how closely what campaigns brought moves with what they had cost so many months before (Pearson's correlation, -1 to 1, with its 95% interval by Fisher's transformation). Where the interval holds 0, or fewer than 12 pairs of months are known, nothing can be told. Where something can, it is association: both may follow the season, or grow with the company, and months near each other are alike, so that the interval is narrower than it should be; and of many lags tried one may seem to tell by chance."
grain = "One row per outcome (amount won, leads, deals) and lag of 0 to 6 months."
direction = "none"
source = "Fisher 1921, interval of a correlation; METRICS: Campaigns"
uses = ["as_of"]

[columns.outcome]
unit = "text"
text = "won_amount, leads or opportunities"
[columns.lag]
unit = "count"
text = "Months from the spending to the outcome"
[columns.months]
unit = "count"
text = "Pairs of months"
[columns.correlation]
unit = "ratio"
text = "Pearson's correlation; a dash with fewer than 4 pairs, or where one side never changes"
[columns.correlation_low]
unit = "ratio"
text = "Low end of its 95% interval"
[columns.correlation_high]
unit = "ratio"
text = "High end of it"
[columns.verdict]
unit = "text"
text = "moves with it, moves against it, or cannot tell"

[params.model]
type = "text"
text = "first, last, linear (the default), u, w, full (full path) or decay (time decay)"
choices = ["first", "last", "linear", "u", "w", "full", "decay"]
*/
with monthly as materialized (
    select month_start, cast(cost as double) as cost, cast(won_amount as double) as won_amount,
        cast(leads as double) as leads, cast(opportunities as double) as opportunities
    from spend_by_month($as_of, $model)
    where is_complete
),
lag as (
    select cast(unnest([0, 1, 2, 3, 4, 5, 6]) as bigint) as lag
),
outcome as (
    select month_start, 'won_amount' as outcome, won_amount as value from monthly
    union all
    select month_start, 'leads', leads from monthly
    union all
    select month_start, 'opportunities', opportunities from monthly
),
paired as (
    select o.outcome, l.lag, c.cost, o.value
    from lag l
    cross join outcome o
    join monthly c on c.month_start = cast(o.month_start - to_months(cast(l.lag as integer)) as date)
    where c.cost is not null and o.value is not null
),
correlated as (
    select
        outcome,
        lag,
        count(*) as months,
        -- Rounded, because it may differ in its last digits from run to run.
        case when count(*) >= 4 and stddev_pop(cost) > 0 and stddev_pop(value) > 0 then round(corr(cost, value), 9) end as r
    from paired
    group by outcome, lag
),
bounded as (
    select
        *,
        case when abs(r) < 1 then tanh(atanh(r) - 1.959963984540054 / sqrt(months - 3)) end as low,
        case when abs(r) < 1 then tanh(atanh(r) + 1.959963984540054 / sqrt(months - 3)) end as high
    from correlated
),
final as (
    select
        outcome,
        lag,
        months,
        r as correlation,
        low as correlation_low,
        high as correlation_high,
        case
            when months >= 12 and low > 0 then 'moves with it'
            when months >= 12 and high < 0 then 'moves against it'
            else 'cannot tell'
        end as verdict
    from bounded
)
select * from final order by outcome, lag;
