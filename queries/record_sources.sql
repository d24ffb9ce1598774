/*
title = "Where records come from"
definition = "Which CRM, and which of its kinds of record, each imported file holds: what a link from a record to its CRM is made of."
grain = "One row per file, CRM and kind of record."
direction = "none"
source = "DESIGN: every figure opens"

[columns.file]
unit = "text"
text = "Export file"
[columns.crm]
unit = "text"
text = "The CRM's or the mapping's short name, as settings.toml uses it"
[columns.object]
unit = "text"
text = "Kind of record"
*/
select distinct
    file_name as file,
    crm,
    object
from crm.batch
order by file, crm, object;
