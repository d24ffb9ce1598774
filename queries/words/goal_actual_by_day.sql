/*
title = "What goals count, day by day"
definition = "What is known by the as-of day, for the company and for every team, segment, region and owner. Won amount and count of deals won by then, by close date (which may lie ahead: a deal is won in the period of its close date). Accepted amount: deals that sales accepted, themselves or through their lead, each once, by the day of the first acceptance. Deals by the day they were created; of these the pipeline that marketing sourced. Leads by the day they were created; marketing-qualified and accepted leads as the funnel counts them, each once, by the day that the stage was reached at the latest. A record without an amount (or in a currency without a rate) is counted and adds nothing."
*/
create or replace macro goal_actual_by_day(as_of) as table
select
    measure,
    day,
    scope,
    scope_value,
    case when sum(valued) > 0 then sum(value) end as value,
    cast(sum(records) as bigint) as record_count,
    cast(sum(valued) as bigint) as valued_count
from goal_counted(as_of)
group by measure, day, scope, scope_value
having sum(records) > 0;
