/*
title = "Goals in force"
definition = "Every goal that counts on the as-of day: of the versions set by then (on the newest day that the data knows, of all) the newest, imported or typed in; where none was set by then, the first one that was set, marked. A goal that was taken back is none."
grain = "One row per measure, period and scope."
direction = "none"
source = "METRICS: Goals"
inputs = ["goals"]
uses = ["as_of"]

[columns.measure]
unit = "text"
text = "What is counted"
[columns.period_start]
unit = "date"
text = "First day"
[columns.period_end]
unit = "date"
text = "The day after the last"
[columns.scope]
unit = "text"
text = "company, team, segment, region or owner"
[columns.scope_value]
unit = "text"
text = "Which one; blank for the company"
[columns.value]
unit = "number"
text = "The goal"
[columns.version_count]
unit = "count"
text = "How many versions there were by then"
[columns.is_set_later]
unit = "flag"
text = "Set after the as-of day: it was not known then"
[columns.set_date]
unit = "date"
text = "When this version was set"
[columns.set_by]
unit = "text"
text = "Who set it"
[columns.origin]
unit = "text"
text = "imported or typed in"
*/
select
    measure, period_start, period_end, scope, scope_value, cast(value as decimal(18, 2)) as value,
    version_count, is_set_later, set_date, set_by, origin
from goal_now('goals', $as_of)
-- A goal that was typed in without a value was taken back.
where value is not null or origin = 'imported'
order by period_start desc, measure, scope, scope_value;
