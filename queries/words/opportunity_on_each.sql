/*
title = "Deals on each of several days"
definition = "Deals as of the end of each day of a table that has a column `day`: all days are answered at once, by one join of the days with the intervals in which each deal's state held. What was deleted by a day is not in it."
*/
create or replace macro opportunity_on_each(days) as table
select
    d.day,
    s.opportunity_id,
    s.business_type,
    s.source,
    s.product,
    s.segment,
    s.region,
    s.custom,
    s.created_date,
    s.stage,
    s.amount,
    s.amount_base,
    s.close_date,
    s.owner,
    s.team,
    s.status,
    s.is_assumed,
    s.is_owner_assumed
from query_table(days) d
join crm.deal_as_of s on s.from_date <= d.day and s.until_date > d.day;
