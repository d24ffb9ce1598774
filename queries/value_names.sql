/*
title = "Values shown under another name"
definition = "What was decided about values, and how many cells of the exports are shown otherwise than they were written."
grain = "One row per field and value."
direction = "none"
source = "words.toml"

[columns.field]
unit = "text"
text = "source, channel, product, owner, region, segment, account or currency"
[columns.theirs]
unit = "text"
text = "The value as exported, in small letters (its case does not matter)"
[columns.ours]
unit = "text"
text = "The value shown; blank for none"
[columns.cells]
unit = "count"
text = "Cells of all exports that this changes"
*/
select field, theirs, ours, cells
from crm.value_map
order by field, theirs;
