/*
title = "Where the three tests of sourced agree"
definition = "The deals won in the period by which of the three tests call them sourced by marketing: the source field, a campaign touch first, a campaign touch before sales acted. Companies choose one test; this shows how much hangs on the choice. Where the exports record no source or no campaign touch, the tests that need it say nothing, and there are no rows."
grain = "One row per combination of the three tests that any deal has."
direction = "none"
source = "METRICS: Goals, sourced and influenced"
records = "sourced_agreement_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.tests]
unit = "text"
text = "The tests that call these deals sourced: field, first touch, before sales; none"
[columns.is_by_field]
unit = "flag"
text = "By the source field"
[columns.is_by_first_touch]
unit = "flag"
text = "A campaign touch first"
[columns.is_by_touch_before_activity]
unit = "flag"
text = "A campaign touch before sales acted"
[columns.deals]
unit = "count"
text = "Won deals"
additive = true
[columns.amount]
unit = "money"
text = "Their amount; a dash where none of them carries one"
additive = true
[columns.of_won]
unit = "share"
text = "Share of the amount won"
[columns.of_deals]
unit = "share"
text = "Share of the deals won"
*/
with won as (
    select
        is_sourced_by_field, is_sourced_by_first_touch, is_sourced_by_touch_before_activity, amount_base,
        sourced_tests(is_sourced_by_field, is_sourced_by_first_touch, is_sourced_by_touch_before_activity) as tests
    from opportunity_at($as_of)
    where status = 'won'
        and is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
final as (
    select
        tests,
        any_value(is_sourced_by_field) as is_by_field,
        any_value(is_sourced_by_first_touch) as is_by_first_touch,
        any_value(is_sourced_by_touch_before_activity) as is_by_touch_before_activity,
        count(*) as deals,
        cast(sum(amount_base) as decimal(18, 2)) as amount,
        share(sum(amount_base), sum(sum(amount_base)) over ()) as of_won,
        share(count(*), sum(count(*)) over ()) as of_deals
    from won
    cross join crm.known k
    cross join marketing_known() m
    where k.has_touches and m.has_sources
    group by tests
)
select * from final order by amount desc nulls last, tests;
