/*
title = "New and existing customers"
definition = "Deals won and lost in the period with new and with existing customers, by type of business. A customer is new with the account's first won deal; existing if the account bought before, or if the type is an expansion or a renewal (the first sale may be older than the exports). Beside it how often each is won, how fast, and how much it is worked: completed activities that name the deal, and campaign touches that its people answered before it closed, a deal."
grain = "One row per kind of customer and type of business; blank where the exports name neither an account nor a type."
direction = "higher"
source = "METRICS: Goals; Coverage (type of business); Wilson (1927)"
records = "won_by_customer_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.customer]
unit = "text"
text = "new or existing"
[columns.business_type]
unit = "text"
text = "new, expansion or renewal, as the CRM says"
[columns.won]
unit = "count"
text = "Deals won"
additive = true
[columns.amount]
unit = "money"
text = "Amount won; a dash where no won deal carries one"
additive = true
[columns.of_won]
unit = "share"
text = "Share of the amount won"
[columns.sourced_amount]
unit = "money"
text = "Of it, sourced by marketing by the test in the settings"
[columns.lost]
unit = "count"
text = "Deals lost"
additive = true
[columns.win_rate]
unit = "share"
text = "won / (won + lost); a dash where no loss is recorded"
[columns.low]
unit = "share"
text = "Lower end of its 95% interval"
[columns.high]
unit = "share"
text = "Upper end of its 95% interval"
[columns.median_cycle_days]
unit = "days"
text = "Median days from creation to close of the won deals, where both were recorded and in that order"
[columns.activities_per_deal]
unit = "number"
text = "Completed activities of people that name the deal, a decided deal; a dash where the exports hold none"
[columns.touches_per_deal]
unit = "number"
text = "Campaign touches answered before the close, a decided deal; a dash where the exports hold none"
*/
with deals as materialized (
    select *
    from deal_customer($as_of)
    where is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
active as (
    select a.opportunity_id, count(*) as activities
    from crm.activity a
    semi join deals d using (opportunity_id)
    where a.is_completed and not a.is_automated and a.activity_date <= cast($as_of as date)
    group by a.opportunity_id
),
touched as (
    select t.opportunity_id, count(*) as touches
    from crm.deal_touch t
    join deals d using (opportunity_id)
    where t.responded_date <= least(d.close_date, cast($as_of as date))
    group by t.opportunity_id
),
counted as (
    select
        d.customer,
        d.business_type,
        count(*) filter (d.status = 'won') as won,
        sum_known(sum(d.amount_base) filter (d.status = 'won'), count(*) filter (d.status = 'won')) as amount,
        sum_known(
            sum(d.amount_base) filter (d.status = 'won' and d.is_sourced), count(*) filter (d.status = 'won' and d.is_sourced)
        ) as sourced_amount,
        count(*) filter (d.status = 'lost') as lost,
        median(case when d.status = 'won' and not d.is_created_inferred and d.close_date >= d.created_date
            then date_diff('day', d.created_date, d.close_date) end) as median_cycle_days,
        sum(coalesce(a.activities, 0)) as activities,
        sum(coalesce(t.touches, 0)) as touches
    from deals d
    left join active a using (opportunity_id)
    left join touched t using (opportunity_id)
    group by d.customer, d.business_type
),
final as (
    select
        c.customer,
        c.business_type,
        c.won,
        cast(c.amount as decimal(18, 2)) as amount,
        share(c.amount, sum(c.amount) over ()) as of_won,
        case when m.is_known then cast(c.sourced_amount as decimal(18, 2)) end as sourced_amount,
        c.lost,
        case when k.has_losses then share(c.won, c.won + c.lost) end as win_rate,
        case when k.has_losses then wilson_low(c.won, c.won + c.lost) end as low,
        case when k.has_losses then wilson_high(c.won, c.won + c.lost) end as high,
        cast(c.median_cycle_days as double) as median_cycle_days,
        case when exists (select 1 from crm.activity) then cast(c.activities as double) / (c.won + c.lost) end
            as activities_per_deal,
        case when k.has_touches then cast(c.touches as double) / (c.won + c.lost) end as touches_per_deal
    from counted c
    cross join crm.known k
    cross join (
        select case when k.sourced_test = 'source_field' then n.has_sources else k.has_touches end as is_known
        from crm.known k cross join marketing_known() n
    ) m
)
select * from final order by customer nulls last, amount desc nulls last, business_type;
