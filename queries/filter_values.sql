/*
title = "Values to filter by"
definition = "Every segment, region, team, owner and source that a lead or a deal names, every product and type of business of deals, and every value of kept custom fields (of those with at most 200 different ones), and how many name it; blank for those that name none."
grain = "One row per filter and value."
direction = "none"
source = "DESIGN: filters are parameters"

[columns.filter]
unit = "text"
text = "segment, region, team, owner, source, product, business_type, or custom: and the name of a kept custom field"
[columns.value]
unit = "text"
text = "The value; blank for records that name none"
[columns.records]
unit = "count"
text = "Leads and deals with this value"
*/
with every as (
    select 'segment' as filter, segment as value from crm.lead
    union all select 'segment', segment from crm.opportunity
    union all select 'region', region from crm.lead
    union all select 'region', region from crm.opportunity
    union all select 'team', team from crm.lead
    union all select 'team', team from crm.opportunity_state
    union all select 'source', source from crm.lead
    union all select 'source', coalesce(source, source_raw) from crm.opportunity
    union all select 'owner', owner from crm.lead
    union all select 'owner', owner from crm.opportunity_state
    union all select 'product', product from crm.opportunity
    union all select 'business_type', business_type from crm.opportunity
),
kept as (
    select unnest(map_entries(custom)) as entry from crm.lead where cardinality(custom) > 0
    union all
    select unnest(map_entries(custom)) from crm.opportunity where cardinality(custom) > 0
),
custom_counted as (
    select entry.key as field, entry.value as value, count(*) as records
    from kept
    group by entry.key, entry.value
),
custom_fields as (
    select
        field,
        cast((select count(*) from crm.lead) + (select count(*) from crm.opportunity) - sum(records) as bigint) as blank
    from custom_counted
    group by field
    having count(*) <= 200
),
final as (
    select filter, value, count(*) as records from every group by filter, value
    union all
    select 'custom: ' || c.field, c.value, c.records from custom_counted c join custom_fields f using (field)
    union all
    select 'custom: ' || field, null, blank from custom_fields where blank > 0
)
select * from final order by filter, value nulls last;
