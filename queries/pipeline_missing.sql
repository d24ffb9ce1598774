/*
title = "What is missing"
definition = "What is missing from the rule's lower edge, in pipeline, in deals and in leads. In pipeline: band x (goal - won) - open, nothing where that is covered. In deals: over the average amount of the deals won in the year up to the as-of day (at least as many as the settings ask for). In leads: these deals over the share of leads that became a deal within 180 days, of leads that were 180 days to 545 days old, so that each had the time. This rate is that of the filters that leads have, too; under a filter on product or type of business it is not known. A week's need spreads the missing pipeline over the weeks that are left of the period."
grain = "One row."
direction = "lower"
source = "METRICS: Coverage (what is missing)"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.left_amount]
unit = "money"
text = "Still missing from the goal: goal - won, 0 once it is met; a dash without a goal or where what is won is not known"
[columns.missing_amount]
unit = "money"
text = "Pipeline still to create to reach the lower edge of the band"
[columns.weeks_left]
unit = "number"
text = "Weeks from the as-of day to the end of the period; a dash where it is over"
[columns.needed_per_week]
unit = "money"
text = "Missing pipeline / weeks left"
[columns.won_deals]
unit = "count"
text = "Deals with an amount won in the year up to the as-of day"
[columns.average_won_amount]
unit = "money"
text = "Their average amount; a dash with fewer than the settings ask for"
[columns.missing_deals]
unit = "number"
text = "Missing pipeline / average won amount, rounded up"
[columns.old_leads]
unit = "count"
text = "Leads that were 180 to 545 days old on the as-of day"
[columns.lead_to_deal]
unit = "share"
text = "Of these, the share that became a deal within 180 days; a dash with fewer than the settings ask for"
[columns.missing_leads]
unit = "number"
text = "Missing deals / this share, rounded up"
[columns.reason]
unit = "text"
text = "Why one of these is a dash"
*/
with deals as materialized (
    select
        status, close_date, amount_base,
        is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from opportunity_at($as_of)
    where status in ('open', 'won')
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
summed as (
    select
        sum_known(
            sum(amount_base) filter (status = 'won' and is_within(close_date, $period_start, $period_end)),
            count(*) filter (status = 'won' and is_within(close_date, $period_start, $period_end))
        ) as won_amount,
        sum_known(sum(amount_base) filter (is_due), count(*) filter (is_due)) as open_amount,
        count(*) filter (is_unsure) as assumed_count,
        count(amount_base) filter (
            status = 'won' and close_date > cast($as_of as date) - 365 and close_date <= cast($as_of as date)
        ) as won_deals,
        avg(amount_base) filter (
            status = 'won' and close_date > cast($as_of as date) - 365 and close_date <= cast($as_of as date)
        ) as average_won_amount
    from deals
),
leads as (
    select
        count(*) as old_leads,
        count(*) filter (
            is_opportunity and date_diff('day', created_date, opportunity_date) <= 180
        ) as became_deals
    from lead_at($as_of)
    where created_date > cast($as_of as date) - 545 and created_date <= cast($as_of as date) - 180
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
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
known_parts as (
    select
        g.goal,
        k.has_outcomes,
        k.has_leads,
        s.assumed_count,
        case when k.has_outcomes and g.goal - s.won_amount is not null then greatest(g.goal - s.won_amount, 0) end
            as left_amount,
        case when s.assumed_count = 0 then s.open_amount end as open_amount,
        b.band_low,
        case when cast($period_end as date) > cast($as_of as date) + 1
            then date_diff('day', cast($as_of as date) + 1, cast($period_end as date)) / 7.0 end as weeks_left,
        s.won_deals,
        case when s.won_deals >= k.unranked_under then s.average_won_amount end as average_won_amount,
        l.old_leads,
        case when l.old_leads >= k.unranked_under and $product is null and $business_type is null
            then share(l.became_deals, l.old_leads) end as lead_to_deal
    from summed s
    cross join leads l
    cross join crm.known k
    cross join band_of($segment) b
    left join goals g on true
    where k.has_opportunities
),
missing as (
    select
        *,
        case
            when left_amount = 0 then 0
            when left_amount is not null and open_amount is not null then cast(greatest(round(band_low * left_amount - open_amount, 2), 0) as decimal(18, 2))
        end as missing_amount
    from known_parts
),
in_deals as (
    select
        *,
        case when missing_amount = 0 then 0.0 else ceil(cast(missing_amount as double) / nullif(average_won_amount, 0)) end
            as missing_deals
    from missing
),
final as (
    select
        cast(left_amount as decimal(38, 2)) as left_amount,
        cast(missing_amount as decimal(18, 2)) as missing_amount,
        cast(weeks_left as double) as weeks_left,
        cast(round(missing_amount / weeks_left, 2) as decimal(18, 2)) as needed_per_week,
        won_deals,
        cast(round(average_won_amount, 2) as decimal(18, 2)) as average_won_amount,
        missing_deals,
        case when has_leads then old_leads end as old_leads,
        lead_to_deal,
        case when missing_deals = 0 then 0.0 else ceil(missing_deals / nullif(lead_to_deal, 0)) end as missing_leads,
        case
            when goal is null then 'no goal is set for exactly this period and these filters'
            when left_amount is null then 'what is won is not known'
            when assumed_count > 0 then 'the open pipeline of this day is not recorded'
            when missing_amount is null then 'no open deal that is due carries an amount'
            when missing_amount = 0 then null
            when average_won_amount is null then 'too few deals with an amount were won in a year to say how big one is'
            when $product is not null or $business_type is not null then 'leads name no product and no type of business'
            when lead_to_deal is null then 'too few leads are old enough to say how many become a deal'
            when lead_to_deal = 0 then 'none of the leads that are old enough became a deal'
        end as reason
    from in_deals
)
select * from final;
