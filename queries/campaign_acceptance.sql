/*
title = "Sales' answer to leads"
definition = "How many leads that were passed to sales in the period it accepted, how many it rejected, and how many it has yet to answer, by where they came from. Acceptance = accepted / (accepted + rejected): what is undecided is in neither side. A lead that was passed on twice counts twice. The reason shown is the most frequent one that sales gave."
grain = "One row per value of the dimension."
direction = "higher"
source = "METRICS: Funnel and lead to close, acceptance"
records = "campaign_pass_records"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "Where the leads came from"
[columns.passes]
unit = "count"
text = "Passes to sales"
[columns.accepted]
unit = "count"
text = "Accepted"
[columns.rejected]
unit = "count"
text = "Rejected"
[columns.undecided]
unit = "count"
text = "Not answered yet: in neither side of acceptance"
[columns.acceptance]
unit = "share"
text = "accepted / (accepted + rejected)"
[columns.acceptance_low]
unit = "share"
text = "Low end of its 95% interval"
[columns.acceptance_high]
unit = "share"
text = "High end of it"
[columns.is_small]
unit = "flag"
text = "Few decisions: the rate says little"
[columns.top_reason]
unit = "text"
text = "The reason given most often"
[columns.top_reason_count]
unit = "count"
text = "Rejections with that reason"

[params.dimension]
type = "text"
text = "source (the default), channel, campaign or vehicle"
choices = ["source", "channel", "campaign", "vehicle"]
*/
with passes as materialized (
    select dimension_value, decision, reason
    from pass_by($as_of, $dimension)
    where is_within(passed_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
reasons as (
    select dimension_value, reason, count(*) as given
    from passes
    where reason is not null
    group by dimension_value, reason
),
topmost as (
    select
        dimension_value,
        max_by(reason, (given, reason)) as top_reason,
        max(given) as top_reason_count
    from reasons
    group by dimension_value
),
counted as (
    select
        dimension_value,
        count(*) as passes,
        count(*) filter (decision = 'accepted') as accepted,
        count(*) filter (decision = 'rejected') as rejected
    from passes
    group by dimension_value
),
final as (
    select
        c.dimension_value,
        c.passes,
        case when k.has_decisions then c.accepted end as accepted,
        case when k.has_decisions then c.rejected end as rejected,
        case when k.has_decisions then c.passes - c.accepted - c.rejected end as undecided,
        share(c.accepted, c.accepted + c.rejected) as acceptance,
        wilson_low(c.accepted, c.accepted + c.rejected) as acceptance_low,
        wilson_high(c.accepted, c.accepted + c.rejected) as acceptance_high,
        c.accepted + c.rejected < k.flag_under as is_small,
        t.top_reason,
        t.top_reason_count
    from counted c
    cross join crm.known k
    left join topmost t on t.dimension_value is not distinct from c.dimension_value
)
select * from final order by rejected desc nulls last, passes desc, dimension_value nulls last;
