/*
title = "Campaign names that tell campaigns apart"
definition = "A campaign's name; with the day it started where several share the name, and with its id where that does not tell them apart either."
*/
create or replace macro campaign_label() as table
with counted as (
    select campaign_id, name, start_date, count(*) over (partition by name) as same_name
    from crm.campaign
),
dated as (
    select
        campaign_id,
        name,
        case when same_name = 1 then name
            else name || ' (' || coalesce(strftime(start_date, '%Y-%m-%d'), campaign_id) || ')' end as label
    from counted
),
labelled as (
    select campaign_id, name, label, count(*) over (partition by label) as same_label
    from dated
)
select campaign_id, case when same_label = 1 then label else name || ' (' || campaign_id || ')' end as label
from labelled;
