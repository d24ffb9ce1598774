/*
title = "Pipeline created by week"
definition = "Deals created in each of the last twenty-six weeks, and their amount as it stood at the end of that week (of this week: at the end of the as-of day). Deals that marketing sourced, by the test in the settings, are told apart from the others. Deals that were deleted since are in no week. The median is that of the weeks that were over. Where the amount of a deal was not recorded then but is only assumed, the week's amount is a dash."
grain = "One row per week, the oldest first."
direction = "higher"
source = "METRICS: Coverage, pipeline creation a week"
records = "pipeline_created_records"
uses = ["as_of", "deal_filters"]

[columns.week_start]
unit = "date"
text = "First day of the week"
[columns.is_complete]
unit = "flag"
text = "The week was over by the as-of day"
[columns.deals]
unit = "count"
text = "Deals created in the week"
additive = true
[columns.sourced_deals]
unit = "count"
text = "Of these, sourced by marketing; a dash where the exports do not tell"
additive = true
[columns.amount]
unit = "money"
text = "Their amount at the end of the week; a dash where it was not recorded then"
additive = true
[columns.median_deals]
unit = "number"
text = "Median of the complete weeks"
[columns.median_amount]
unit = "money"
text = "Median amount of the complete weeks; a dash where the amounts of most of them are not known"
[columns.assumed_count]
unit = "count"
text = "Of the deals, those whose amount at the end of the week is assumed, not recorded"
additive = true
*/
with weeks as materialized (
    select
        c.week_start,
        least(cast(c.week_start + 6 as date), cast($as_of as date)) as day,
        c.week_start + 6 <= cast($as_of as date) as is_complete
    from (select distinct week_start from crm.calendar) c
    where c.week_start <= cast($as_of as date) and c.week_start > cast($as_of as date) - 182
        -- A week before the first deal was no week without deals.
        and c.week_start + 6 >= (select min(created_date) from crm.opportunity)
),
deals as materialized (
    select w.week_start, w.day, o.opportunity_id, o.is_sourced
    from opportunity_at($as_of) o
    join crm.calendar c on c.day = o.created_date
    join weeks w on w.week_start = c.week_start
    where o.created_date <= w.day
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
-- A deal's states begin with it, so each deal has one here.
valued as (
    select d.week_start, d.is_sourced, s.amount_base, coalesce(s.amount_from = 'assumed', false) as is_assumed
    from deals d
    join crm.opportunity_state s
        on s.opportunity_id = d.opportunity_id
        and s.valid_from_date <= d.day
        and (s.valid_to_date is null or s.valid_to_date > d.day)
),
summed as (
    select
        w.week_start,
        w.is_complete,
        count(v.week_start) as deals,
        count(*) filter (v.is_sourced) as sourced_deals,
        case when count(*) filter (v.is_assumed) = 0 then sum_known(sum(v.amount_base), count(v.week_start)) end as amount,
        count(*) filter (v.is_assumed) as assumed_count
    from weeks w
    left join valued v on v.week_start = w.week_start
    group by w.week_start, w.is_complete
),
final as (
    select
        s.week_start,
        s.is_complete,
        s.deals,
        case when k.has_sources then s.sourced_deals end as sourced_deals,
        cast(s.amount as decimal(38, 2)) as amount,
        cast(median(s.deals) filter (s.is_complete) over () as double) as median_deals,
        -- A few known weeks among unknown ones say nothing of what is usual.
        case when 2 * count(s.amount) filter (s.is_complete) over () >= count(*) filter (s.is_complete) over ()
            then cast(median(s.amount) filter (s.is_complete) over () as decimal(18, 2)) end as median_amount,
        s.assumed_count
    from summed s
    cross join marketing_known() k
)
select * from final order by week_start;
