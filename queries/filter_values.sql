/*
title = "Values to filter by"
definition = "Every segment, region, owner and source that a lead or a deal names, and how many do; blank for those that name none."
grain = "One row per filter and value."
direction = "none"
source = "DESIGN: filters are parameters"

[columns.filter]
unit = "text"
text = "segment, region, owner or source"
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
    union all select 'source', source from crm.lead
    union all select 'source', coalesce(source, source_raw) from crm.opportunity
    union all select 'owner', owner from crm.lead
    union all select 'owner', owner from crm.opportunity_state
)
select filter, value, count(*) as records
from every
group by filter, value
order by filter, value nulls last;
