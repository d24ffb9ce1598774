/*
title = "New, expansion and renewal business"
definition = "The deals decided in the period by their type of business: how many were won, how large they are and how long they took, and how much contact they got: completed activities of humans recorded with the deal from its creation to its close, and answered campaign touches of its people in that time; per deal, and per 30 days that deals were open, because quick deals have less time for contact."
grain = "One row per type of business; a blank one for deals that name none."
direction = "higher"
source = "METRICS: Funnel and lead to close; Wilson (1927)"
records = "outcome_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "new, expansion or renewal; blank for deals that name none"
[columns.won]
unit = "count"
text = "Deals won"
additive = true
[columns.lost]
unit = "count"
text = "Deals lost"
additive = true
[columns.rate]
unit = "share"
text = "won / (won + lost)"
[columns.rate_low]
unit = "share"
text = "Lower end of the 95% interval of the rate"
[columns.rate_high]
unit = "share"
text = "Upper end of the 95% interval of the rate"
[columns.won_amount]
unit = "money"
text = "Amount won; a dash where no won deal carries an amount"
additive = true
[columns.average_won]
unit = "money"
text = "Average amount of the won deals that carry one"
[columns.cycle_days]
unit = "days"
text = "Median days from creation to close of the won deals"
[columns.activities]
unit = "count"
text = "Completed activities of humans with these deals; a dash where no activity names a deal"
additive = true
[columns.activities_per_deal]
unit = "number"
text = "activities / decided deals"
[columns.activities_per_month]
unit = "number"
text = "Activities per 30 days that the deals were open"
[columns.touches]
unit = "count"
text = "Answered campaign touches of the deals' people while they were open; a dash where no touch is recorded"
additive = true
[columns.touches_per_deal]
unit = "number"
text = "touches / decided deals"
[columns.is_small]
unit = "flag"
text = "Fewer decided deals than the settings ask for: read with care"
*/
with deals as materialized (
    select
        opportunity_id,
        business_type,
        status,
        amount_base,
        case when not is_created_inferred and close_date >= created_date then created_date end as begun,
        close_date
    from opportunity_at($as_of)
    where status in ('won', 'lost')
        and is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
acted as (
    select d.opportunity_id, count(*) as activities
    from deals d
    join crm.activity a on a.opportunity_id = d.opportunity_id
    where a.is_completed and not a.is_automated
        and a.activity_date >= d.begun and a.activity_date <= d.close_date and a.activity_date <= cast($as_of as date)
    group by d.opportunity_id
),
touched as (
    select d.opportunity_id, count(*) as touches
    from deals d
    join crm.deal_touch t on t.opportunity_id = d.opportunity_id
    where t.responded_date >= d.begun and t.responded_date <= d.close_date and t.responded_date <= cast($as_of as date)
    group by d.opportunity_id
),
counted as (
    select
        d.business_type,
        count(*) as deals,
        count(*) filter (d.status = 'won') as won,
        count(*) filter (d.status = 'lost') as lost,
        sum_known(sum(d.amount_base) filter (d.status = 'won'), count(*) filter (d.status = 'won')) as won_amount,
        count(d.amount_base) filter (d.status = 'won') as with_amount,
        median(date_diff('day', d.begun, d.close_date)) filter (d.status = 'won') as cycle_days,
        coalesce(sum(a.activities), 0) as activities,
        coalesce(sum(t.touches), 0) as touches,
        count(d.begun) as timed,
        -- The day of creation counts whole, so that a deal won on it was open for one.
        sum(date_diff('day', d.begun, d.close_date) + 1) as open_days
    from deals d
    left join acted a on a.opportunity_id = d.opportunity_id
    left join touched t on t.opportunity_id = d.opportunity_id
    group by d.business_type
),
recorded as (
    select exists (select 1 from crm.activity where opportunity_id is not null) as has_activities
),
final as (
    select
        c.business_type as dimension_value,
        c.won,
        c.lost,
        case when k.has_losses then share(c.won, c.deals) end as rate,
        case when k.has_losses then wilson_low(c.won, c.deals) end as rate_low,
        case when k.has_losses then wilson_high(c.won, c.deals) end as rate_high,
        c.won_amount,
        share(c.won_amount, c.with_amount) as average_won,
        cast(c.cycle_days as double) as cycle_days,
        case when r.has_activities then cast(c.activities as bigint) end as activities,
        case when r.has_activities then share(c.activities, c.timed) end as activities_per_deal,
        case when r.has_activities then share(30 * c.activities, c.open_days) end as activities_per_month,
        case when k.has_touches then cast(c.touches as bigint) end as touches,
        case when k.has_touches then share(c.touches, c.timed) end as touches_per_deal,
        c.deals < k.flag_under as is_small
    from counted c
    cross join recorded r
    cross join crm.known k
)
select * from final order by won + lost desc, dimension_value;
