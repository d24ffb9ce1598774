/*
title = "Lead funnel, period basis"
definition = "How many leads reached each stage within the period, whenever they were created, over the leads that were created within it: different people, so it can exceed 100%, and it has no interval. A stage whose own day is not recorded counts on the day of the later stage that implies it. Wins count by their close date."
grain = "One row per stage that the exports record, in order."
direction = "higher"
source = "METRICS: Funnel and lead to close, period conversion"
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
text = "Leads that reached the stage within the period and by the as-of day"
additive = true
[columns.of_previous]
unit = "share"
text = "These, over those who reached the stage before within the period: different people, can exceed 100%"
[columns.of_leads]
unit = "share"
text = "These, over the leads created within the period: different people, can exceed 100%"
*/
with leads as materialized (
    select created_date, is_mql, is_sal, is_sql, is_opportunity, is_won, mql_day, sal_day, sql_day, opportunity_day, won_day
    from lead_reached_by($as_of, null)
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select
        count(*) filter (is_within(created_date, $period_start, $period_end)) as lead,
        count(*) filter (is_mql and is_within(mql_day, $period_start, $period_end)) as mql,
        count(*) filter (is_sal and is_within(sal_day, $period_start, $period_end)) as sal,
        count(*) filter (is_sql and is_within(sql_day, $period_start, $period_end)) as sql,
        count(*) filter (is_opportunity and is_within(opportunity_day, $period_start, $period_end)) as opportunity,
        count(*) filter (is_won and is_within(won_day, $period_start, $period_end)) as won
    from leads
),
every as (
    select 1 as position, 'lead' as stage, c.lead as reached from counted c cross join crm.known k where k.has_leads
    union all select 2, 'mql', c.mql from counted c cross join crm.known k where k.has_leads and k.has_mql
    union all select 3, 'sal', c.sal from counted c cross join crm.known k where k.has_leads and k.has_sal
    union all select 4, 'sql', c.sql from counted c cross join crm.known k where k.has_leads and k.has_sql
    union all select 5, 'opportunity', c.opportunity from counted c cross join crm.known k
        where k.has_leads and k.has_opportunities
    union all select 6, 'won', c.won from counted c cross join crm.known k where k.has_leads and k.has_outcomes
),
final as (
    select
        position,
        stage,
        reached,
        share(reached, lag(reached) over (order by position)) as of_previous,
        share(reached, first_value(reached) over (order by position)) as of_leads
    from every
)
select * from final order by position;
