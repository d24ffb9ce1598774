/*
title = "Custom fields"
definition = "Columns of the exports that the company keeps under names of its own. A deal without a value has its company's, else its lead's; a lead without one has that of the same human in another CRM, else its company's."
grain = "One row per field."
direction = "none"
source = "words.toml, settings.toml and mappings"

[columns.field]
unit = "text"
text = "The field"
[columns.value_count]
unit = "count"
text = "Different values; with more than 200 a field is kept in the records and is no filter"
[columns.on_deals]
unit = "flag"
text = "Whether any deal has a value"
[columns.on_leads]
unit = "flag"
text = "Whether any lead has a value"
[columns.is_filter]
unit = "flag"
text = "Whether it can be a filter and a dimension: it has values, and not too many different ones"
*/
select field, value_count, on_deals, on_leads, is_filter
from crm.custom_field
order by field;
