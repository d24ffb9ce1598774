/*
title = "Customer acquisition cost (CAC)"
definition = "What the departments that win customers (a setting: sales and marketing) spent in a month, over the new customers won in it. A new customer is an account by its first won deal; expansions and renewals win none. Only months whose cost is recorded are in either side; a month without one is counted apart. Spending comes before the customers that it wins: over a short time the figure swings."
grain = "One row per month, quarter or the whole period."
direction = "lower"
source = "METRICS: Campaigns, CAC"
records = "campaign_new_customer_records"
uses = ["as_of", "period_start", "period_end"]

[columns.bucket]
unit = "text"
text = "The month or quarter; the period"
[columns.first_day]
unit = "date"
text = "Its first month"
[columns.months]
unit = "count"
text = "Months in it, up to the as-of day"
[columns.months_with_cost]
unit = "count"
text = "Of these, months with a recorded cost"
[columns.cost]
unit = "money"
text = "Spending of the departments that win customers; a dash where none is recorded"
[columns.other_cost]
unit = "money"
text = "Spending of other departments: in no CAC"
[columns.new_customers]
unit = "count"
text = "New customers"
[columns.new_customers_costed]
unit = "count"
text = "Of these, in months with a recorded cost: what the cost is set against"
[columns.cac]
unit = "money"
text = "cost / new customers, of months with a recorded cost"

[params.grain]
type = "text"
text = "month, quarter or total (the default)"
choices = ["month", "quarter", "total"]
*/
with month as (
    select month_start, any_value(fiscal_year || '-Q' || fiscal_quarter) as quarter
    from crm.calendar
    where day <= cast($as_of as date)
    group by month_start
),
spent as (
    select
        c.month,
        sum(c.amount_base) filter (d.department is not null) as cost,
        sum(c.amount_base) filter (d.department is null) as other_cost,
        -- Of several amounts one without a rate leaves the month's cost unknown.
        count(*) filter (d.department is not null and c.amount_base is null) as unrated
    from crm.cost c
    left join crm.acquisition_department d on d.department = lower(trim(c.department))
    where c.month <= cast($as_of as date)
    group by c.month
),
won as (
    select cast(date_trunc('month', close_date) as date) as month_start, count(*) as new_customers
    from new_customer($as_of)
    group by 1
),
monthly as (
    select
        m.month_start,
        m.quarter,
        case when s.unrated = 0 then s.cost end as cost,
        s.other_cost,
        case when k.has_outcomes then coalesce(w.new_customers, 0) end as new_customers
    from month m
    cross join crm.known k
    left join spent s on s.month = m.month_start
    left join won w on w.month_start = m.month_start
    where is_within(m.month_start, $period_start, $period_end)
        and m.month_start >= (
            select min(first_day)
            from (select min(month) as first_day from spent union all select min(month_start) from won)
        )
),
final as (
    select
        case coalesce(cast($grain as varchar), 'total')
            when 'month' then strftime(month_start, '%Y-%m') when 'quarter' then quarter else 'In all' end as bucket,
        min(month_start) as first_day,
        count(*) as months,
        count(cost) as months_with_cost,
        cast(sum(cost) as decimal(18, 2)) as cost,
        cast(sum(other_cost) as decimal(18, 2)) as other_cost,
        cast(sum(new_customers) as bigint) as new_customers,
        cast(sum(new_customers) filter (cost is not null) as bigint) as new_customers_costed,
        share(sum(cost), sum(new_customers) filter (cost is not null)) as cac
    from monthly
    group by 1
)
select * from final order by first_day;
