/*
title = "The headlines with and without some deals"
definition = "What the pages lead with, once as counted and once without the deals that show the habits asked for, as if these deals did not exist: not as open pipeline, nor as won or lost, nor among the deals due. The goal stays. Leads whose deal is left out are left out, too."
grain = "One row per headline."
direction = "none"
source = "METRICS: Coverage; Funnel and lead to close; Goals"
records = "deal_habit_records"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.headline]
unit = "text"
text = "coverage_to_go, coverage_full, won_amount, attainment, win_rate, win_rate_by_value, average_won, cycle_days, slippage or lead_to_close"
[columns.as_counted]
unit = "number"
text = "As counted everywhere else"
[columns.without]
unit = "number"
text = "Without these deals"
[columns.counted]
unit = "count"
text = "Deals (for lead to close: leads) that the headline counts"
[columns.left_out]
unit = "count"
text = "Of these, left out"

[params.without]
type = "texts"
text = "The habits whose deals are left out; all of them without it"
*/
with chosen as materialized (
    select
        *,
        is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due,
        is_within(close_date, $period_start, $period_end) as is_in,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure,
        case when status = 'won' and not is_created_inferred and close_date >= created_date
            then date_diff('day', created_date, close_date) end as cycle_days
    from opportunity_at($as_of)
),
flagged as materialized (
    select distinct c.opportunity_id
    from crm.deal_habit c
    join chosen d on d.opportunity_id = c.opportunity_id
    where c.is_found
        and c.from_date <= cast($as_of as date)
        and is_chosen($without, c.habit)
        and (c.habit in ('same_day', 'cut_at_close', 'stage_skipped') or is_within(c.case_date, $period_start, $period_end))
        and is_habit_case_in(c.habit, c.case_date, d.status, d.close_date, $period_start, $period_end)
),
deals as materialized (
    select d.*, f.opportunity_id is not null as is_out
    from chosen d
    left join flagged f using (opportunity_id)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
        and (d.is_due or d.is_in or d.is_unsure)
),
-- Everything twice: once with all deals, once without those left out.
side as (
    select unnest([false, true]) as is_without
),
summed as (
    select
        s.is_without,
        count(*) filter (d.is_due) as due_count,
        sum(d.amount_base) filter (d.is_due) as due_amount,
        count(*) filter (d.is_unsure) as unsure_count,
        count(*) filter (d.status = 'won' and d.is_in) as won,
        count(*) filter (d.status = 'lost' and d.is_in) as lost,
        sum(d.amount_base) filter (d.status = 'won' and d.is_in) as won_amount,
        sum(d.amount_base) filter (d.status = 'lost' and d.is_in) as lost_amount,
        count(d.amount_base) filter (d.status = 'won' and d.is_in) as won_with_amount,
        median(d.cycle_days) filter (d.is_in) as cycle_days,
        count(d.cycle_days) filter (d.is_in) as cycles
    from side s
    left join deals d on not (s.is_without and d.is_out)
    group by s.is_without
),
periods as materialized (
    select period_start, period_end
    from crm.fiscal_period
    where period_start = cast($period_start as date) and period_end = cast($period_end as date)
        and period_start <= cast($as_of as date)
),
due_then as (
    select
        s.is_without,
        count(*) filter (
            d.is_assumed or (d.is_owner_assumed and ($owner is not null or $team is not null))
        ) as unsure_count,
        count(*) filter (d.is_due) as due,
        count(*) filter (d.outcome = 'slipped') as slipped
    from side s
    cross join (
        select a.*, f.opportunity_id is not null as is_out
        from due_at_start($as_of, 'periods') a
        left join flagged f using (opportunity_id)
        where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
    ) d
    where not (s.is_without and d.is_out)
    group by s.is_without
),
leads as (
    select
        s.is_without,
        count(*) as leads,
        count(*) filter (l.is_won) as won
    from side s
    cross join (
        select a.*, f.opportunity_id is not null as is_out
        from lead_at($as_of) a
        left join flagged f on f.opportunity_id = a.opportunity_id
        where is_within(a.created_date, $period_start, $period_end)
            and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
    ) l
    where not (s.is_without and l.is_out)
    group by s.is_without
),
goals as (
    select g.value as goal
    from goal_now('goals', $as_of) g
    join goal_scope(
        cast(null as varchar), $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    ) s on s.scope = g.scope and s.chosen_value is not distinct from g.scope_value
    where g.measure = 'won_amount'
        and g.period_start = cast($period_start as date) and g.period_end = cast($period_end as date)
),
measured as (
    select
        s.is_without,
        s.due_count,
        s.won,
        s.won + s.lost as decided,
        s.won_with_amount,
        s.cycles,
        s.cycle_days,
        case when k.has_outcomes then sum_known(s.won_amount, s.won) end as won_amount,
        case when s.unsure_count = 0 then sum_known(s.due_amount, s.due_count) end as due_amount,
        case when k.has_losses then share(s.won, s.won + s.lost) end as win_rate,
        case when k.has_lost_amounts then share(s.won_amount, coalesce(s.won_amount, 0) + coalesce(s.lost_amount, 0)) end
            as win_rate_by_value,
        case when s.won_with_amount > 0 then cast(s.won_amount as double) / s.won_with_amount end as average_won,
        t.due,
        case when coalesce(t.unsure_count, 0) = 0 then share(t.slipped, t.due) end as slippage,
        l.leads,
        case when k.has_outcomes then share(l.won, l.leads) end as lead_to_close,
        g.goal
    from summed s
    cross join crm.known k
    left join due_then t on t.is_without = s.is_without
    left join leads l on l.is_without = s.is_without
    left join goals g on true
    where k.has_opportunities
),
headlines as (
    select is_without, 1 as place, 'coverage_to_go' as headline, due_count as counted,
        coverage_to_go(due_amount, won_amount, goal) as value
    from measured
    union all
    select is_without, 2, 'coverage_full', due_count + won,
        case when goal > 0 then share(won_amount + due_amount, goal) end
    from measured
    union all
    select is_without, 3, 'won_amount', won, cast(won_amount as double) from measured
    union all
    select is_without, 4, 'attainment', won, case when goal > 0 then share(won_amount, goal) end from measured
    union all
    select is_without, 5, 'win_rate', decided, win_rate from measured
    union all
    select is_without, 6, 'win_rate_by_value', decided, win_rate_by_value from measured
    union all
    select is_without, 7, 'average_won', won_with_amount, average_won from measured
    union all
    select is_without, 8, 'cycle_days', cycles, cycle_days from measured
    union all
    select is_without, 9, 'slippage', coalesce(due, 0), slippage from measured
    union all
    select is_without, 10, 'lead_to_close', coalesce(leads, 0), lead_to_close from measured
),
final as (
    select
        place,
        headline,
        any_value(value) filter (not is_without) as as_counted,
        any_value(value) filter (is_without) as without,
        cast(coalesce(any_value(counted) filter (not is_without), 0) as bigint) as counted,
        cast(coalesce(any_value(counted) filter (not is_without), 0)
            - coalesce(any_value(counted) filter (is_without), 0) as bigint) as left_out
    from headlines
    group by place, headline
)
select * exclude (place) from final order by place;
