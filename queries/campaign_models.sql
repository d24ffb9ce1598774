/*
title = "Attribution models side by side"
definition = "The amount won by the as-of day that each campaign is credited with, by every model beside each other, and its place among campaigns by each. A campaign whose place depends on the model is marked: before anybody praises or stops it, the teams should agree on a model. By every model the column adds up to all that was won, deals without a touch included. Where no deal can be credited, it is a dash."
grain = "One row per campaign (or channel, or vehicle) that any model credits; one for deals without a touch, one for campaigns outside the period."
direction = "higher"
source = "METRICS: Campaigns, attribution"
records = "campaign_credit_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "The campaign, the channel or the vehicle"
[columns.kind]
unit = "text"
text = "campaign, no touch recorded, or outside the period (campaigns that started in another)"
[columns.deals]
unit = "count"
text = "Won deals of which any part is credited to it"
[columns.first_amount]
unit = "money"
text = "First touch; a dash where no deal credited carries an amount"
additive = true
[columns.last_amount]
unit = "money"
text = "Last touch; a dash where no deal credited carries an amount"
additive = true
[columns.linear_amount]
unit = "money"
text = "Linear; a dash where no deal credited carries an amount"
additive = true
[columns.u_amount]
unit = "money"
text = "U (40/20/40); a dash where no deal credited carries an amount"
additive = true
[columns.w_amount]
unit = "money"
text = "W (30/30/30/10); a dash where no deal credited carries an amount"
additive = true
[columns.full_amount]
unit = "money"
text = "Full path (22.5 x 4 + 10); a dash where no deal credited carries an amount"
additive = true
[columns.decay_amount]
unit = "money"
text = "Time decay; a dash where no deal credited carries an amount"
additive = true
[columns.lowest_amount]
unit = "money"
text = "The least that any model credits it with"
[columns.highest_amount]
unit = "money"
text = "The most that any model credits it with"
[columns.best_place]
unit = "count"
text = "Its best place among campaigns, by any model; a dash where no amount is known"
[columns.worst_place]
unit = "count"
text = "Its worst place"
[columns.is_place_changed]
unit = "flag"
text = "Its place depends on the model"

[params.dimension]
type = "text"
text = "campaign (the default), channel or vehicle"
choices = ["campaign", "channel", "vehicle"]
*/
with credits as materialized (
    select
        campaign_id,
        opportunity_id,
        first_amount,
        last_amount,
        linear_amount,
        u_amount,
        w_amount,
        full_amount,
        decay_amount
    from credit_at($as_of)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
placed as (
    select
        c.*,
        case
            when c.campaign_id is null then 'no touch recorded'
            when coalesce(is_within(p.start_date, $period_start, $period_end), false) then 'campaign'
            else 'outside the period'
        end as kind,
        case coalesce(cast($dimension as varchar), 'campaign')
            when 'campaign' then l.label when 'channel' then p.channel when 'vehicle' then p.vehicle end as value
    from credits c
    left join crm.campaign p on p.campaign_id = c.campaign_id
    left join campaign_label() l on l.campaign_id = c.campaign_id
),
summed as (
    select
        case kind when 'campaign' then value when 'no touch recorded' then 'No touch recorded'
            else 'Campaigns outside the period' end as dimension_value,
        kind,
        count(distinct opportunity_id) as deals,
        sum(first_amount) as first_amount,
        sum(last_amount) as last_amount,
        sum(linear_amount) as linear_amount,
        sum(u_amount) as u_amount,
        sum(w_amount) as w_amount,
        sum(full_amount) as full_amount,
        sum(decay_amount) as decay_amount
    from placed
    group by all
),
known as (
    select s.* from summed s cross join marketing_known() m where m.has_credit or s.kind = 'no touch recorded'
),
ranked as (
    select
        dimension_value,
        rank() over (order by first_amount desc) as first_place,
        rank() over (order by last_amount desc) as last_place,
        rank() over (order by linear_amount desc) as linear_place,
        rank() over (order by u_amount desc) as u_place,
        rank() over (order by w_amount desc) as w_place,
        rank() over (order by full_amount desc) as full_place,
        rank() over (order by decay_amount desc) as decay_place
    from known
    where kind = 'campaign' and linear_amount is not null
),
final as (
    select
        k.dimension_value,
        k.kind,
        k.deals,
        cast(k.first_amount as decimal(18, 2)) as first_amount,
        cast(k.last_amount as decimal(18, 2)) as last_amount,
        cast(k.linear_amount as decimal(18, 2)) as linear_amount,
        cast(k.u_amount as decimal(18, 2)) as u_amount,
        cast(k.w_amount as decimal(18, 2)) as w_amount,
        cast(k.full_amount as decimal(18, 2)) as full_amount,
        cast(k.decay_amount as decimal(18, 2)) as decay_amount,
        cast(least(k.first_amount, k.last_amount, k.linear_amount, k.u_amount, k.w_amount, k.full_amount, k.decay_amount) as decimal(18, 2)) as lowest_amount,
        cast(greatest(k.first_amount, k.last_amount, k.linear_amount, k.u_amount, k.w_amount, k.full_amount, k.decay_amount) as decimal(18, 2)) as highest_amount,
        least(r.first_place, r.last_place, r.linear_place, r.u_place, r.w_place, r.full_place, r.decay_place) as best_place,
        greatest(r.first_place, r.last_place, r.linear_place, r.u_place, r.w_place, r.full_place, r.decay_place) as worst_place,
        best_place <> worst_place as is_place_changed
    from known k
    left join ranked r on r.dimension_value = k.dimension_value and k.kind = 'campaign'
)
select * from final order by kind, linear_amount desc nulls last, dimension_value;
