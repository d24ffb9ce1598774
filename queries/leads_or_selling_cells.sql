/*
title = "How far each kind of lead came"
definition = "Of the leads created in the period that are at least so many days old, by source and segment: how many were marketing-qualified, accepted, qualified and won within so many days of creation. Every lead had the same time, so two periods or two reps can be compared. A later stage implies the earlier ones, also over a rejection by sales, so that each stage is a share of the one before. What the split into leads and selling is reckoned from; a win without a close date is within no time."
grain = "One row per value of the dimension (one for all without a dimension), source and segment."
direction = "none"
source = "METRICS: Leads or selling; right-censoring (fixed horizon)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.unit]
unit = "text"
text = "The value of the dimension: whose leads; blank for leads that name none"
[columns.source]
unit = "text"
text = "Where the leads came from; blank for leads that name none"
[columns.segment]
unit = "text"
text = "Segment; blank for leads that name none"
[columns.leads]
unit = "count"
text = "Leads created in the period and at least so many days old"
additive = true
[columns.mql]
unit = "count"
text = "Of these, marketing-qualified within so many days, or further; a dash where the exports record no such moment"
additive = true
[columns.sal]
unit = "count"
text = "Of these, accepted by sales within so many days, or further; a dash where the exports record no such moment"
additive = true
[columns.sql]
unit = "count"
text = "Of these, qualified by a conversation within so many days, or a deal, or won; a dash where the exports record neither"
additive = true
[columns.won]
unit = "count"
text = "Of these, won within so many days"
additive = true

[params.days]
type = "number"
text = "Days that every lead had, at least (180 without it)"
*/
with leads as (
    select
        *,
        created_date + coalesce(cast($days as integer), 180) as last_day
    from lead_by($as_of, $dimension)
    where created_date is not null
        and created_date + coalesce(cast($days as integer), 180) <= cast($as_of as date)
        and is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
won as (
    select *, is_won and coalesce(won_date <= last_day, false) as has_won from leads
),
qualified as (
    -- least() passes over a null: either date says that the conversation took place.
    select *, has_won or (is_sql and coalesce(least(sql_date, opportunity_date) <= last_day, false)) as has_sql from won
),
accepted as (
    select *, has_sql or (is_sal and coalesce(sal_by_date <= last_day, false)) as has_sal from qualified
),
ready as (
    select *, has_sal or (is_mql and coalesce(mql_by_date <= last_day, false)) as has_mql from accepted
),
final as (
    select
        r.dimension_value as unit,
        r.source,
        r.segment,
        count(*) as leads,
        case when any_value(k.has_mql) then count(*) filter (r.has_mql) end as mql,
        case when any_value(k.has_sal) then count(*) filter (r.has_sal) end as sal,
        case when any_value(k.has_sql or k.has_opportunities) then count(*) filter (r.has_sql) end as sql,
        count(*) filter (r.has_won) as won
    from ready r
    cross join crm.known k
    where k.has_outcomes
    group by r.dimension_value, r.source, r.segment
)
select * from final order by unit, source, segment;
