/*
title = "What goals count, as it came to be known"
definition = "What is added to and taken from each day of a measure by the as-of day, for the company and for every team, segment, region and owner: what goals count on a day is the sum of its rows."
*/
create or replace macro goal_counted(as_of) as table
select measure, day, scope, scope_value, value, records, valued
from crm.goal_event
where known_date <= cast(as_of as date);
