/*
title = "Sourced and influenced"
definition = "What was won in the period, and how much of it marketing originated (sourced, by each of three tests) or touched (influenced: someone on the deal answered a campaign before the deal was created, or before it closed). The two are never added; influenced deals may be sourced as well."
grain = "One row per view of the won deals; the first row is all of them."
direction = "higher"
source = "METRICS: Goals, sourced and influenced"
records = "outcome_records"
uses = ["as_of", "period_start", "period_end", "segment", "region", "owner", "source"]

[columns.position]
unit = "count"
text = "Order"
[columns.view]
unit = "text"
text = "won, sourced_by_field, sourced_by_first_touch, sourced_by_touch_before_activity, influenced_before_created or influenced_before_closed"
[columns.deals]
unit = "count"
text = "Won deals; a dash where no outcome (or no campaign touch) is recorded"
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
        and is_chosen($segment, segment)
        and is_chosen($region, region)
        and is_chosen($owner, owner)
        and is_chosen($source, source)
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
names (position, view, needs_touches) as (
    values
        (1, 'won', false),
        (2, 'sourced_by_field', false),
        (3, 'sourced_by_first_touch', true),
        (4, 'sourced_by_touch_before_activity', true),
        (5, 'influenced_before_created', true),
        (6, 'influenced_before_closed', true)
),
counted as (
    select
        n.position,
        n.view,
        n.needs_touches,
        count(v.opportunity_id) as deals,
        sum_known(sum(v.amount_base), count(v.opportunity_id)) as amount,
        count(v.opportunity_id) - count(v.amount_base) as without_amount
    from names n
    left join views v using (position)
    group by n.position, n.view, n.needs_touches
),
final as (
    select
        c.position,
        c.view,
        case when k.has_outcomes and (k.has_touches or not c.needs_touches) then c.deals end as deals,
        case when k.has_outcomes and (k.has_touches or not c.needs_touches) then c.amount end as amount,
        case when k.has_outcomes and (k.has_touches or not c.needs_touches) then c.without_amount end as without_amount,
        case when k.has_outcomes and (k.has_touches or not c.needs_touches)
            then share(c.amount, first_value(c.amount) over (order by c.position)) end as of_won,
        c.view = 'sourced_by_' || case k.sourced_test when 'source_field' then 'field' else k.sourced_test end
            as is_company_test
    from counted c
    cross join crm.known k
)
select * from final order by position;
