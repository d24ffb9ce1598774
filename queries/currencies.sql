/*
title = "Currencies and their rates"
definition = "Every currency that deals are in or that has a rate, and what one unit is worth in the company's. A deal is reckoned at the rate in force on the first day of the fiscal quarter in which it closes. A currency without a rate stays apart: its deals count, their amounts are in no sum."
grain = "One row per currency and rate; one for a currency without any."
direction = "none"
source = "settings.toml, [currency_rates]; a CSV with currency, valid_from, rate; Import health"

[columns.currency]
unit = "text"
text = "Currency"
[columns.valid_from]
unit = "date"
text = "First day of the quarter from which the rate holds; blank for a rate that holds from the beginning"
[columns.rate]
unit = "number"
text = "What one unit is worth in the company's currency; a dash for a currency without a rate"
[columns.origin]
unit = "text"
text = "Who says so"
[columns.deals]
unit = "count"
text = "Deals in this currency at this rate (or without any), as they stand now"
[columns.amount]
unit = "number"
text = "Their amount, in that currency"
*/
with deal as (
    select
        o.currency,
        coalesce(s.close_date, o.created_date, k.newest_date) as day,
        s.amount
    from crm.opportunity o
    join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
    cross join crm.known k
    where s.status is distinct from 'deleted'
),
rated as (
    select d.currency, d.amount, r.valid_from, r.rate, r.origin
    from deal d
    left join crm.currency_rate r on r.currency = d.currency and d.day >= r.valid_from and d.day < r.valid_to
),
summed as (
    select currency, valid_from, count(*) as deals, cast(sum(amount) as double) as amount
    from rated
    group by currency, valid_from
),
every as (
    select currency, valid_from, rate, origin from crm.currency_rate
    union
    select currency, null, null, null from rated where rate is null
),
final as (
    select
        e.currency,
        nullif(e.valid_from, cast('0001-01-01' as date)) as valid_from,
        e.rate,
        e.origin,
        s.deals,
        s.amount
    from every e
    join crm.known k on k.has_opportunities
    left join summed s on s.currency = e.currency and s.valid_from is not distinct from e.valid_from
)
select * from final order by rate is not null, currency, valid_from nulls first;
