/*
title = "Lead funnel"
definition = "Of the leads created in the period, how many reached each stage by the as-of day, and what share of those who reached the stage before went on. A later stage implies the earlier ones, but what sales rejected was not accepted: leads that came this far all the same are counted apart, in no share. Days between stages are taken from recorded moments alone."
grain = "One row per stage that the exports record, in order."
direction = "higher"
source = "METRICS: Funnel and lead to close; Wilson (1927)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

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
[columns.skipped]
unit = "count"
text = "Of these, leads that had not reached the stage before (sales rejected them, and yet they came this far)"
additive = true
[columns.of_previous]
unit = "share"
text = "Of the leads that reached the stage before, the share that reached this"
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
[columns.p90_days]
unit = "days"
text = "Days from the stage before that nine in ten did not exceed, where both moments were recorded"
[columns.timed]
unit = "count"
text = "Leads behind these days: those for which both moments were recorded"
additive = true
*/
with leads as materialized (
    select *
    from lead_at($as_of)
    where is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
-- Whether each lead had reached the stage before, of those that the exports record.
every as (
    select 1 as position, 'lead' as stage, true as is_reached, true as was_before, created_date as day,
        cast(null as date) as before_day
    from leads
    union all
    select 2, 'mql', is_mql, true, mql_date, created_date from leads
    union all
    select 3, 'sal', is_sal, not k.has_mql or is_mql, sal_date, mql_date from leads cross join crm.known k
    union all
    select 4, 'sql', is_sql, case when k.has_sal then is_sal else not k.has_mql or is_mql end, sql_date, sal_date
    from leads cross join crm.known k
    union all
    select 5, 'opportunity', is_opportunity,
        case when k.has_sql then is_sql when k.has_sal then is_sal else not k.has_mql or is_mql end,
        opportunity_date, sql_date
    from leads cross join crm.known k
    union all
    -- Outcomes are known of deals alone, so the stage before a win is a deal.
    select 6, 'won', is_won, is_opportunity, won_date, opportunity_date from leads
),
counted as (
    select
        e.position,
        e.stage,
        count(*) filter (e.is_reached) as reached,
        count(*) filter (e.is_reached and e.was_before) as went_on,
        median(date_diff('day', e.before_day, e.day)) filter (e.is_reached and e.day >= e.before_day) as median_days,
        quantile_cont(date_diff('day', e.before_day, e.day), 0.9) filter (e.is_reached and e.day >= e.before_day)
            as p90_days,
        count(*) filter (e.is_reached and e.day >= e.before_day) as timed
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
        reached - went_on as skipped,
        share(went_on, previous) as of_previous,
        wilson_low(went_on, previous) as low,
        wilson_high(went_on, previous) as high,
        share(reached, leads) as of_leads,
        case when is_next then cast(median_days as double) end as median_days,
        case when is_next then cast(p90_days as double) end as p90_days,
        case when is_next then timed end as timed
    from stepped
)
select * from final order by position;
