/*
title = "Passes of leads to sales, by a dimension"
definition = "Every time that a lead was passed to sales by the as-of day, what sales had decided by then (accepted, rejected, or nothing yet) and the reason that it gave. The dimension is the lead's source or channel, or the campaign that brought it, or that campaign's vehicle."
*/
create or replace macro pass_by(as_of, dimension) as table
select
    l.*,
    coalesce(h.passed_date, h.decided_date) as passed_date,
    case when h.decided_date <= cast(as_of as date) then h.decision end as decision,
    case when h.decided_date <= cast(as_of as date) then h.decided_date end as decided_date,
    case when h.decided_date <= cast(as_of as date) and h.decision = 'rejected' then h.reason end as reason,
    case coalesce(cast(dimension as varchar), 'source')
        when 'source' then l.source
        when 'channel' then l.channel
        when 'campaign' then l.campaign
        when 'vehicle' then c.vehicle
    end as dimension_value,
    h.batch_id as pass_batch_id,
    h.source_line as pass_line
from crm.handoff h
join lead_at(as_of) l on l.lead_id = h.lead_id
left join crm.campaign c on c.campaign_id = l.campaign_id
where coalesce(h.passed_date, h.decided_date) <= cast(as_of as date);
