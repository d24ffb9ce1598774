/*
title = "What goals can count"
definition = "Every measure that a goal may have, and whether the exports record what it counts: where they do not, what was reached is unknown, not 0."
*/
create or replace macro goal_measure() as table
select 'won_amount' as measure, has_outcomes as is_recorded from crm.known
union all select 'won_count', has_outcomes from crm.known
union all select 'accepted_amount', has_decisions and has_opportunities from crm.known
union all select 'accepted_count', has_sal from crm.known
union all select 'opportunity_count', has_opportunities from crm.known
union all select 'sourced_pipeline', has_opportunities and (has_touches or sourced_test = 'source_field') from crm.known
union all select 'mql_count', has_mql from crm.known
union all select 'lead_count', has_leads from crm.known;
