/*
title = "Leads lately against before"
definition = "Whether the leads of a source (or another value) have become better or worse: the share that reached a stage within so many days of creation, of the leads of the last five months that are that old, and of the leads of the twelve months before these. Both had the same time; within a period, only the leads created in it count. Different says that the two 95% intervals' difference (Newcombe's) leaves out 0."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "higher"
source = "METRICS: Funnel and lead to close, right-censoring (fixed horizon in every group compared); Newcombe (1998), method 10"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for leads that name none"
[columns.before_start]
unit = "date"
text = "First day of the time before"
[columns.lately_start]
unit = "date"
text = "First day of the last five months, and the day after the time before"
[columns.lately_end]
unit = "date"
text = "The day after the last on which leads are old enough"
[columns.before_leads]
unit = "count"
text = "Leads created in the time before"
additive = true
[columns.before_reached]
unit = "count"
text = "Of these, those that reached the stage within so many days"
additive = true
[columns.before_rate]
unit = "share"
text = "Their share"
[columns.lately_leads]
unit = "count"
text = "Leads created lately, and old enough"
additive = true
[columns.lately_reached]
unit = "count"
text = "Of these, those that reached the stage within so many days"
additive = true
[columns.lately_rate]
unit = "share"
text = "Their share"
[columns.change]
unit = "share"
text = "Lately less before"
[columns.change_low]
unit = "share"
text = "Lower end of the 95% interval of the change"
[columns.change_high]
unit = "share"
text = "Upper end of the 95% interval of the change"
[columns.is_different]
unit = "flag"
text = "The interval of the change leaves out 0, with enough leads on both sides"

[params.stage]
type = "text"
text = "mql, sal, sql, opportunity or won; opportunity without it"
choices = ["mql", "sal", "sql", "opportunity", "won"]
[params.days]
type = "number"
text = "Days that every lead had (60 without it)"
*/
with asked as (
    select
        coalesce(cast($days as integer), 60) as days,
        cast($as_of as date) - coalesce(cast($days as integer), 60) + 1 as lately_end
),
bounds as (
    select
        *,
        cast(lately_end - interval 5 month as date) as lately_start,
        cast(lately_end - interval 17 month as date) as before_start
    from asked
),
leads as materialized (
    select
        l.dimension_value,
        l.created_date >= b.lately_start as is_lately,
        coalesce(date_diff('day', l.created_date, case coalesce(cast($stage as varchar), 'opportunity')
            when 'mql' then l.mql_day
            when 'sal' then l.sal_day
            when 'sql' then l.sql_day
            when 'opportunity' then l.opportunity_day
            when 'won' then l.won_day
        end) <= b.days, false) as is_reached
    from lead_reached_by($as_of, $dimension) l
    join bounds b on l.created_date >= b.before_start and l.created_date < b.lately_end
    where is_within(l.created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select
        dimension_value,
        count(*) filter (not is_lately) as before_leads,
        count(*) filter (not is_lately and is_reached) as before_reached,
        count(*) filter (is_lately) as lately_leads,
        count(*) filter (is_lately and is_reached) as lately_reached
    from leads
    group by dimension_value
),
rated as (
    select
        *,
        share(before_reached, before_leads) as before_rate,
        share(lately_reached, lately_leads) as lately_rate,
        wilson_low(before_reached, before_leads) as before_low,
        wilson_high(before_reached, before_leads) as before_high,
        wilson_low(lately_reached, lately_leads) as lately_low,
        wilson_high(lately_reached, lately_leads) as lately_high
    from counted
),
changed as (
    select
        *,
        lately_rate - before_rate as change,
        lately_rate - before_rate - sqrt(pow(lately_rate - lately_low, 2) + pow(before_high - before_rate, 2)) as change_low,
        lately_rate - before_rate + sqrt(pow(lately_high - lately_rate, 2) + pow(before_rate - before_low, 2)) as change_high
    from rated
),
final as (
    select
        c.dimension_value,
        b.before_start,
        b.lately_start,
        b.lately_end,
        c.before_leads,
        c.before_reached,
        c.before_rate,
        c.lately_leads,
        c.lately_reached,
        c.lately_rate,
        c.change,
        c.change_low,
        c.change_high,
        coalesce(c.change_low > 0 or c.change_high < 0, false)
            and least(c.before_leads, c.lately_leads) >= k.flag_under as is_different
    from changed c
    cross join bounds b
    cross join crm.known k
    where case coalesce(cast($stage as varchar), 'opportunity')
        when 'mql' then k.has_mql
        when 'sal' then k.has_sal
        when 'sql' then k.has_sql
        when 'opportunity' then k.has_opportunities
        when 'won' then k.has_outcomes
    end
)
select * from final order by before_leads + lately_leads desc, dimension_value;
