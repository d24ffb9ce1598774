/*
title = "Records behind a finding"
definition = "The records that are odd in one way, one by one."
grain = "One row per record."
direction = "none"
source = "DESIGN: nothing is dropped in silence"

[columns.what]
unit = "text"
text = "Record"
[columns.record_id]
unit = "id"
text = "Its CRM and id"
[columns.detail]
unit = "text"
text = "What is odd about it"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.finding]
type = "text"
text = "The kind of finding; all without it"
*/
select r.what, r.record_id, r.detail, b.file_name as file, r.source_line as line
from crm.finding_record r
join crm.batch b using (batch_id)
where cast($finding as varchar) is null or r.finding = cast($finding as varchar)
order by r.finding, file, line;
