-- Custom fields that the company keeps, those that no file at hand has included. With too many different
-- values a field is kept for the records and is no filter. One row per field.
create or replace table crm.custom_field as
with held as (
    select unnest(map_keys(custom)) as field, unnest(map_values(custom)) as value, true as is_lead from crm.lead
    union all
    select unnest(map_keys(custom)), unnest(map_values(custom)), false from crm.opportunity
)
select
    f.field,
    coalesce(bool_or(h.is_lead), false) as on_leads,
    coalesce(bool_or(not h.is_lead), false) as on_deals,
    count(distinct h.value) as value_count,
    count(distinct h.value) between 1 and any_value(c.most_filter_values) as is_filter
from setting_custom f
cross join company c
left join held h on h.field = f.field
group by f.field
order by f.field;
