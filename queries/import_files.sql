/*
title = "Imported files"
definition = "Every file that the warehouse was built from, what it was taken for, and what became of its rows: read = loaded + rejected + skipped."
grain = "One row per file."
direction = "none"
source = "DESIGN: nothing is dropped in silence"
records = "import_rejects"

[columns.file]
unit = "text"
text = "File"
[columns.crm]
unit = "text"
text = "CRM or mapping"
[columns.object]
unit = "text"
text = "Kind of record"
[columns.rows_read]
unit = "count"
text = "Rows read"
additive = true
[columns.loaded]
unit = "count"
text = "Rows loaded"
additive = true
[columns.rejected]
unit = "count"
text = "Rows rejected, each with its reason"
additive = true
[columns.skipped]
unit = "count"
text = "Rows known and deliberately not used"
additive = true
[columns.unreadable_cells]
unit = "count"
text = "Cells left empty because they could not be read; their rows are loaded"
[columns.snapshot_at]
unit = "time"
text = "When the export was made, in the company's time zone"
[columns.snapshot_basis]
unit = "text"
text = "How that is known"
[columns.imported_at]
unit = "time"
text = "When it was imported, in the company's time zone"
[columns.encoding]
unit = "text"
text = "Encoding"
[columns.delimiter]
unit = "text"
text = "Delimiter"
[columns.date_order]
unit = "text"
text = "Order of days and months, where it mattered"
[columns.unused_columns]
unit = "text"
text = "Columns kept but not used"
*/
select
    file_name as file,
    crm_title as crm,
    object,
    rows_read,
    rows_loaded as loaded,
    rows_rejected as rejected,
    rows_skipped as skipped,
    unreadable_cells,
    timezone(k.time_zone, timezone('UTC', b.snapshot_at)) as snapshot_at,
    snapshot_basis,
    timezone(k.time_zone, timezone('UTC', b.imported_at)) as imported_at,
    encoding,
    delimiter,
    date_order,
    array_to_string(unused_columns, ', ') as unused_columns
from crm.batch b
cross join crm.known k
order by b.imported_at desc, file;
