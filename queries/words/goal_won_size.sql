/*
title = "Size of won deals"
definition = "The deals won in the year up to the as-of day, of a goal's scope, all of them and apart those that began as a lead and those that did not: how many, their amounts, and the average of those that carry one. A scope in which fewer than the setting for unranked values were won is told by the company's."
*/
create or replace macro goal_won_size(as_of, scope, scope_value) as table
with won as materialized (
    select
        case when lead_id is not null then 'lead' else 'no lead' end as origin,
        amount_base,
        goal_is_of(scope, scope_value, owner, team, segment, region) as is_of_scope
    from opportunity_at(as_of)
    where status = 'won'
        and close_date > cast(as_of as date) - 365
        and close_date <= cast(as_of as date)
),
enough as (
    select
        count(*) filter (is_of_scope) >= any_value(k.unranked_under) as is_enough,
        coalesce(cast(any_value(scope) as varchar), 'company') <> 'company' as is_part
    from won cross join crm.known k
)
select
    coalesce(origin, 'all') as origin,
    count(*) as won,
    count(amount_base) as with_amount,
    sum(amount_base) as amount,
    avg(cast(amount_base as double)) as average,
    stddev_samp(cast(amount_base as double)) as spread,
    case when any_value(e.is_enough and e.is_part) then 'scope' else 'company' end as taken_from
from won
cross join enough e
where is_of_scope or not e.is_enough
group by grouping sets ((origin), ());
