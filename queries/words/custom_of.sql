/*
title = "The custom field that a dimension names"
definition = "The dimension 'custom: Tier' is the value of the kept field Tier; any other dimension is no custom field."
*/
create or replace macro custom_of(dimension, fields) as (
    case when starts_with(cast(dimension as varchar), 'custom: ')
        then fields[substr(cast(dimension as varchar), 9)] end
);
