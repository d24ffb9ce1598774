/*
title = "Campaign spending by month, and what it brought"
definition = "What campaigns cost in each month up to the as-of day, and what they brought in it: the amount won (credited by one model, in the month in which the deal closed), the leads that they brought (in the month in which they were created) and the deals that these became. Costs are counted in the month of which the sheet of spending says so; a campaign whose cost is one total has it spread evenly over the days from its start to its end (or to the newest day known, while it runs). What was spread is told apart. A cost that no date goes with stands in a row without a month."
*/
create or replace macro spend_by_month(as_of, model) as table
with month as (
    select month_start, cast(max(day) + 1 as date) as month_end
    from crm.calendar
    group by month_start
),
dated as (
    select cast(date_trunc('month', spent_date) as date) as month_start, sum(amount_base) as cost
    from crm.campaign_cost
    where spent_date <= cast(as_of as date)
    group by 1
),
total as (
    select
        c.campaign_id,
        c.cost_base,
        c.start_date,
        greatest(coalesce(least(c.end_date, k.newest_date), c.start_date), c.start_date) + 1 as end_date
    from crm.campaign c
    cross join crm.known k
    where c.cost_base is not null
        and c.campaign_id not in (select campaign_id from crm.campaign_cost)
),
sliced as (
    -- To the cent: the cost up to a slice's end less the cost up to its start.
    select
        m.month_start,
        t.cost_base,
        date_diff('day', t.start_date, t.end_date) as days,
        date_diff('day', t.start_date, greatest(m.month_start, t.start_date)) as days_before,
        date_diff('day', t.start_date, least(m.month_end, t.end_date, cast(as_of as date) + 1)) as days_through
    from total t
    join month m on m.month_start < t.end_date and m.month_end > t.start_date
    where t.start_date <= cast(as_of as date)
        and greatest(m.month_start, t.start_date) <= cast(as_of as date)
),
spread as (
    select
        month_start,
        sum(round(cost_base * days_through / days, 2) - round(cost_base * days_before / days, 2)) as cost
    from sliced
    group by month_start
),
undated as (
    select sum(cost_base) as cost from total where start_date is null
),
credited as (
    select
        cast(date_trunc('month', close_date) as date) as month_start,
        sum(credited_amount) as won_amount,
        sum(credited_deals) as won
    from deal_credit(as_of, model)
    where campaign_id is not null
    group by 1
),
leads as materialized (
    select created_date, opportunity_date, is_opportunity from lead_at(as_of) where campaign_id is not null
),
brought as (
    select cast(date_trunc('month', created_date) as date) as month_start, count(*) as leads
    from leads group by 1
),
became as (
    select cast(date_trunc('month', opportunity_date) as date) as month_start, count(*) as opportunities
    from leads where is_opportunity group by 1
),
listed as (
    select month_start from dated where cost is not null
    union select month_start from spread
    union select month_start from credited
    union select month_start from brought
    union select month_start from became
)
select
    m.month_start,
    m.month_end <= cast(as_of as date) + 1 as is_complete,
    case when k.has_costs then coalesce(d.cost, 0) + coalesce(s.cost, 0) end as cost,
    case when k.has_costs then coalesce(s.cost, 0) end as spread_cost,
    case when y.has_credit and k.has_won_amounts then coalesce(c.won_amount, 0) end as won_amount,
    case when y.has_credit and k.has_outcomes then round(coalesce(c.won, 0), 9) end as won,
    case when y.has_lead_campaigns then coalesce(b.leads, 0) end as leads,
    case when y.has_lead_campaigns and k.has_opportunities then coalesce(o.opportunities, 0) end as opportunities
from month m
cross join crm.known k
cross join marketing_known() y
left join dated d on d.month_start = m.month_start
left join spread s on s.month_start = m.month_start
left join credited c on c.month_start = m.month_start
left join brought b on b.month_start = m.month_start
left join became o on o.month_start = m.month_start
where m.month_start >= (select min(month_start) from listed)
    and m.month_start <= greatest(
        cast(date_trunc('month', cast(as_of as date)) as date), (select max(month_start) from credited)
    )
union all
select
    cast(null as date), false, cost, cast(0 as decimal(18, 2)), cast(null as decimal(18, 2)), cast(null as double),
    cast(null as bigint), cast(null as bigint)
from undated
where cost is not null;
