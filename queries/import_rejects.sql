/*
title = "Rejected rows and unreadable cells"
definition = "Every row that was rejected and every cell that was left empty, with file, line, column, value and reason."
grain = "One row per rejected row or unreadable cell."
direction = "none"
source = "DESIGN: nothing is dropped in silence"

[columns.file]
unit = "text"
text = "File"
[columns.line]
unit = "count"
text = "Line on which the record begins"
[columns.column_name]
unit = "text"
text = "Column"
[columns.value]
unit = "text"
text = "What stands there"
[columns.reason]
unit = "text"
text = "Why it could not be used"
[columns.effect]
unit = "text"
text = "row rejected, or cell left empty; or the file that brought the row again, mended"
*/
select
    b.file_name as file,
    r.line,
    r.column_name,
    r.value,
    r.reason,
    case
        when r.mended_in is not null then 'mended in ' || r.mended_in
        when r.is_whole_row then 'row rejected'
        else 'cell left empty'
    end as effect
from crm.reject r
join crm.batch b using (batch_id)
order by b.imported_at desc, file, r.line, r.column_name;
