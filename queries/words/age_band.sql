/*
title = "Age of a deal"
definition = "Days since a deal was created, in four bands; a dash where its creation is not known."
*/
create or replace macro age_band(days) as (
    case when days < 30 then 'under 30 days' when days < 90 then '30 to 89 days' when days < 180 then '90 to 179 days'
        when days >= 180 then '180 days or more' end
);
