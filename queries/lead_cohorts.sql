/*
title = "Cohorts of leads"
definition = "Of the leads created in each month (or quarter), the share that had reached a stage within 30, 60, 90, 180 and 365 days of creation. A cell is filled only once the cohort's youngest lead is that old: before, it is a dash, because the cohort has not had the time. A stage whose own day is not recorded counts on the day of the later stage that implies it. Leads without a creation date are in no cohort."
grain = "One row per cohort and number of days."
direction = "higher"
source = "METRICS: Funnel and lead to close, cohort conversion and right-censoring (fixed horizon); Wilson (1927)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

[columns.cohort]
unit = "date"
text = "First day of the month (or quarter) in which the leads were created"
[columns.cohort_end]
unit = "date"
text = "The day after its last"
[columns.leads]
unit = "count"
text = "Leads created in it"
[columns.days]
unit = "days"
text = "Within so many days of creation"
[columns.is_mature]
unit = "flag"
text = "All leads of the cohort are that old"
[columns.mature_on]
unit = "date"
text = "The day from which they all are"
[columns.reached]
unit = "count"
text = "Leads that reached the stage within so many days; a dash for a cohort that is not old enough"
additive = true
[columns.rate]
unit = "share"
text = "reached / leads"
[columns.low]
unit = "share"
text = "Lower end of the 95% interval of the rate"
[columns.high]
unit = "share"
text = "Upper end of the 95% interval of the rate"

[params.stage]
type = "text"
text = "mql, sal, sql, opportunity or won; won without it"
choices = ["mql", "sal", "sql", "opportunity", "won"]
[params.grain]
type = "text"
text = "month or quarter (fiscal); month without it"
choices = ["month", "quarter"]
*/
with leads as materialized (
    select
        case when cast($grain as varchar) = 'quarter' then c.quarter_start else c.month_start end as cohort,
        date_diff('day', l.created_date, case coalesce(cast($stage as varchar), 'won')
            when 'mql' then l.mql_day
            when 'sal' then l.sal_day
            when 'sql' then l.sql_day
            when 'opportunity' then l.opportunity_day
            when 'won' then l.won_day
        end) as took
    from lead_reached_by($as_of, null) l
    join crm.calendar c on c.day = l.created_date
    where is_within(l.created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
horizon as (
    select cast(unnest([30, 60, 90, 180, 365]) as bigint) as days
),
counted as (
    select l.cohort, h.days, count(*) as leads, count(*) filter (l.took <= h.days) as reached
    from leads l
    cross join horizon h
    group by l.cohort, h.days
),
dated as (
    select
        c.*,
        cast(c.cohort + case when cast($grain as varchar) = 'quarter' then interval 3 month else interval 1 month end as date)
            as cohort_end
    from counted c
),
aged as (
    select
        *,
        -- A lead of the last day of the cohort is `days` old on this day. A cohort is never taken as whole before it is.
        cast(cohort_end - 1 + cast(days as integer) as date) as mature_on,
        cohort_end - 1 + cast(days as integer) <= cast($as_of as date) as is_mature
    from dated
),
final as (
    select
        a.cohort,
        a.cohort_end,
        a.leads,
        a.days,
        a.is_mature,
        a.mature_on,
        case when a.is_mature then a.reached end as reached,
        case when a.is_mature then share(a.reached, a.leads) end as rate,
        case when a.is_mature then wilson_low(a.reached, a.leads) end as low,
        case when a.is_mature then wilson_high(a.reached, a.leads) end as high
    from aged a
    cross join crm.known k
    where case coalesce(cast($stage as varchar), 'won')
        when 'mql' then k.has_mql
        when 'sal' then k.has_sal
        when 'sql' then k.has_sql
        when 'opportunity' then k.has_opportunities
        when 'won' then k.has_outcomes
    end
)
select * from final order by cohort, days;
