/*
title = "Campaign spending by month, and what it brought"
definition = "What campaigns cost in each month, beside the amount won in it that campaigns are credited with, the leads that they brought in it, and the deals that leads of campaigns became in it. A month's wins were paid for in earlier months: the lag says how many. A campaign whose cost is one total, without dates, has it spread evenly over its days; how much of a month's cost is spread so is said. The current month is not over. No filter on people or deals narrows this, for costs are the whole company's."
grain = "One row per month, those without cost or success between included; one without a month for costs that no date goes with."
direction = "none"
source = "METRICS: Campaigns, cost per"
records = "campaign_credit_records"
uses = ["as_of"]

[columns.month]
unit = "text"
text = "Month, like 2026-11"
[columns.is_complete]
unit = "flag"
text = "The month is over"
[columns.cost]
unit = "money"
text = "Cost of campaigns in the month; a dash where no cost is recorded at all"
[columns.spread_cost]
unit = "money"
text = "Of it, totals of campaigns spread evenly over their days"
[columns.won_amount]
unit = "money"
text = "Amount of deals closed in the month that campaigns are credited with"
[columns.won]
unit = "number"
text = "Deals closed in the month, in the parts that campaigns are credited with"
[columns.leads]
unit = "count"
text = "Leads created in the month that a campaign brought"
[columns.opportunities]
unit = "count"
text = "Deals that leads of campaigns became in the month"

[params.model]
type = "text"
text = "first, last, linear (the default), u, w, full (full path) or decay (time decay)"
choices = ["first", "last", "linear", "u", "w", "full", "decay"]
*/
with final as (
    select
        strftime(month_start, '%Y-%m') as month,
        is_complete,
        cast(cost as decimal(18, 2)) as cost,
        cast(spread_cost as decimal(18, 2)) as spread_cost,
        cast(won_amount as decimal(18, 2)) as won_amount,
        won,
        leads,
        opportunities
    from spend_by_month($as_of, $model)
)
select * from final order by month nulls last;
