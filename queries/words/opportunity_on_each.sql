/*
title = "Deals on each of several days"
definition = "Deals as of the end of each day of a table that has a column `day`: all days are answered at once, by one join of the days with the intervals in which each deal's state held. What was deleted by a day is not in it."
*/
create or replace macro opportunity_on_each(days) as table
select
    d.day,
    o.opportunity_id,
    o.business_type,
    coalesce(o.source, o.source_raw) as source,
    o.product,
    o.segment,
    o.region,
    o.custom,
    o.created_date,
    s.stage,
    s.amount,
    s.amount_base,
    s.close_date,
    s.owner,
    s.team,
    s.status,
    s.status = 'open'
        and 'assumed' in (coalesce(s.stage_from, ''), coalesce(s.amount_from, ''), coalesce(s.close_date_from, ''))
        as is_assumed,
    s.status = 'open' and coalesce(s.owner_from = 'assumed', false) as is_owner_assumed
from query_table(days) d
join crm.opportunity_state s
    on s.valid_from_date <= d.day
    and (s.valid_to_date is null or s.valid_to_date > d.day)
join crm.opportunity o on o.opportunity_id = s.opportunity_id
where s.status is distinct from 'deleted';
