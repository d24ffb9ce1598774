/*
title = "What goals can count"
definition = "Every measure that a goal may have, and whether the exports record what it counts: where they do not, what was reached is unknown, not 0."
*/
create or replace macro goal_measure() as table
select
    v.measure,
    case v.measure
        when 'won_amount' then k.has_outcomes
        when 'won_count' then k.has_outcomes
        when 'accepted_amount' then k.has_decisions and k.has_opportunities
        when 'accepted_count' then k.has_sal
        when 'opportunity_count' then k.has_opportunities
        when 'sourced_pipeline'
            then k.has_opportunities and case when k.sourced_test = 'source_field' then m.has_sources else k.has_touches end
        when 'mql_count' then k.has_mql
        when 'lead_count' then k.has_leads
    end as is_recorded
from crm.known k
cross join marketing_known() m
cross join (
    values ('won_amount'), ('won_count'), ('accepted_amount'), ('accepted_count'), ('opportunity_count'),
        ('sourced_pipeline'), ('mql_count'), ('lead_count')
) v (measure);
