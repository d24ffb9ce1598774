/*
title = "What was imported last"
definition = "For every CRM, when its newest export was made and how that is known."
grain = "One row per CRM."
direction = "none"
source = "DESIGN: canonical tables, batch"

[columns.crm]
unit = "text"
text = "CRM or mapping"
[columns.snapshot_at]
unit = "time"
text = "When the newest export was made (UTC)"
[columns.snapshot_date]
unit = "date"
text = "The same, as the company's day"
[columns.basis]
unit = "text"
text = "How that is known"
[columns.files]
unit = "count"
text = "Files imported"
*/
select
    crm_title as crm,
    max(snapshot_at) as snapshot_at,
    max(snapshot_date) as snapshot_date,
    max_by(snapshot_basis, snapshot_at) as basis,
    count(*) as files
from crm.batch
group by crm_title
order by crm;
