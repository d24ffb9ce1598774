/*
title = "Leads as of a day"
definition = "Every lead known by the end of a day, and how far it had come by then: marketing-qualified (MQL), accepted by sales (SAL), qualified by a conversation (SQL), a deal (opportunity), won. A later stage implies the earlier ones, a win all of them; what sales rejected and did not take back is not accepted. Of several leads on one won deal each is won, and the first carries the deal's amount, so that it counts once."
*/
create or replace macro lead_at(as_of) as table
select
    * exclude (mql_from, sal_from, sql_from, opportunity_from, from_date, until_date)
        replace (
            case when not coalesce(unaccepted_date <= cast(as_of as date), false) then sal_by_date end as sal_by_date,
            case when unaccepted_date <= cast(as_of as date) then unaccepted_date end as unaccepted_date
        ),
    coalesce(mql_from <= cast(as_of as date), false) as is_mql,
    not coalesce(unaccepted_date <= cast(as_of as date), false)
        and coalesce(sal_from <= cast(as_of as date), false) as is_sal,
    coalesce(sql_from <= cast(as_of as date), false) as is_sql,
    coalesce(opportunity_from <= cast(as_of as date), false) as is_opportunity
from crm.lead_as_of
where from_date <= cast(as_of as date) and until_date > cast(as_of as date);
