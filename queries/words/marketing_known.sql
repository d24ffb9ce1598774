/*
title = "What the exports record of marketing"
definition = "Whether any deal or its lead names a source; whether any deal can be credited to a campaign at all, because a touch was answered or a deal names its own campaign; whether any lead has a campaign. Where not, what marketing sourced or a campaign brought is unknown, not 0. One row."
*/
create or replace macro marketing_known() as table
select
    exists (select 1 from crm.opportunity where coalesce(source, source_raw) is not null) as has_sources,
    exists (select 1 from crm.touch where is_responded)
        or exists (select 1 from crm.opportunity where campaign_id is not null) as has_credit,
    exists (select 1 from crm.lead where campaign_id is not null) as has_lead_campaigns;
