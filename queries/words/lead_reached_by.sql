/*
title = "When leads reached each stage, by a dimension"
definition = "Leads as of a day by a dimension, with the day on which each stage was reached at the latest: its own recorded day, or that of a later stage, which implies it. Blank for stages not reached by then, and where nothing says when. Such a day counts a lead into a period or a horizon; it is never a duration between stages."
*/
create or replace macro lead_reached_by(as_of, dimension) as table
select
    *,
    case when is_mql then mql_by_date end as mql_day,
    case when is_sal then sal_by_date end as sal_day,
    case when is_sql then least(sql_date, opportunity_date, greatest(won_date, created_date)) end as sql_day,
    case when is_opportunity then least(opportunity_date, greatest(won_date, created_date)) end as opportunity_day,
    case when is_won then won_date end as won_day
from lead_by(as_of, dimension);
