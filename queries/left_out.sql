/*
title = "What is left out, and why"
definition = "How many deals a page leaves out because their stage says neither open, won nor lost, how many add nothing to its amounts because their currency has no rate, and how many leads have a status of unknown meaning: by stage, currency and status. Say on Import health what they mean, and they are in."
grain = "One row per reason and stage, currency or status."
direction = "lower"
source = "DESIGN: nothing is dropped in silence; a currency without a rate stays apart and is named"
records = "left_out_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.reason]
unit = "text"
text = "unmapped, no_rate or unknown_lead_status"
[columns.what]
unit = "text"
text = "The stage, the currency or the status"
[columns.records]
unit = "count"
text = "Deals, or leads"
[columns.amount]
unit = "number"
text = "For a currency without a rate: the amount in that currency"

[params.of]
type = "text"
text = "Of which figure: pipeline (open deals and those won in the period), deals (decided in the period; the default), or leads (created in the period, and their deals)"
choices = ["pipeline", "deals", "leads"]
*/
with final as (
    select
        reason,
        what,
        count(*) as records,
        cast(sum(amount) filter (reason = 'no_rate') as double) as amount
    from left_out_of(
        $as_of, coalesce(cast($of as varchar), 'deals'), $period_start, $period_end,
        $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    )
    group by reason, what
)
select * from final order by reason, records desc, what;
