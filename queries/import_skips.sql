/*
title = "Skipped rows"
definition = "How many rows of each file are known and deliberately not used, and why."
grain = "One row per file and reason."
direction = "none"
source = "DESIGN: nothing is dropped in silence"

[columns.file]
unit = "text"
text = "File"
[columns.reason]
unit = "text"
text = "Why they are not used"
[columns.skipped]
unit = "count"
text = "Rows"
additive = true
[columns.first_line]
unit = "count"
text = "Line of the first"
*/
select b.file_name as file, s.reason, count(*) as skipped, min(s.line) as first_line
from crm.skip s
join crm.batch b using (batch_id)
group by b.file_name, s.reason
order by skipped desc, file, reason;
