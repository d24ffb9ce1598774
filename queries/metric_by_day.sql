/*
title = "A metric, day by day"
definition = "Each of the metrics that a team may pick, as daily values that any longer span is made of: added up (leads, deals, amounts), divided (rates and means: the values of the span over its weights), or the last of the span (what stands open). What each one means stands in the catalogue of metrics. A day without anything to count is 0 where counts are added up, and is left out where it has nothing to divide by; what the exports do not record at all has no rows. Days after the as-of day are left out, and nothing that came to be known after it counts."
grain = "One row per metric and day, from the first day that the exports know to the as-of day."
direction = "none"
source = "METRICS: Week; the metrics' own definitions in queries/metrics.toml"
uses = ["as_of", "deal_filters"]

[columns.metric]
unit = "text"
text = "The metric's name in the catalogue"
[columns.day]
unit = "date"
text = "The day"
[columns.value]
unit = "number"
text = "What is added up, or stands above the line"
[columns.weight]
unit = "number"
text = "What stands below the line, for rates and means; a dash for others"

[params.metrics]
type = "texts"
text = "Only these metrics; all without it"
*/
with asked as (
    select
        cast($as_of as date) as as_of,
        $segment is not null or $region is not null or $team is not null or $owner is not null or $source is not null
            or $product is not null or $business_type is not null or $custom is not null as is_filtered,
        $product is not null or $business_type is not null as is_of_deals_alone
),
deals as materialized (
    select *
    from opportunity_at($as_of)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
leads as materialized (
    select l.*
    from lead_at($as_of) l
    cross join asked a
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom) and not a.is_of_deals_alone
),
passes as materialized (
    select h.passed_date, h.decided_date, h.state, h.recycled_date
    from handoff_by($as_of, null) h
    cross join asked a
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom) and not a.is_of_deals_alone
),
waits as materialized (
    -- What the promise can be judged by: answered in time, or late by now.
    select w.from_date, w.verdict
    from first_response_by($as_of, null, null) w
    cross join asked a
    where w.verdict in ('in time', 'late')
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom) and not a.is_of_deals_alone
),
actions as materialized (
    select x.activity_date as day, x.kind
    from crm.activity x
    cross join asked a
    where x.is_completed
        and not x.is_automated
        and coalesce(x.direction, 'outbound') = 'outbound'
        and x.activity_date <= a.as_of
        and is_chosen($owner, x.owner)
        and is_chosen($team, x.team)
        and $segment is null and $region is null and $source is null and $product is null and $business_type is null
        and $custom is null
),
moves as materialized (
    -- A day on which a deal's close date moved further away.
    select
        s.valid_from_date as day,
        s.amount_base
    from (
        select
            opportunity_id, valid_from_date, amount_base, status, close_date,
            lag(close_date) over (partition by opportunity_id order by valid_from) as close_date_before,
            lag(status) over (partition by opportunity_id order by valid_from) as status_before
        from crm.opportunity_state
    ) s
    join deals d using (opportunity_id)
    cross join asked a
    where s.status = 'open' and s.status_before = 'open' and s.close_date > s.close_date_before
        and s.valid_from_date <= a.as_of
),
stood as materialized (
    select from_date, until_date, coalesce(amount_base, 0) as amount
    from crm.deal_as_of
    cross join asked a
    where status = 'open' and from_date <= a.as_of
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
standing as (
    -- What is added to and taken from what stands open, day by day.
    select from_date as day, 1 as deals, amount from stood
    union all
    select until_date, -1, -amount from stood cross join asked a where until_date <= a.as_of
),
facts as (
    select 'lead_count' as metric, created_date as day, 1.0 as value, cast(null as double) as weight from leads
    union all select 'mql_count', mql_by_date, 1, null from leads where is_mql
    union all select 'mql_per_lead', mql_by_date, 1, 0 from leads where is_mql
    union all select 'mql_per_lead', created_date, 0, 1 from leads
    union all select 'pass_count', passed_date, 1, null from passes
    union all select 'sal_count', sal_by_date, 1, null from leads where is_sal
    union all select 'sql_count', sql_date, 1, null from leads where is_sql
    union all select 'rejected_count', decided_date, 1, null from passes where state = 'rejected'
    union all select 'recycled_count', recycled_date, 1, null from passes
    union all
    select 'acceptance_rate', decided_date, case when state = 'accepted' then 1 else 0 end, 1
    from passes
    where state in ('accepted', 'rejected')
    union all select 'sla_kept', from_date, case when verdict = 'in time' then 1 else 0 end, 1 from waits
    union all select 'lead_opportunity_count', opportunity_date, 1, null from leads where is_opportunity
    union all select 'lead_won_count', won_date, 1, null from leads where is_won
    union all
    select 'response_count', t.responded_date, 1, null
    from crm.touch t
    cross join asked a
    where t.is_responded and not a.is_filtered
    union all
    select 'campaign_spend', c.spent_date, c.amount_base, null
    from crm.campaign_cost c
    cross join asked a
    where not a.is_filtered
    union all
    select 'cost_per_lead', c.spent_date, c.amount_base, 0
    from crm.campaign_cost c
    cross join asked a
    where not a.is_filtered
    union all select 'cost_per_lead', l.created_date, 0, 1 from leads l cross join asked a where not a.is_filtered
    union all
    select 'cost_per_mql', c.spent_date, c.amount_base, 0
    from crm.campaign_cost c
    cross join asked a
    where not a.is_filtered
    union all select 'cost_per_mql', l.mql_by_date, 0, 1 from leads l cross join asked a where l.is_mql and not a.is_filtered
    union all select 'opportunity_count', created_date, 1, null from deals
    union all select 'pipeline_created', created_date, amount_base, null from deals
    union all select 'average_created_amount', created_date, amount_base, 1 from deals where amount_base is not null
    union all select 'sourced_opportunity_count', created_date, 1, null from deals where is_sourced
    union all select 'sourced_pipeline', created_date, amount_base, null from deals where is_sourced
    union all
    select 'sourced_share_of_pipeline', created_date, case when is_sourced then amount_base else 0 end, amount_base
    from deals
    where amount_base is not null
    union all select 'won_count', close_date, 1, null from deals where status = 'won'
    union all select 'won_amount', close_date, amount_base, null from deals where status = 'won'
    union all select 'average_won_amount', close_date, amount_base, 1 from deals where status = 'won' and amount_base is not null
    union all select 'lost_count', close_date, 1, null from deals where status = 'lost'
    union all select 'lost_amount', close_date, amount_base, null from deals where status = 'lost'
    union all
    select 'win_rate', close_date, case when status = 'won' then 1 else 0 end, 1
    from deals
    where status in ('won', 'lost')
    union all
    select 'win_rate_by_value', close_date, case when status = 'won' then amount_base else 0 end, amount_base
    from deals
    where status in ('won', 'lost') and amount_base is not null
    union all
    select 'cycle_days', close_date, date_diff('day', created_date, close_date), 1
    from deals
    where status = 'won' and not is_created_inferred and close_date >= created_date
    union all select 'sourced_won_amount', close_date, amount_base, null from deals where status = 'won' and is_sourced
    union all
    select 'sourced_share_of_won', close_date, case when is_sourced then amount_base else 0 end, amount_base
    from deals
    where status = 'won' and amount_base is not null
    union all
    select 'influenced_won_amount', close_date, amount_base, null
    from deals
    where status = 'won' and is_influenced_before_closed
    union all select 'new_business_amount', close_date, amount_base, null from deals where status = 'won' and business_type = 'new'
    union all
    select 'expansion_amount', close_date, amount_base, null
    from deals
    where status = 'won' and business_type in ('expansion', 'renewal')
    union all select 'call_count', day, 1, null from actions where kind = 'call'
    union all select 'email_count', day, 1, null from actions where kind = 'email'
    union all select 'meeting_count', day, 1, null from actions where kind = 'meeting'
    union all select 'activity_count', day, 1, null from actions where kind in ('call', 'email', 'meeting')
    union all select 'pushed_count', day, 1, null from moves
    union all select 'pushed_amount', day, amount_base, null from moves
),
wanted as (
    select f.*
    from facts f
    cross join asked a
    where f.day <= a.as_of and is_chosen($metrics, f.metric)
),
summed as (
    select metric, day, sum(value) as value, sum(weight) as weight
    from wanted
    group by metric, day
),
edges as (
    select metric, min(day) as first_day, bool_or(weight is not null) as is_divided
    from summed
    group by metric
),
known_days as (
    -- A count is known from the first day on which anything of its kind is.
    select e.metric, e.is_divided, c.day
    from edges e
    cross join asked a
    join crm.calendar c on c.day >= e.first_day and c.day <= a.as_of
),
filled as (
    select
        k.metric,
        k.day,
        coalesce(s.value, 0) as value,
        case when k.is_divided then coalesce(s.weight, 0) end as weight
    from known_days k
    left join summed s on s.metric = k.metric and s.day = k.day
    where not k.is_divided or s.metric is not null
),
open_by_day as (
    select day, sum(deals) as deals, sum(amount) as amount
    from standing
    group by day
),
open_days as (
    select
        c.day,
        sum(o.deals) over (order by c.day) as deals,
        sum(o.amount) over (order by c.day) as amount
    from crm.calendar c
    cross join asked a
    left join open_by_day o on o.day = c.day
    where c.day >= (select min(day) from open_by_day) and c.day <= a.as_of
),
final as (
    select metric, day, cast(value as double) as value, cast(weight as double) as weight from filled
    union all
    select 'open_deal_count', day, cast(deals as double), null from open_days where is_chosen($metrics, 'open_deal_count')
    union all
    select 'open_pipeline', day, cast(amount as double), null from open_days where is_chosen($metrics, 'open_pipeline')
)
select * from final order by metric, day;
