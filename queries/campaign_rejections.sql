/*
title = "Why sales rejects leads"
definition = "The reasons that sales gave for the leads that it rejected, of those passed to it in the period, by where the leads came from. A rejection without a reason stands in a row of its own."
grain = "One row per value of the dimension and reason."
direction = "lower"
source = "METRICS: Funnel and lead to close, acceptance"
records = "campaign_pass_records"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "Where the leads came from"
[columns.reason]
unit = "text"
text = "The reason given; blank where none was"
[columns.rejected]
unit = "count"
text = "Rejections"
[columns.share]
unit = "share"
text = "Of all decided passes from there, those rejected for this reason"
[columns.decided]
unit = "count"
text = "Decided passes from there"
[columns.usual_share]
unit = "share"
text = "The same share over all passes, from wherever"

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
        and decision is not null
),
decided as (
    select dimension_value, count(*) as decided from passes group by dimension_value
),
usual as (
    select reason, count(*) as rejected, (select count(*) from passes) as decided
    from passes
    where decision = 'rejected'
    group by reason
),
final as (
    select
        p.dimension_value,
        p.reason,
        count(*) as rejected,
        share(count(*), d.decided) as share,
        d.decided,
        share(u.rejected, u.decided) as usual_share
    from passes p
    join decided d on d.dimension_value is not distinct from p.dimension_value
    join usual u on u.reason is not distinct from p.reason
    where p.decision = 'rejected'
    group by p.dimension_value, p.reason, d.decided, u.rejected, u.decided
)
select * from final order by dimension_value nulls last, rejected desc, reason nulls last;
