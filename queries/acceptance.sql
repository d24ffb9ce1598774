/*
title = "Acceptance"
definition = "Of the passes from marketing to sales in the period that sales had decided by the as-of day, the share that it accepted. Undecided passes are in no share: those past the days that the SLA allows are counted apart from those that are not. A lead that is passed again is a pass again. Recycled passes went back to marketing; their yield is the share that was later passed and accepted, or won."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, acceptance and recycle yield; Wilson (1927)"
records = "handoff_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for passes that name none"
[columns.passes]
unit = "count"
text = "Passes to sales in the period"
additive = true
[columns.accepted]
unit = "count"
text = "Of these, accepted by the as-of day"
additive = true
[columns.implied]
unit = "count"
text = "Of the accepted, those without a recorded decision whose lead became a deal"
additive = true
[columns.rejected]
unit = "count"
text = "Rejected by the as-of day"
additive = true
[columns.undecided]
unit = "count"
text = "Not decided, and not past the SLA: there is still time, or the lead went back before"
additive = true
[columns.past_sla]
unit = "count"
text = "Not decided within the days that the SLA allows"
additive = true
[columns.rate]
unit = "share"
text = "accepted / (accepted + rejected)"
[columns.rate_low]
unit = "share"
text = "Lower end of the 95% interval of the rate"
[columns.rate_high]
unit = "share"
text = "Upper end of the 95% interval of the rate"
[columns.median_days]
unit = "days"
text = "Median days from the pass to the recorded decision"
[columns.recycled]
unit = "count"
text = "Passes that went back to marketing by the as-of day"
additive = true
[columns.recovered]
unit = "count"
text = "Of these, later accepted or won"
additive = true
[columns.recycle_yield]
unit = "share"
text = "recovered / recycled"
[columns.recycle_low]
unit = "share"
text = "Lower end of the 95% interval of the recycle yield"
[columns.recycle_high]
unit = "share"
text = "Upper end of the 95% interval of the recycle yield"
[columns.decision_days]
unit = "count"
text = "Days that the SLA allows for a decision, from the settings"
[columns.is_small]
unit = "flag"
text = "Fewer decided passes than the settings ask for: read with care"
*/
with passes as (
    select *
    from handoff_by($as_of, $dimension)
    where is_within(passed_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select
        dimension_value,
        count(*) as passes,
        count(*) filter (state = 'accepted') as accepted,
        count(*) filter (is_implied) as implied,
        count(*) filter (state = 'rejected') as rejected,
        count(*) filter (state = 'undecided') as undecided,
        count(*) filter (state = 'past SLA') as past_sla,
        median(date_diff('day', passed_date, decided_date)) filter (decided_date >= passed_date) as median_days,
        count(*) filter (is_recycled) as recycled,
        count(*) filter (is_recovered) as recovered
    from passes
    group by dimension_value
),
final as (
    select
        c.dimension_value,
        c.passes,
        c.accepted,
        c.implied,
        c.rejected,
        c.undecided,
        c.past_sla,
        share(c.accepted, c.accepted + c.rejected) as rate,
        wilson_low(c.accepted, c.accepted + c.rejected) as rate_low,
        wilson_high(c.accepted, c.accepted + c.rejected) as rate_high,
        cast(c.median_days as double) as median_days,
        c.recycled,
        c.recovered,
        share(c.recovered, c.recycled) as recycle_yield,
        wilson_low(c.recovered, c.recycled) as recycle_low,
        wilson_high(c.recovered, c.recycled) as recycle_high,
        s.decision_days,
        c.accepted + c.rejected < k.flag_under as is_small
    from counted c
    cross join crm.lead_setting s
    cross join crm.known k
    -- Where no decision is ever recorded, all would read as past the SLA: that is not known.
    where k.has_decisions
)
select * from final order by passes desc, dimension_value;
