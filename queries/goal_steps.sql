/*
title = "What it takes to win one deal"
definition = "Of the leads created in the year that ended so many days ago (180 unless said), all of them old enough to have come through: how many reached each stage, and what share of these was won by the as-of day, each deal counted once. So one won deal takes 1 / share of them. Beside it the days that won leads took from the stage to the win, from recorded moments alone, and how many reach the stage a week. A segment or region with fewer such leads than the small-sample setting, or without a won one, is told by the company's; so are teams and owners, as a lead names the people who work it before the deal."
grain = "One row per stage of the funnel, from lead to opportunity; a stage that the exports do not record has dashes."
direction = "higher"
source = "METRICS: Goals, goal tree; Wilson (1927)"
records = "lead_records"
uses = ["as_of"]

[columns.position]
unit = "count"
text = "Place in the funnel"
[columns.stage]
unit = "text"
text = "lead, mql, sal, sql or opportunity"
[columns.is_recorded]
unit = "flag"
text = "Whether the exports record this stage at all"
[columns.reached]
unit = "count"
text = "Leads of the mature year that reached it"
[columns.won]
unit = "count"
text = "Of these, the deals won by the as-of day"
[columns.share_won]
unit = "share"
text = "won / reached"
[columns.low]
unit = "share"
text = "Lower end of its 95% interval"
[columns.high]
unit = "share"
text = "Upper end of its 95% interval"
[columns.of_previous]
unit = "share"
text = "reached / reached the stage before (of those recorded)"
[columns.median_days]
unit = "days"
text = "Median days from the stage to the win, where both moments were recorded and in that order"
[columns.per_week]
unit = "number"
text = "Leads of the scope that reached it a week, in the last four weeks"
[columns.mature_start]
unit = "date"
text = "First day of the mature year"
[columns.mature_end]
unit = "date"
text = "The day after its last"
[columns.taken_from]
unit = "text"
text = "scope or company: whose leads these are"

[params.scope]
type = "text"
text = "The goal's kind of scope (company without it)"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Which team, segment, region or owner"
[params.mature_days]
type = "number"
text = "How old the youngest lead of the mature year is (180 unless said)"
*/
with asked as (
    select
        cast($as_of as date) as day,
        cast($as_of as date) - coalesce(cast($mature_days as integer), 180) - 364 as mature_start,
        cast($as_of as date) - coalesce(cast($mature_days as integer), 180) + 1 as mature_end
),
leads as materialized (
    select
        l.*,
        l.created_date >= a.mature_start and l.created_date < a.mature_end as is_mature,
        goal_is_of($scope, $scope_value, l.owner, l.team, l.segment, l.region) as is_of_scope
    from lead_at($as_of) l
    cross join asked a
    -- What reached a stage in the last weeks may be an older lead.
    where l.created_date >= a.mature_start
),
enough as (
    select
        coalesce(cast(any_value($scope) as varchar), 'company') in ('segment', 'region')
            and count(*) filter (is_mature and is_of_scope) >= any_value(k.flag_under)
            and count(*) filter (is_mature and is_of_scope and is_won) > 0 as is_enough
    from leads
    cross join crm.known k
),
staged as (
    select 1 as position, 'lead' as stage, k.has_leads as is_recorded, l.*, created_date as stage_date,
        created_date as by_date
    from leads l cross join crm.known k
    union all by name
    select 2 as position, 'mql' as stage, k.has_mql as is_recorded, l.*, mql_date as stage_date,
        mql_by_date as by_date
    from leads l cross join crm.known k where is_mql
    union all by name
    select 3 as position, 'sal' as stage, k.has_sal as is_recorded, l.*, sal_date as stage_date,
        sal_by_date as by_date
    from leads l cross join crm.known k where is_sal
    union all by name
    select 4 as position, 'sql' as stage, k.has_sql as is_recorded, l.*, sql_date as stage_date,
        coalesce(sql_date, opportunity_date) as by_date
    from leads l cross join crm.known k where is_sql
    union all by name
    select 5 as position, 'opportunity' as stage, k.has_opportunities as is_recorded, l.*,
        opportunity_date as stage_date, opportunity_date as by_date
    from leads l cross join crm.known k where is_opportunity
),
stages (position, stage, is_recorded) as (
    select 1, 'lead', has_leads from crm.known
    union all select 2, 'mql', has_mql from crm.known
    union all select 3, 'sal', has_sal from crm.known
    union all select 4, 'sql', has_sql from crm.known
    union all select 5, 'opportunity', has_opportunities from crm.known
),
counted as (
    select
        s.position,
        count(*) filter (is_mature and (is_of_scope or not e.is_enough)) as reached,
        count(*) filter (is_mature and (is_of_scope or not e.is_enough) and is_won and is_first_of_deal) as won,
        median(date_diff('day', stage_date, won_date)) filter (
            is_mature and (is_of_scope or not e.is_enough) and is_won and won_date >= stage_date
        ) as median_days,
        count(*) filter (is_of_scope and by_date > a.day - 28 and by_date <= a.day) / 4.0 as per_week
    from staged s
    cross join enough e
    cross join asked a
    where s.is_recorded
    group by s.position
),
told as (
    select
        s.position,
        s.stage,
        s.is_recorded,
        case when s.is_recorded then coalesce(c.reached, 0) end as reached,
        case when s.is_recorded and k.has_outcomes then coalesce(c.won, 0) end as won,
        c.median_days,
        case when s.is_recorded then coalesce(c.per_week, 0) end as per_week,
        a.mature_start,
        a.mature_end,
        case when e.is_enough then 'scope' else 'company' end as taken_from
    from stages s
    cross join crm.known k
    cross join asked a
    cross join enough e
    left join counted c using (position)
    where k.has_leads
),
final as (
    select
        position,
        stage,
        is_recorded,
        reached,
        won,
        share(won, reached) as share_won,
        wilson_low(won, reached) as low,
        wilson_high(won, reached) as high,
        share(reached, lag(case when is_recorded then reached end ignore nulls) over (order by position)) as of_previous,
        cast(median_days as double) as median_days,
        cast(per_week as double) as per_week,
        mature_start,
        mature_end,
        taken_from
    from told
)
select * from final order by position;
