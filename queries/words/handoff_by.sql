/*
title = "Passes to sales, by a dimension"
definition = "Every pass from marketing to sales known by the end of a day, and what sales had decided by then: accepted, rejected, undecided, or past SLA (undecided for more days than the settings allow; a lead that goes back to marketing, or is passed again, waits up to then). A pass without a decision whose lead had become a deal by then was accepted: a later stage implies the earlier. What a lead says of itself (source, owner, segment) stands with its passes; a pass of a deal without a lead has its deal's. A pass is recycled if the lead went back to marketing, and recovered if a later pass of it was accepted or it was won after that. A month is that of the pass."
*/
create or replace macro handoff_by(as_of, dimension) as table
with described as (
    select
        h.handoff_id,
        h.lead_id,
        h.opportunity_id,
        coalesce(h.passed_date, h.decided_date) as passed_date,
        case when h.decided_date <= cast(as_of as date) then h.decided_date end as decided_date,
        -- A decision without a day was known with the pass.
        case when coalesce(h.decided_date, h.passed_date) <= cast(as_of as date) then h.decision end as decision,
        case when coalesce(h.decided_date, h.passed_date) <= cast(as_of as date) and h.decision = 'rejected' then h.reason end
            as reason,
        case when h.recycled_date <= cast(as_of as date) then h.recycled_date end as recycled_date,
        case when a.next_date <= cast(as_of as date) then a.next_date end as next_date,
        case when a.next_accepted_date <= cast(as_of as date) then a.next_accepted_date end as next_accepted_date,
        h.batch_id,
        h.source_line,
        l.person_id,
        l.opportunity_date as deal_date,
        -- A pass names its lead, or else its deal: of one of them all is blank.
        coalesce(l.record_id, d.record_id) as record_id,
        coalesce(l.source, d.source) as source,
        coalesce(l.channel, d.channel) as channel,
        l.campaign,
        coalesce(l.owner, d.owner) as owner,
        coalesce(l.team, d.team) as team,
        coalesce(l.segment, d.segment) as segment,
        coalesce(l.region, d.region) as region,
        coalesce(l.custom, d.custom) as custom,
        coalesce(l.status, d.status) as status,
        coalesce(l.is_opportunity and coalesce(l.opportunity_date >= h.passed_date, l.is_won), false) as is_deal_since,
        coalesce(l.is_won, d.status = 'won', false) as is_won,
        coalesce(l.won_date, case when d.status = 'won' then d.close_date end) as won_date
    from crm.handoff h
    join crm.handoff_after a using (handoff_id)
    left join lead_at(as_of) l on l.lead_id = h.lead_id
    left join opportunity_at(as_of) d on d.opportunity_id = case when h.lead_id is null then h.opportunity_id end
    where coalesce(h.passed_date, h.decided_date) <= cast(as_of as date)
        and coalesce(l.lead_id, d.opportunity_id) is not null
),
decided as (
    select *, decision is null and next_date is null and is_deal_since as is_implied
    from described
)
select
    p.*,
    case
        when p.decision is not null then p.decision
        when p.is_implied then 'accepted'
        when date_diff('day', p.passed_date, least(p.recycled_date, p.next_date, cast(as_of as date))) > s.decision_days
            then 'past SLA'
        else 'undecided'
    end as state,
    p.recycled_date is not null as is_recycled,
    p.recycled_date is not null
        and (
            coalesce(p.next_accepted_date >= p.recycled_date, false)
            or (p.is_won and coalesce(p.won_date >= p.recycled_date, true))
        ) as is_recovered,
    case cast(dimension as varchar)
        when 'source' then p.source
        when 'channel' then p.channel
        when 'campaign' then p.campaign
        when 'owner' then p.owner
        when 'team' then p.team
        when 'segment' then p.segment
        when 'region' then p.region
        when 'month' then strftime(p.passed_date, '%Y-%m')
        else custom_of(dimension, p.custom)
    end as dimension_value
from decided p
cross join crm.lead_setting s;
