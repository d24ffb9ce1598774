/*
title = "Leads in flight on a day"
definition = "Leads known for at most 180 days that had not become a deal by the end of the day and were not turned down by sales, each with the furthest stage that it had reached: lead, mql, sal or sql. Older leads are not expected to come any more."
*/
create or replace macro goal_lead_in_flight(days) as table
select
    d.*,
    l.lead_id,
    l.segment,
    l.region,
    l.opportunity_id,
    case
        when l.sql_by_date <= d.point then 'sql'
        when l.sal_by_date <= d.point then 'sal'
        when l.mql_by_date <= d.point then 'mql'
        else 'lead'
    end as stage
from crm.lead l
join query_table(days) d on l.known_date <= d.point and l.known_date > d.point - 180
where (l.opportunity_date is null or l.opportunity_date > d.point)
    and (l.unaccepted_date is null or l.unaccepted_date > d.point);
