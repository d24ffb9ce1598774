/*
title = "What a touch is a step of"
definition = "Each campaign with the step that a touch of it is on a path: its channel, its vehicle or itself (the channel without a choice)."
*/
create or replace macro campaign_step(step_of) as table
select
    c.campaign_id,
    coalesce(
        case coalesce(cast(step_of as varchar), 'channel')
            when 'channel' then c.channel when 'vehicle' then c.vehicle else l.label end,
        '(none)'
    ) as step
from crm.campaign c
left join campaign_label() l using (campaign_id);
