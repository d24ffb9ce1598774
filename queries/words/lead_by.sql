/*
title = "Leads by a dimension"
definition = "Leads as of a day, each with its value of the dimension asked for. A month is that of the lead's creation."
*/
create or replace macro lead_by(as_of, dimension) as table
select
    *,
    case cast(dimension as varchar)
        when 'source' then source
        when 'channel' then channel
        when 'campaign' then campaign
        when 'owner' then owner
        when 'team' then team
        when 'segment' then segment
        when 'region' then region
        when 'month' then strftime(created_date, '%Y-%m')
        else custom_of(dimension, custom)
    end as dimension_value
from lead_at(as_of);
