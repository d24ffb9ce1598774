/*
title = "Expected from open deals"
definition = "What the deals open now may still bring to the goal's period: of the deals that stood at the same stage, due alike, on the same day of past periods, the share that was won in those periods: of their number for deals, of their amounts for money (bigger deals are won less often, so a share of the number would promise too much). So deals that slip, or are pulled in, are in it as they were in the past. Deals of past periods that were not yet created on that day are not: they are what is left to find."
grain = "One row per stage and due day in which deals of the goal's scope are open; none where the period is over."
direction = "higher"
source = "METRICS: Goals, goal tree; Coverage, weighted pipeline; Wilson (1927)"
records = "goal_open_deal_records"
uses = ["as_of", "period_start", "period_end"]

[columns.stage]
unit = "text"
text = "Stage"
[columns.due]
unit = "text"
text = "overdue, before (the period), due (in it), later or undated"
[columns.open_count]
unit = "count"
text = "Deals open now"
[columns.open_amount]
unit = "money"
text = "Their amount; a dash where none of them carries one"
[columns.without_amount_count]
unit = "count"
text = "Of them, those that add nothing to it: no amount, or a currency without a rate"
[columns.past_deals]
unit = "count"
text = "Deals of past periods that the share comes from"
[columns.past_won]
unit = "count"
text = "Of these, won in their period"
[columns.share_won]
unit = "share"
text = "past won / past deals; a dash where history says nothing"
[columns.low]
unit = "share"
text = "Lower end of the 95% interval of that share"
[columns.high]
unit = "share"
text = "Upper end of the 95% interval of that share"
[columns.share_of_amount]
unit = "share"
text = "Share of the past deals' amounts that was won (of their number, where amounts say nothing)"
[columns.basis]
unit = "text"
text = "What the share is of: stage and due day, due day (too few of the stage), all open deals (too few due so), or win rate (fewer than four past periods: won of all decided in a year)"
[columns.past_periods]
unit = "count"
text = "Past periods whose deals are recorded on the same day"
[columns.expected_count]
unit = "number"
text = "open deals x share"
[columns.expected_amount]
unit = "money"
text = "Amount x share of amount"

[params.scope]
type = "text"
text = "The goal's kind of scope (company without it)"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Which team, segment, region or owner"
*/
with deals as (
    select * from goal_open_deal($as_of, $period_start, $period_end, $scope, $scope_value)
),
final as (
    select
        stage,
        due,
        count(*) as open_count,
        cast(sum(amount_base) as decimal(18, 2)) as open_amount,
        count(*) - count(amount_base) as without_amount_count,
        any_value(past_deals) as past_deals,
        any_value(past_won) as past_won,
        any_value(share_won) as share_won,
        any_value(wilson_low(past_won, past_deals)) as low,
        any_value(wilson_high(past_won, past_deals)) as high,
        any_value(share_of_amount) as share_of_amount,
        any_value(basis) as basis,
        any_value(past_periods) as past_periods,
        count(*) * any_value(share_won) as expected_count,
        -- Each deal is rounded, so that the records add up to it.
        cast(sum(cast(expected_amount as decimal(18, 2))) as decimal(18, 2)) as expected_amount
    from deals
    group by stage, due
)
select * from final order by expected_amount desc nulls last, stage, due;
