/*
title = "Ageing and worth of open deals by stage"
definition = "Open deals that are due in the period, by stage: how long they have been there, beside the days that deals that were won spent at that stage (median, 80th and 90th percentile; whoever owned them). Weighted pipeline is amount x chance: of the deals that were at the stage and are decided, the share that was won; where too few are decided for that, the probability that the CRM gives the stage. A stay that is only assumed is in no median. Where neither is known, the weighted amount is a dash."
grain = "One row per stage at which open deals are due, in the order in which deals pass through them."
direction = "none"
source = "METRICS: Coverage, stage ageing and weighted pipeline"
records = "open_deals"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.stage]
unit = "text"
text = "Stage; blank for deals without one"
[columns.deals]
unit = "count"
text = "Open deals due in the period at this stage; a dash where it would rest on assumed history"
additive = true
[columns.amount]
unit = "money"
text = "Their amount"
additive = true
[columns.median_days]
unit = "days"
text = "Median days that these have been at the stage so far"
[columns.won_deals]
unit = "count"
text = "Won deals whose days at this stage are recorded"
[columns.won_median_days]
unit = "days"
text = "Median days that won deals spent at the stage; a dash where fewer are known than the settings ask for"
[columns.won_p80_days]
unit = "days"
text = "Days within which four of five won deals had left the stage"
[columns.won_p90_days]
unit = "days"
text = "Days within which nine of ten won deals had left the stage"
[columns.older_than_median]
unit = "count"
text = "Open deals that have been there longer than the median of won deals"
[columns.older_than_p80]
unit = "count"
text = "Open deals that have been there longer than four of five won deals"
[columns.older_than_p90]
unit = "count"
text = "Open deals that have been there longer than nine of ten won deals"
[columns.decided]
unit = "count"
text = "Deals that were at this stage and are won or lost"
[columns.chance]
unit = "share"
text = "The chance of a deal at this stage"
[columns.chance_from]
unit = "text"
text = "own history, or configured (the CRM's own probability, where fewer are decided than the settings ask for)"
[columns.weighted_amount]
unit = "money"
text = "Amount x chance; a dash where no chance is known"
[columns.assumed_count]
unit = "count"
text = "Open deals of any stage whose state on the as-of day is assumed, not recorded"
*/
with every as materialized (
    select
        *,
        is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from opportunity_at($as_of)
    where status in ('open', 'won')
        and is_deal_chosen($segment, $region, null, null, $source, $product, $business_type, $custom)
),
deals as (
    select *
    from every
    where status = 'open' and is_chosen($owner, owner) and is_chosen($team, team)
),
unsure as (
    select count(*) filter (is_unsure) as assumed_count from deals
),
stays as materialized (
    select * from stage_stay($as_of)
),
usual as (
    select
        s.stage,
        count(*) as won_deals,
        median(s.days) as won_median_days,
        quantile_cont(s.days, 0.8) as won_p80_days,
        quantile_cont(s.days, 0.9) as won_p90_days
    from stays s
    join every d on d.opportunity_id = s.opportunity_id and d.status = 'won'
    where not s.is_assumed
    group by s.stage
),
known_usual as (
    select
        u.stage,
        u.won_deals,
        case when u.won_deals >= k.unranked_under then u.won_median_days end as won_median_days,
        case when u.won_deals >= k.unranked_under then u.won_p80_days end as won_p80_days,
        case when u.won_deals >= k.unranked_under then u.won_p90_days end as won_p90_days
    from usual u
    cross join crm.known k
),
valued as (
    select
        d.stage,
        d.amount_base,
        case when not s.is_assumed then s.days end as days,
        c.decided,
        c.chance,
        c.chance_from,
        c.configured
    from deals d
    left join stays s on s.opportunity_id = d.opportunity_id and s.stage = d.stage
    left join stage_chance($as_of, $segment, $region, $source, $product, $business_type, $custom) c
        on c.crm = d.crm and c.stage = d.stage
    where d.is_due
),
summed as (
    select
        v.stage,
        count(*) as deals,
        sum(v.amount_base) as amount,
        median(v.days) as median_days,
        count(*) filter (v.days > u.won_median_days) as older_than_median,
        count(*) filter (v.days > u.won_p80_days) as older_than_p80,
        count(*) filter (v.days > u.won_p90_days) as older_than_p90,
        max(v.decided) as decided,
        -- Two CRMs may give one stage two chances: what is shown is that of the deals that stand there.
        -- Rounded, because a mean of fractions may differ in its last digits from run to run.
        round(avg(v.chance), 9) as chance,
        round(avg(v.configured), 9) as configured,
        string_agg(distinct v.chance_from, ' and ' order by v.chance_from) as chance_from,
        sum(cast(round(v.amount_base * v.chance, 2) as decimal(18, 2))) as weighted_amount,
        count(*) filter (v.amount_base is not null and v.chance is null) as unweighted
    from valued v
    left join known_usual u on u.stage = v.stage
    group by v.stage
),
final as (
    select
        s.stage,
        case when n.assumed_count = 0 then s.deals end as deals,
        case when n.assumed_count = 0 then cast(s.amount as decimal(38, 2)) end as amount,
        cast(s.median_days as double) as median_days,
        coalesce(u.won_deals, 0) as won_deals,
        cast(u.won_median_days as double) as won_median_days,
        cast(u.won_p80_days as double) as won_p80_days,
        cast(u.won_p90_days as double) as won_p90_days,
        case when u.won_median_days is not null then s.older_than_median end as older_than_median,
        case when u.won_p80_days is not null then s.older_than_p80 end as older_than_p80,
        case when u.won_p90_days is not null then s.older_than_p90 end as older_than_p90,
        coalesce(s.decided, 0) as decided,
        s.chance,
        s.chance_from,
        case when n.assumed_count = 0 and s.unweighted = 0 then cast(s.weighted_amount as decimal(38, 2)) end
            as weighted_amount,
        n.assumed_count
    from summed s
    cross join unsure n
    left join known_usual u on u.stage = s.stage
)
-- In the order in which deals pass: the CRM's own chances rise with it, and so does history where it names none.
select f.*
from final f
join summed s on s.stage is not distinct from f.stage
order by s.configured nulls first, f.chance nulls first, f.stage;
