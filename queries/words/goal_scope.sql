/*
title = "The scope whose goal fits the filters"
definition = "Without a filter the company's goal; with one value of one filter that goals can have (team, segment, region, owner) the goal of that value; by a dimension, unfiltered but by itself, the goal of each value. Any other choice has no goal of its own: then there is none, never a part of the pipeline over the whole company's goal. One row: the scope, and its value where it is one."
*/
create or replace macro goal_scope(
    dimension, segments, regions, teams, owners, sources, products, business_types, customs
) as table
with chosen as (
    select
        cast(dimension as varchar) as by_what,
        list_filter(
            [
                {'name': 'segment', 'vals': cast(segments as varchar[])},
                {'name': 'region', 'vals': cast(regions as varchar[])},
                {'name': 'team', 'vals': cast(teams as varchar[])},
                {'name': 'owner', 'vals': cast(owners as varchar[])}
            ],
            lambda filter: filter.vals is not null
        ) as filters,
        sources is not null or products is not null or business_types is not null or customs is not null
            as is_without_goals
)
select
    case
        when is_without_goals then null
        when by_what in ('segment', 'region', 'team', 'owner')
            and len(list_filter(filters, lambda filter: filter.name <> by_what)) = 0 then by_what
        when by_what is not null then null
        when len(filters) = 0 then 'company'
        when len(filters) = 1 and len(filters[1].vals) = 1 then filters[1].name
    end as scope,
    case when by_what is null and len(filters) = 1 then filters[1].vals[1] end as chosen_value
from chosen;
