/*
title = "Passes to sales, by a dimension"
definition = "Every pass from marketing to sales known by the end of a day, and what sales had decided by then: accepted, rejected, undecided, or past SLA (undecided for more days than the settings allow; a lead that goes back to marketing waits up to then). A pass without a decision whose lead had become a deal by then was accepted: a later stage implies the earlier. What a lead says of itself (source, owner, segment) stands with its passes; a pass of a deal without a lead has its deal's. A pass is recycled if the lead went back to marketing; whether it came to something later is told by a later pass that was accepted, or a win. A month is that of the pass."
*/
create or replace macro handoff_by(as_of, dimension) as table
with led as (
    select * from lead_at(as_of)
),
dealt as (
    select
        opportunity_id, record_id, source, channel, owner, team, segment, region, custom, status, close_date, created_date
    from opportunity_at(as_of)
),
passed as (
    select
        h.handoff_id,
        h.lead_id,
        coalesce(h.passed_date, h.decided_date) as passed_date,
        case when h.decided_date <= cast(as_of as date) then h.decision end as decision,
        case when h.decided_date <= cast(as_of as date) then h.decided_date end as decided_date,
        case when h.decided_date <= cast(as_of as date) and h.decision = 'rejected' then h.reason end as reason,
        case when h.recycled_date <= cast(as_of as date) then h.recycled_date end as recycled_date,
        coalesce(l.record_id, d.record_id) as record_id,
        case when h.lead_id is null then 'deal' else 'lead' end as kind,
        coalesce(l.source, d.source) as source,
        coalesce(l.channel, d.channel) as channel,
        l.campaign,
        coalesce(l.owner, d.owner) as owner,
        coalesce(l.team, d.team) as team,
        coalesce(l.segment, d.segment) as segment,
        coalesce(l.region, d.region) as region,
        coalesce(l.custom, d.custom) as custom,
        coalesce(l.status, d.status) as status,
        coalesce(l.is_opportunity, false) as is_opportunity,
        l.opportunity_date,
        coalesce(l.is_won, d.status = 'won', false) as is_won,
        coalesce(l.won_date, case when d.status = 'won' then d.close_date end) as won_date,
        -- The next pass of the same lead that was known by then.
        lead(h.passed_date) over (partition by h.lead_id order by h.passed_at, h.handoff_id) as next_date,
        h.batch_id,
        h.source_line
    from crm.handoff h
    left join led l on l.lead_id = h.lead_id
    left join dealt d on d.opportunity_id = h.opportunity_id and l.lead_id is null
    where coalesce(h.passed_date, h.decided_date) <= cast(as_of as date)
        and (l.lead_id is not null or d.opportunity_id is not null)
),
decided as (
    select
        *,
        decision is null and next_date is null and is_opportunity
            and coalesce(opportunity_date >= passed_date, is_won) as is_implied
    from passed
),
last_accepted as (
    select lead_id, max(passed_date) as accepted_date
    from decided
    where lead_id is not null and (decision = 'accepted' or is_implied)
    group by lead_id
)
select
    p.*,
    case
        when p.decision is not null then p.decision
        when p.is_implied then 'accepted'
        -- Who waits for a decision no longer, because the lead went back or was passed again, waits up to then.
        when date_diff('day', p.passed_date, least(p.recycled_date, p.next_date, cast(as_of as date))) > s.decision_days
            then 'past SLA'
        else 'undecided'
    end as state,
    p.recycled_date is not null as is_recycled,
    p.recycled_date is not null
        and (
            coalesce(a.accepted_date >= p.recycled_date and a.accepted_date > p.passed_date, false)
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
cross join crm.lead_setting s
left join last_accepted a on a.lead_id = p.lead_id;
