/*
title = "What became of deals like these"
definition = "The deals that were open in past periods on the day that had as many days to go as the as-of day has now, by stage, age, size and whether they were due in the rest of the period: how many there were, how many were won in the rest of the period, and for how much of what they stood at. A deal that slipped, was lost or is still open was not won. Periods in which the state of any open deal is assumed rather than recorded are left out, and so are those that ended before the first win on record."
grain = "One row per past period, stage, age band, due and size."
direction = "none"
source = "METRICS: Coverage, chance of the goal"
records = "pipeline_records"
uses = ["as_of", "deal_filters"]

[columns.period]
unit = "text"
text = "The period"
[columns.stage]
unit = "text"
text = "Stage on that day"
[columns.age_band]
unit = "text"
text = "Age on that day: under 30, 30 to 89, 90 to 179, 180 days or more"
[columns.due]
unit = "text"
text = "Due in the rest of the period (due), later, overdue or undated"
[columns.size_band]
unit = "text"
text = "Amount on that day beside the usual one: small, usual, large, very large; unknown without an amount"
[columns.deals]
unit = "count"
text = "Deals open on that day"
[columns.won]
unit = "count"
text = "Of these, won in the rest of the period"
[columns.won_open_amount]
unit = "money"
text = "What the won ones stood at on that day"
[columns.won_amount]
unit = "money"
text = "What they were won for, where an amount stood on that day"

[params.kind]
type = "text"
text = "Kind of period: quarter (without it), month or year"
choices = ["quarter", "month", "year"]
*/
with deals as (
    select
        *,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from deal_on_past_day($as_of, $kind)
    where is_open and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
usual as (
    select median(amount_base) as amount from opportunity_at($as_of)
),
counted as (
    select
        period,
        stage,
        age_band(age_days) as age_band,
        due,
        size_band(open_amount, u.amount) as size_band,
        count(*) as deals,
        count(*) filter (is_won) as won,
        sum(open_amount) filter (is_won and open_amount > 0 and won_amount is not null) as won_open_amount,
        sum(won_amount) filter (is_won and open_amount > 0) as won_amount,
        bool_or(is_unsure) as is_unsure
    from deals
    cross join crm.known k
    cross join usual u
    where k.has_outcomes and is_recorded
    group by period, stage, age_band(age_days), due, size_band(open_amount, u.amount)
),
final as (
    select * exclude (is_unsure)
    from counted
    qualify not bool_or(is_unsure) over (partition by period)
)
select * from final order by period, stage, age_band, due, size_band;
