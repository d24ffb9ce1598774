/*
title = "Deals by a dimension"
definition = "Deals as of a day, each with its value of the dimension asked for. A month is that of the close date."
*/
create or replace macro opportunity_by(as_of, dimension) as table
select
    *,
    case cast(dimension as varchar)
        when 'source' then source
        when 'channel' then channel
        when 'owner' then owner
        when 'team' then team
        when 'segment' then segment
        when 'region' then region
        when 'product' then product
        when 'business_type' then business_type
        when 'month' then strftime(close_date, '%Y-%m')
        else custom_of(dimension, custom)
    end as dimension_value
from opportunity_at(as_of);
