/*
title = "The filters on leads"
definition = "A lead passes if each filter that chooses anything chooses its value; a blank choice means leads that name none. Of a kept custom field a choice reads 'field: value'. A lead names no product and no type of business: these filter deals alone."
*/
create or replace macro is_lead_chosen(segments, regions, teams, owners, sources, customs) as (
    is_chosen(segments, segment)
    and is_chosen(regions, region)
    and is_chosen(teams, team)
    and is_chosen(owners, owner)
    and is_chosen(sources, source)
    and is_custom_chosen(customs, custom)
);
