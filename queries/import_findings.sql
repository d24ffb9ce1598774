/*
title = "What is odd in the data"
definition = "Records that are loaded but odd, by kind, and what that does to the numbers."
grain = "One row per kind of finding and CRM."
direction = "lower"
source = "DESIGN: nothing is dropped in silence"
records = "finding_records"

[columns.finding]
unit = "text"
text = "Kind"
[columns.title]
unit = "text"
text = "What is odd"
[columns.crm]
unit = "text"
text = "CRM or mapping"
[columns.records]
unit = "count"
text = "How many records"
[columns.effect]
unit = "text"
text = "What it does to the numbers"
*/
select finding, title, crm, record_count as records, effect
from crm.finding
order by records desc, finding;
