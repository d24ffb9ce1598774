/*
title = "Why sales rejects"
definition = "The passes of the period that sales had rejected by the as-of day, by the reason that it gave. The share is of all rejections under the same value of the dimension, those without a reason included."
grain = "One row per value of the dimension and reason; a blank reason where none was given."
direction = "lower"
source = "METRICS: Funnel and lead to close, acceptance"
records = "handoff_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for passes that name none"
[columns.reason]
unit = "text"
text = "The reason as the CRM says it; blank where none was given"
[columns.rejected]
unit = "count"
text = "Passes rejected for this reason"
additive = true
[columns.of_rejected]
unit = "share"
text = "Of all rejections under this value, the share with this reason"
[columns.of_decided]
unit = "share"
text = "Of all decided passes under this value, the share rejected for this reason"
*/
with passes as (
    select dimension_value, state, reason
    from handoff_by($as_of, $dimension)
    where is_within(passed_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
        and state in ('accepted', 'rejected')
),
counted as (
    select dimension_value, state, reason, count(*) as passes
    from passes
    group by dimension_value, state, reason
),
totalled as (
    select
        *,
        sum(passes) over (partition by dimension_value) as decided,
        sum(passes) filter (state = 'rejected') over (partition by dimension_value) as all_rejected
    from counted
),
final as (
    select
        dimension_value,
        reason,
        passes as rejected,
        share(passes, all_rejected) as of_rejected,
        share(passes, decided) as of_decided
    from totalled
    where state = 'rejected'
)
select * from final order by rejected desc, dimension_value, reason;
