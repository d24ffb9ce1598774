/*
title = "What the exports record of marketing"
definition = "Whether any deal or its lead names a source; whether any deal can be credited to a campaign at all, because a touch was answered or a deal names its own campaign; whether any lead has a campaign. Where not, what marketing sourced or a campaign brought is unknown, not 0. One row."
*/
create or replace macro marketing_known() as table
select has_sources, has_credit, has_lead_campaigns from crm.marketing_known;
