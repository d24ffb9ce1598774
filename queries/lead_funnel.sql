/*
title = "Lead funnel"
definition = "Of the leads created in the period, how many reached each stage by the as-of day, and what share of the stage before went on. A later stage implies the earlier ones. Days between stages are taken from recorded moments alone."
grain = "One row per stage that the exports record, in order."
direction = "higher"
source = "METRICS: Funnel and lead to close; Wilson (1927)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "segment", "region", "owner", "source"]

[columns.position]
unit = "count"
text = "Place in the funnel, 1 is the widest"
[columns.stage]
unit = "text"
text = "lead, mql, sal, sql, opportunity or won"
[columns.reached]
unit = "count"
text = "Leads that reached the stage by the as-of day"
additive = true
[columns.of_previous]
unit = "share"
text = "reached / reached of the stage before"
[columns.low]
unit = "share"
text = "Lower end of the 95% interval of that share"
[columns.high]
unit = "share"
text = "Upper end of the 95% interval of that share"
[columns.of_leads]
unit = "share"
text = "reached / leads"
[columns.median_days]
unit = "days"
text = "Median days from the stage before, where both moments were recorded"
*/
with leads as materialized (
    select *
    from lead_at($as_of)
    where is_within(created_date, $period_start, $period_end)
        and is_chosen($segment, segment)
        and is_chosen($region, region)
        and is_chosen($owner, owner)
        and is_chosen($source, source)
),
every as (
    select 1 as position, 'lead' as stage, true as is_reached, created_date as day, cast(null as date) as before,
        lead_id from leads
    union all
    select 2, 'mql', is_mql, mql_date, created_date, lead_id from leads
    union all
    select 3, 'sal', is_sal, sal_date, mql_date, lead_id from leads
    union all
    select 4, 'sql', is_sql, sql_date, sal_date, lead_id from leads
    union all
    select 5, 'opportunity', is_opportunity, opportunity_date, sql_date, lead_id from leads
    union all
    select 6, 'won', is_won, won_date, opportunity_date, lead_id from leads
),
counted as (
    select
        e.position,
        e.stage,
        count(*) filter (e.is_reached) as reached,
        median(date_diff('day', e.before, e.day)) filter (e.is_reached and e.day >= e.before) as median_days
    from every e
    cross join crm.known k
    where (e.stage <> 'mql' or k.has_mql)
        and (e.stage <> 'sal' or k.has_sal)
        and (e.stage <> 'sql' or k.has_sql)
        and (e.stage <> 'opportunity' or k.has_opportunities)
        and (e.stage <> 'won' or k.has_outcomes)
    group by e.position, e.stage
),
stepped as (
    select
        *,
        lag(reached) over (order by position) as previous,
        first_value(reached) over (order by position) as leads,
        lag(position) over (order by position) = position - 1 as is_next
    from counted
),
final as (
    select
        position,
        stage,
        reached,
        share(reached, previous) as of_previous,
        -- A record may skip a stage that this company rejects at, so more can reach a stage than the one before:
        -- then there is no share to give an interval to.
        case when reached <= previous then wilson_low(reached, previous) end as low,
        case when reached <= previous then wilson_high(reached, previous) end as high,
        share(reached, leads) as of_leads,
        case when is_next then cast(median_days as double) end as median_days
    from stepped
)
select * from final order by position;
