/*
title = "Quarters with leads or deals"
definition = "The fiscal quarters in which a lead was created or a deal closes (or is to close), as known at the end of the as-of day. A quarter that is not listed has nothing to show."
grain = "One row per fiscal quarter with at least one; of a period, the part of the quarter that lies in it."
direction = "none"
source = "DESIGN: empty is not zero"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.period]
unit = "text"
text = "The quarter's name in addresses, like 2026-Q4"
[columns.period_start]
unit = "date"
text = "First day of the quarter"
[columns.period_end]
unit = "date"
text = "The day after its last"
[columns.leads]
unit = "count"
text = "Leads created"
[columns.deals]
unit = "count"
text = "Deals with a close date, open or decided"
*/
with lead_days as (
    select created_date as day, count(*) as leads
    from lead_at($as_of)
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
    group by created_date
),
deal_days as (
    select close_date as day, count(*) as deals
    from opportunity_at($as_of)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
    group by close_date
),
every as (
    select day, leads, 0 as deals from lead_days
    union all
    select day, 0, deals from deal_days
),
final as (
    select
        f.period,
        f.period_start,
        f.period_end,
        cast(sum(e.leads) as bigint) as leads,
        cast(sum(e.deals) as bigint) as deals
    from every e
    join crm.fiscal_period f on f.kind = 'quarter' and e.day >= f.period_start and e.day < f.period_end
    where is_within(e.day, $period_start, $period_end)
    group by f.period, f.period_start, f.period_end
)
select * from final order by period_start desc;
