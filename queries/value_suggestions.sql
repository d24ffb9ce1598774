/*
title = "Values that look like another, or like none"
definition = "Values that are the same as another but for capitals, blanks, signs or one letter, and words that people write where there is nothing to write. Nothing is changed until a person accepts; the value as exported stays visible."
grain = "One row per field and value."
direction = "lower"
source = "The exports; lists of products, reps and companies say how a value is written, else the more frequent does"
records = "finding_records"

[columns.field]
unit = "text"
text = "source, channel, product, owner, region, segment, account or currency"
[columns.theirs]
unit = "text"
text = "The value as it is shown now"
[columns.ours]
unit = "text"
text = "The value to show it as; blank for none"
[columns.reason]
unit = "text"
text = "Why they look alike"
[columns.records]
unit = "count"
text = "Records with the value"
*/
select field, theirs, ours, reason, records
from crm.value_suggestion
order by records desc, field, theirs;
