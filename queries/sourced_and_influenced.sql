/*
title = "Sourced and influenced"
definition = "What was won in the period, and how much of it marketing originated (sourced, by each of three tests) or touched (influenced: someone on the deal answered a campaign before the deal was created, or before it closed). The two are never added; influenced deals may be sourced as well. A view whose test asks for what the exports do not record at all (a source, a campaign touch) is a dash."
grain = "One row per view of the won deals; the first row is all of them."
direction = "higher"
source = "METRICS: Goals, sourced and influenced"
records = "outcome_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.position]
unit = "count"
text = "Order"
[columns.view]
unit = "text"
text = "won, sourced_by_field, sourced_by_first_touch, sourced_by_touch_before_activity, influenced_before_created or influenced_before_closed"
[columns.deals]
unit = "count"
text = "Won deals; a dash where no outcome (or no source, or no campaign touch) is recorded"
additive = true
[columns.amount]
unit = "money"
text = "Their amount; a dash where none of them carries one"
additive = true
[columns.without_amount]
unit = "count"
text = "Of the deals, those that add nothing to the amount: no amount, or a currency without a rate"
additive = true
[columns.of_won]
unit = "share"
text = "Share of the amount won"
[columns.is_company_test]
unit = "flag"
text = "The test that the settings choose"
*/
with won as (
    select *
    from opportunity_at($as_of)
    where status = 'won'
        and is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
views as (
    select 1 as position, opportunity_id, amount_base from won
    union all
    select 2, opportunity_id, amount_base from won where is_sourced_by_field
    union all
    select 3, opportunity_id, amount_base from won where is_sourced_by_first_touch
    union all
    select 4, opportunity_id, amount_base from won where is_sourced_by_touch_before_activity
    union all
    select 5, opportunity_id, amount_base from won where is_influenced_before_created
    union all
    select 6, opportunity_id, amount_base from won where is_influenced_before_closed
),
names (position, view, is_recorded) as (
    select 1, 'won', true
    union all select 2, 'sourced_by_field', has_sources from marketing_known()
    union all select 3, 'sourced_by_first_touch', has_touches from crm.known
    union all select 4, 'sourced_by_touch_before_activity', has_touches from crm.known
    union all select 5, 'influenced_before_created', has_touches from crm.known
    union all select 6, 'influenced_before_closed', has_touches from crm.known
),
counted as (
    select
        n.position,
        n.view,
        n.is_recorded,
        count(v.opportunity_id) as deals,
        sum_known(sum(v.amount_base), count(v.opportunity_id)) as amount,
        count(v.opportunity_id) - count(v.amount_base) as without_amount
    from names n
    left join views v using (position)
    group by n.position, n.view, n.is_recorded
),
final as (
    select
        c.position,
        c.view,
        case when k.has_outcomes and c.is_recorded then c.deals end as deals,
        case when k.has_outcomes and c.is_recorded then c.amount end as amount,
        case when k.has_outcomes and c.is_recorded then c.without_amount end as without_amount,
        case when k.has_outcomes and c.is_recorded
            then share(c.amount, first_value(c.amount) over (order by c.position)) end as of_won,
        c.view = 'sourced_by_' || case k.sourced_test when 'source_field' then 'field' else k.sourced_test end
            as is_company_test
    from counted c
    cross join crm.known k
)
select * from final order by position;
