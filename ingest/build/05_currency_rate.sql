-- What one unit of a currency is worth in the company's, and when: the plan rate. One row per currency and interval
-- [valid_from, valid_to). A rate holds from the first day of the first fiscal quarter that begins on or after its own
-- day, so that a quarter has one rate and no pipeline moves within it because a currency did. Of several rates for one
-- currency and day, one decided on a page comes before an imported one, and that before settings.toml.
create or replace table crm.currency_rate as
with every as (
    select currency, valid_from, rate, origin,
        case origin when 'decided on a page' then 1 else 3 end as trust, cast(null as timestamp) as set_at
    from setting_rate
    union all
    select upper(r.currency), r.valid_from_date, r.rate, 'imported', 2, b.snapshot_at
    from latest_rate r
    join batch b using (batch_id)
    where r.rate > 0
),
chosen as (
    select *
    from every
    qualify row_number() over (partition by currency, valid_from order by trust, set_at desc) = 1
),
quartered as (
    select
        h.currency,
        h.rate,
        h.origin,
        h.valid_from as own_from,
        cast(date_trunc('month', h.valid_from) as date) as month_start,
        (cast(date_part('month', h.valid_from) as integer) - c.fiscal_year_start_month + 12) % 3 as month_of_quarter
    from chosen h
    cross join company c
    where h.currency <> c.currency
),
begun as (
    select
        currency,
        rate,
        origin,
        own_from,
        case
            when own_from is null then cast('0001-01-01' as date)
            when month_of_quarter = 0 and own_from = month_start then own_from
            else cast(month_start + to_months(cast(3 - month_of_quarter as integer)) as date)
        end as valid_from
    from quartered
),
-- Of two that begin in one quarter, the later holds in the next.
final as (
    select *
    from begun
    qualify row_number() over (partition by currency, valid_from order by own_from desc nulls last) = 1
)
select
    currency,
    valid_from,
    lead(valid_from, 1, cast('9999-12-31' as date)) over (partition by currency order by valid_from) as valid_to,
    cast(rate as decimal(18, 6)) as rate,
    own_from,
    origin
from final
union all
-- The company's own currency is worth itself, whatever anybody says.
select currency, cast('0001-01-01' as date), cast('9999-12-31' as date), 1, null, 'the company''s own currency'
from company;
