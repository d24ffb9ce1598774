/*
title = "New and existing customers: how readily they buy, and what is done for them"
definition = "Decided deals by type of business, of those closed in the period: how many were won, how long they took, and what was done in the half year before each closed: campaign touches of the deal's people, touches that they answered, and completed activities of people (calls, e-mails, meetings and tasks). Where those who buy more readily get less attention, some of it may be better spent there."
grain = "One row per type of business (new, expansion, renewal)."
direction = "none"
source = "METRICS: Coverage (win rate), Campaigns"
records = "outcome_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "new, expansion or renewal; blank where the deal names none"
[columns.decided]
unit = "count"
text = "Deals won or lost"
[columns.won]
unit = "count"
text = "Of these, won"
[columns.rate]
unit = "share"
text = "won / decided; a dash where no loss is recorded at all"
[columns.rate_low]
unit = "share"
text = "Low end of its 95% interval"
[columns.rate_high]
unit = "share"
text = "High end of it"
[columns.won_amount]
unit = "money"
text = "Amount won"
[columns.median_cycle_days]
unit = "days"
text = "Median days from a deal's creation to its win"
[columns.touches_per_deal]
unit = "number"
text = "Campaign touches of its people in the half year before it closed, on average"
[columns.responses_per_deal]
unit = "number"
text = "Of these, answered, on average"
[columns.activities_per_deal]
unit = "number"
text = "Completed activities of people in the half year before it closed, on average"
[columns.is_small]
unit = "flag"
text = "Few deals: the rate says little"
*/
with decided as materialized (
    select *
    from opportunity_at($as_of)
    where status in ('won', 'lost')
        and is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
grouped as (
    select
        d.business_type as dimension_value,
        count(*) as decided,
        count(*) filter (d.status = 'won') as won,
        sum(d.amount_base) filter (d.status = 'won') as won_amount,
        median(date_diff('day', d.created_date, d.close_date)) filter (
            d.status = 'won' and not d.is_created_inferred and d.close_date >= d.created_date
        ) as median_cycle_days,
        avg(c.touches) as touches_per_deal,
        avg(c.responses) as responses_per_deal,
        avg(c.activities) as activities_per_deal
    from decided d
    left join crm.deal_care c on c.opportunity_id = d.opportunity_id and c.close_date = d.close_date
    group by d.business_type
),
final as (
    select
        g.dimension_value,
        g.decided,
        g.won,
        case when k.has_losses then share(g.won, g.decided) end as rate,
        case when k.has_losses then wilson_low(g.won, g.decided) end as rate_low,
        case when k.has_losses then wilson_high(g.won, g.decided) end as rate_high,
        cast(g.won_amount as decimal(18, 2)) as won_amount,
        g.median_cycle_days,
        case when k.has_touches then round(g.touches_per_deal, 9) end as touches_per_deal,
        case when k.has_touches then round(g.responses_per_deal, 9) end as responses_per_deal,
        case when a.has_activities then round(g.activities_per_deal, 9) end as activities_per_deal,
        g.decided < k.flag_under as is_small
    from grouped g
    cross join crm.known k
    cross join (select exists (select 1 from crm.activity) as has_activities) a
)
select * from final order by decided desc, dimension_value;
