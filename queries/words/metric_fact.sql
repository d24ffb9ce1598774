/*
title = "What a metric counts"
definition = "Each thing that a metric counts or divides by, one by one: a lead, a pass to sales, a wait, a deal, an activity, an answer, a spending; with its day, what it adds above the line and (for rates and means) below it, and the record that it is. A thing may count for several metrics. What stands open on a day is no such thing."
*/
create or replace macro metric_fact(
    as_of, segments, regions, teams, owners, sources, products, business_types, customs
) as table
with asked as (
    select
        cast(as_of as date) as as_of_day,
        segments is not null or regions is not null or teams is not null or owners is not null or sources is not null
            or products is not null or business_types is not null or customs is not null as is_filtered,
        products is not null or business_types is not null as is_of_deals_alone
),
deals as materialized (
    select *
    from opportunity_at(as_of)
    where is_deal_chosen(segments, regions, teams, owners, sources, products, business_types, customs)
),
leads as materialized (
    select l.*
    from lead_at(as_of) l
    cross join asked a
    where is_lead_chosen(segments, regions, teams, owners, sources, customs) and not a.is_of_deals_alone
),
passes as materialized (
    select
        h.passed_date, h.decided_date, h.state, h.recycled_date, h.record_id, h.owner, h.batch_id, h.source_line
    from handoff_by(as_of, null) h
    cross join asked a
    where is_lead_chosen(segments, regions, teams, owners, sources, customs) and not a.is_of_deals_alone
),
waits as materialized (
    -- What the promise can be judged by: answered in time, or late by now.
    select w.from_date, w.verdict, w.record_id, w.owner, w.batch_id, w.source_line
    from first_response_by(as_of, null, null) w
    cross join asked a
    where w.verdict in ('in time', 'late')
        and is_lead_chosen(segments, regions, teams, owners, sources, customs) and not a.is_of_deals_alone
),
actions as not materialized (
    select
        x.activity_date as day,
        x.kind,
        x.activity_id,
        x.owner,
        x.batch_id,
        x.source_line
    from crm.activity x
    cross join asked a
    where x.is_completed
        and not x.is_automated
        and coalesce(x.direction, 'outbound') = 'outbound'
        and x.activity_date <= a.as_of_day
        and is_chosen(owners, x.owner)
        and is_chosen(teams, x.team)
        and segments is null and regions is null and sources is null and products is null and business_types is null
        and customs is null
),
moves as materialized (
    -- A day on which a deal's close date moved further away.
    select
        s.valid_from_date as day,
        s.amount_base,
        d.record_id,
        d.name,
        d.owner,
        d.batch_id,
        d.source_line
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
        and s.valid_from_date <= a.as_of_day
),
facts as (
    select 'lead_count' as metric, created_date as day, 1.0 as value, cast(null as double) as weight,
        'lead' as kind, record_id, cast(null as varchar) as name, owner, batch_id, source_line
    from leads
    union all
    select 'mql_count', mql_by_date, 1, null,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    where is_mql
    union all
    select 'mql_per_lead', mql_by_date, 1, 0,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    where is_mql
    union all
    select 'mql_per_lead', created_date, 0, 1,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    union all
    select 'pass_count', passed_date, 1, null,
        'pass to sales', record_id, null, owner, batch_id, source_line
    from passes
    union all
    select 'sal_count', sal_by_date, 1, null,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    where is_sal
    union all
    select 'sql_count', sql_date, 1, null,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    where is_sql
    union all
    select 'rejected_count', decided_date, 1, null,
        'pass to sales', record_id, null, owner, batch_id, source_line
    from passes
    where state = 'rejected'
    union all
    select 'recycled_count', recycled_date, 1, null,
        'pass to sales', record_id, null, owner, batch_id, source_line
    from passes
    union all
    select 'acceptance_rate', decided_date, case when state = 'accepted' then 1 else 0 end, 1,
        'pass to sales', record_id, null, owner, batch_id, source_line
    from passes
    where state in ('accepted', 'rejected')
    union all
    select 'sla_kept', from_date, case when verdict = 'in time' then 1 else 0 end, 1,
        'wait for sales', record_id, null, owner, batch_id, source_line
    from waits
    union all
    select 'lead_opportunity_count', opportunity_date, 1, null,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    where is_opportunity
    union all
    select 'lead_won_count', won_date, 1, null,
        'lead', record_id, null, owner, batch_id, source_line
    from leads
    where is_won
    union all
    select 'response_count', t.responded_date, 1, null,
        'answer', substr(t.touch_id, strpos(t.touch_id, ':') + 1), null, null, t.batch_id, t.source_line
    from crm.touch t
    cross join asked a
    where t.is_responded and not a.is_filtered
    union all
    select 'campaign_spend', c.spent_date, c.amount_base, null,
        'spending', substr(c.campaign_id, strpos(c.campaign_id, ':') + 1), null, null, c.batch_id, c.source_line
    from crm.campaign_cost c
    cross join asked a
    where not a.is_filtered
    union all
    select 'cost_per_lead', c.spent_date, c.amount_base, 0,
        'spending', substr(c.campaign_id, strpos(c.campaign_id, ':') + 1), null, null, c.batch_id, c.source_line
    from crm.campaign_cost c
    cross join asked a
    where not a.is_filtered
    union all
    select 'cost_per_lead', l.created_date, 0, 1,
        'lead', l.record_id, null, l.owner, l.batch_id, l.source_line
    from leads l
    cross join asked a
    where not a.is_filtered
    union all
    select 'cost_per_mql', c.spent_date, c.amount_base, 0,
        'spending', substr(c.campaign_id, strpos(c.campaign_id, ':') + 1), null, null, c.batch_id, c.source_line
    from crm.campaign_cost c
    cross join asked a
    where not a.is_filtered
    union all
    select 'cost_per_mql', l.mql_by_date, 0, 1,
        'lead', l.record_id, null, l.owner, l.batch_id, l.source_line
    from leads l
    cross join asked a
    where l.is_mql and not a.is_filtered
    union all
    select 'opportunity_count', created_date, 1, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    union all
    select 'pipeline_created', created_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    union all
    select 'average_created_amount', created_date, amount_base, 1,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where amount_base is not null
    union all
    select 'sourced_opportunity_count', created_date, 1, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where is_sourced
    union all
    select 'sourced_pipeline', created_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where is_sourced
    union all
    select 'sourced_share_of_pipeline', created_date, case when is_sourced then amount_base else 0 end, amount_base,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where amount_base is not null
    union all
    select 'won_count', close_date, 1, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won'
    union all
    select 'won_amount', close_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won'
    union all
    select 'average_won_amount', close_date, amount_base, 1,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and amount_base is not null
    union all
    select 'lost_count', close_date, 1, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'lost'
    union all
    select 'lost_amount', close_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'lost'
    union all
    select 'win_rate', close_date, case when status = 'won' then 1 else 0 end, 1,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status in ('won', 'lost')
    union all
    select 'win_rate_by_value', close_date, case when status = 'won' then amount_base else 0 end, amount_base,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status in ('won', 'lost') and amount_base is not null
    union all
    select 'cycle_days', close_date, date_diff('day', created_date, close_date), 1,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and not is_created_inferred and close_date >= created_date
    union all
    select 'sourced_won_amount', close_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and is_sourced
    union all
    select 'sourced_share_of_won', close_date, case when is_sourced then amount_base else 0 end, amount_base,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and amount_base is not null
    union all
    select 'influenced_won_amount', close_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and is_influenced_before_closed
    union all
    select 'new_business_amount', close_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and business_type = 'new'
    union all
    select 'expansion_amount', close_date, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from deals
    where status = 'won' and business_type in ('expansion', 'renewal')
    union all
    select 'call_count', day, 1, null,
        'activity', substr(activity_id, strpos(activity_id, ':') + 1), null, owner, batch_id, source_line
    from actions
    where kind = 'call'
    union all
    select 'email_count', day, 1, null,
        'activity', substr(activity_id, strpos(activity_id, ':') + 1), null, owner, batch_id, source_line
    from actions
    where kind = 'email'
    union all
    select 'meeting_count', day, 1, null,
        'activity', substr(activity_id, strpos(activity_id, ':') + 1), null, owner, batch_id, source_line
    from actions
    where kind = 'meeting'
    union all
    select 'activity_count', day, 1, null,
        'activity', substr(activity_id, strpos(activity_id, ':') + 1), null, owner, batch_id, source_line
    from actions
    where kind in ('call', 'email', 'meeting')
    union all
    select 'pushed_count', day, 1, null,
        'deal', record_id, name, owner, batch_id, source_line
    from moves
    union all
    select 'pushed_amount', day, amount_base, null,
        'deal', record_id, name, owner, batch_id, source_line
    from moves
)
select * from facts;
