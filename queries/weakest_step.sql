/*
title = "The weakest step of each source"
definition = "For each source (or another value), the share of leads that went on from each stage to the next, beside the median of all sources at that step. Only leads at least so many days old count, and only what they reached within so many days of creation, so that all had the same time; a source is compared where at least 30 leads (or as many as the settings say) stood before the step, and only with sources of which that is so. Its weakest step is the one furthest below the median, in parts of it. What fixing it would bring: the leads that would go on at the median's rate and do not, times the source's own rates at the later steps (the medians, where too few of its leads came to a step), in won deals; times the average amount of its won deals (of all, where it has fewer than five), in money. A sum at today's rates, not a promise."
grain = "One row per value of the dimension and step."
direction = "higher"
source = "METRICS: Funnel and lead to close, right-censoring (fixed horizon); Wilson (1927)"
records = "lead_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for leads that name none"
[columns.position]
unit = "count"
text = "Place of the step in the funnel"
[columns.from_stage]
unit = "text"
text = "The stage before"
[columns.stage]
unit = "text"
text = "The stage that the step leads to"
[columns.before]
unit = "count"
text = "Leads that reached the stage before"
additive = true
[columns.went_on]
unit = "count"
text = "Of these, those that reached this stage"
additive = true
[columns.rate]
unit = "share"
text = "went on / before"
[columns.low]
unit = "share"
text = "Lower end of the 95% interval of the rate"
[columns.high]
unit = "share"
text = "Upper end of the 95% interval of the rate"
[columns.median_rate]
unit = "share"
text = "Median of the rates at this step, of the values with enough leads before it"
[columns.of_median]
unit = "ratio"
text = "rate / median"
[columns.is_weakest]
unit = "flag"
text = "The step of this value that is furthest below the median"
[columns.is_sure]
unit = "flag"
text = "The whole 95% interval of the rate lies below the median: not by chance alone"
[columns.won_more]
unit = "number"
text = "Won deals more, if this step went at the median's rate; a dash where it does not lie below, or has too few leads"
[columns.amount_more]
unit = "money"
text = "These deals at the average amount of the value's won deals; a dash where no won deal carries an amount"

[params.days]
type = "number"
text = "Days that every lead had (180 without it)"
*/
with leads as materialized (
    select
        dimension_value,
        coalesce(date_diff('day', created_date, mql_day) <= coalesce(cast($days as integer), 180), false) as is_mql,
        coalesce(date_diff('day', created_date, sal_day) <= coalesce(cast($days as integer), 180), false) as is_sal,
        coalesce(date_diff('day', created_date, sql_day) <= coalesce(cast($days as integer), 180), false) as is_sql,
        coalesce(date_diff('day', created_date, opportunity_day) <= coalesce(cast($days as integer), 180), false)
            as is_opportunity,
        coalesce(date_diff('day', created_date, won_day) <= coalesce(cast($days as integer), 180), false) as is_won,
        won_amount
    from lead_reached_by($as_of, $dimension)
    where date_diff('day', created_date, cast($as_of as date)) >= coalesce(cast($days as integer), 180)
        and is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
amount as (
    select
        dimension_value,
        count(won_amount) filter (is_won) as deals,
        sum(won_amount) filter (is_won) as total,
        share(sum(sum(won_amount) filter (is_won)) over (), sum(count(won_amount) filter (is_won)) over ()) as usual
    from leads
    group by dimension_value
),
wide as (
    -- Who came by way of the recorded stage before, and who of them went on.
    select
        l.dimension_value,
        count(*) as leads,
        count(*) filter (l.is_mql) as mql,
        count(*) filter (not k.has_mql or l.is_mql) as passed,
        count(*) filter ((not k.has_mql or l.is_mql) and l.is_sal) as sal,
        count(*) filter (case when k.has_sal then l.is_sal else not k.has_mql or l.is_mql end) as worked,
        count(*) filter (case when k.has_sal then l.is_sal else not k.has_mql or l.is_mql end and l.is_sql) as sql,
        count(*) filter (
            case when k.has_sql then l.is_sql when k.has_sal then l.is_sal else not k.has_mql or l.is_mql end
        ) as talked,
        count(*) filter (
            case when k.has_sql then l.is_sql when k.has_sal then l.is_sal else not k.has_mql or l.is_mql end
            and l.is_opportunity
        ) as opportunity,
        count(*) filter (l.is_opportunity) as opportunities,
        count(*) filter (l.is_opportunity and l.is_won) as won
    from leads l
    cross join crm.known k
    group by l.dimension_value
),
counted as (
    select w.dimension_value, 2 as position, 'mql' as stage, w.leads as before, w.mql as went_on
    from wide w cross join crm.known k where k.has_mql
    union all
    select w.dimension_value, 3, 'sal', w.passed, w.sal from wide w cross join crm.known k where k.has_sal
    union all
    select w.dimension_value, 4, 'sql', w.worked, w.sql from wide w cross join crm.known k where k.has_sql
    union all
    select w.dimension_value, 5, 'opportunity', w.talked, w.opportunity
    from wide w cross join crm.known k where k.has_opportunities
    union all
    select w.dimension_value, 6, 'won', w.opportunities, w.won from wide w cross join crm.known k where k.has_outcomes
),
rated as (
    select
        c.*,
        k.flag_under,
        share(c.went_on, c.before) as rate,
        coalesce(lag(c.stage) over (partition by c.dimension_value order by c.position), 'lead') as from_stage
    from counted c
    cross join crm.known k
),
compared as (
    select *, median(rate) filter (before >= flag_under) over (partition by position) as median_rate
    from rated
),
led as (
    -- From those who go on at this step to wins: the source's own rates at the later steps, where it has enough leads.
    select
        *,
        case when before >= flag_under then rate else median_rate end as usual_rate
    from compared
),
chained as (
    select
        *,
        case
            when count(*) over later = 0 then 1
            when count(usual_rate) over later = count(*) over later then product(usual_rate) over later
        end as later_rate
    from led
    window later as (
        partition by dimension_value order by position rows between 1 following and unbounded following
    )
),
judged as (
    select
        *,
        before >= flag_under and rate < median_rate as is_below,
        case when before >= flag_under then rate / nullif(median_rate, 0) end as of_median
    from chained
),
placed as (
    select
        j.*,
        j.is_below
            and row_number() over (
                partition by j.dimension_value, j.is_below order by j.of_median, j.position
            ) = 1 as is_weakest,
        case when j.is_below and (select has_outcomes from crm.known) then j.before * (j.median_rate - j.rate) * j.later_rate end
            as won_more,
        case when a.deals >= 5 then cast(a.total as double) / a.deals else a.usual end as average_amount
    from judged j
    join amount a on a.dimension_value is not distinct from j.dimension_value
),
final as (
    select
        dimension_value,
        position,
        from_stage,
        stage,
        before,
        went_on,
        rate,
        wilson_low(went_on, before) as low,
        wilson_high(went_on, before) as high,
        median_rate,
        of_median,
        is_weakest,
        before >= (select flag_under from crm.known) and coalesce(wilson_high(went_on, before) < median_rate, false)
            as is_sure,
        won_more,
        won_more * average_amount as amount_more
    from placed
)
select * from final order by dimension_value, position;
