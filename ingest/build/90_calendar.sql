-- The company's calendar, so that no query has to reckon with dates. One row per day.
create or replace table crm.calendar as
with bounds as (
    select
        least(min(day), (select as_of_date from company)) as first_day,
        greatest(max(day), (select as_of_date from company)) as last_day
    from (
        select created_date as day from crm.opportunity
        union all select created_date from crm.lead
        union all select close_date from crm.opportunity_state
        union all select period_start from crm.quota
        union all select period_end from crm.quota
        union all select start_date from crm.campaign
    )
    -- A mistyped year must not make a calendar of ten thousand.
    where day between (select as_of_date from company) - 366 * 25 and (select as_of_date from company) + 366 * 5
),
days as (
    select cast(unnest(generate_series(
        cast(date_trunc('year', first_day) as date) - 366,
        cast(date_trunc('year', last_day) as date) + 366 * 2,
        interval 1 day
    )) as date) as day
    from bounds
    where first_day is not null
),
shifted as (
    -- A fiscal month counts from the first month of the fiscal year; a fiscal year is named by the year it ends in.
    select
        day,
        (cast(date_part('month', day) as integer) - c.fiscal_year_start_month + 12) % 12 as month_of_year,
        cast(date_part('year', day) as integer)
            + case when c.fiscal_year_start_month > 1
                and date_part('month', day) >= c.fiscal_year_start_month then 1 else 0 end as fiscal_year,
        c.week_start
    from days
    cross join company c
),
quartered as (
    select
        day,
        fiscal_year,
        month_of_year // 3 + 1 as fiscal_quarter,
        cast(date_trunc('month', day) as date) as month_start,
        cast(day - cast((isodow(day) - week_start + 7) % 7 as integer) as date) as week_start
    from shifted
)
select
    day,
    week_start,
    month_start,
    fiscal_year,
    cast(fiscal_quarter as integer) as fiscal_quarter,
    min(month_start) over (partition by fiscal_year, fiscal_quarter) as quarter_start,
    min(month_start) over (partition by fiscal_year) as year_start
from quartered
order by day;

-- Fiscal periods. One row per year, quarter and month; `period` is its name in addresses (2026-Q4, 2026-11, 2026).
create or replace table crm.fiscal_period as
with edges as (select min(day) as first_day, max(day) as last_day from crm.calendar),
quarters as (
    select
        fiscal_year || '-Q' || fiscal_quarter as period,
        'quarter' as kind,
        min(day) as period_start,
        cast(max(day) + 1 as date) as period_end
    from crm.calendar
    group by fiscal_year, fiscal_quarter
),
months as (
    select
        strftime(month_start, '%Y-%m') as period,
        'month' as kind,
        month_start as period_start,
        cast(max(day) + 1 as date) as period_end
    from crm.calendar
    group by month_start
),
years as (
    select
        cast(fiscal_year as varchar) as period,
        'year' as kind,
        min(day) as period_start,
        cast(max(day) + 1 as date) as period_end
    from crm.calendar
    group by fiscal_year
),
every as (
    select * from quarters
    union all select * from months
    union all select * from years
)
select p.period, p.kind, p.period_start, p.period_end
from every p
cross join edges e
-- The calendar's first and last periods may be cut off by its edges.
where p.period_end - p.period_start >= case p.kind when 'year' then 365 when 'quarter' then 89 else 28 end
order by p.period_start, p.kind;
