/*
title = "Deals on each of several days"
definition = "Deals as of the end of each day of a table that has a column `day`: all days are answered at once, by one join of the days with the stretches of days on which each deal stood so. What was deleted by a day is not in it."
*/
create or replace macro opportunity_on_each(days) as table
select d.day, s.* exclude (from_date, until_date)
from query_table(days) d
join crm.deal_as_of s on s.from_date <= d.day and s.until_date > d.day;
