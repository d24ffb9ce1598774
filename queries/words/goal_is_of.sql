/*
title = "Of a goal's scope"
definition = "Everything is of the company; a record is of a team, segment, region or owner if it names that one."
*/
create or replace macro goal_is_of(scope, scope_value, owner, team, segment, region) as (
    case coalesce(cast(scope as varchar), 'company')
        when 'company' then true
        when 'owner' then owner is not distinct from cast(scope_value as varchar)
        when 'team' then team is not distinct from cast(scope_value as varchar)
        when 'segment' then segment is not distinct from cast(scope_value as varchar)
        when 'region' then region is not distinct from cast(scope_value as varchar)
    end
);
