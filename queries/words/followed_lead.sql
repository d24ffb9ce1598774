/*
title = "Leads and how sales first reached out to them"
definition = "Leads that were passed to sales (all leads, where the exports record no pass) at least so many days ago (120, unless said), each with the kind and the delay of the first follow-up: a completed call, e-mail or meeting by a person outside marketing, from the day of the pass on, up to the day the lead became a deal. Each within so many days of the pass: follow-up, deal and win. The origin is the lead's source, or its campaign, that campaign's channel or its vehicle."
*/
create or replace macro followed_lead(as_of, origin, days) as table
with ready as (
    select
        l.*,
        -- `greatest` alone would take a lead that was never passed on as passed when it was created.
        case when not k.has_mql then l.created_date when l.mql_date is not null then greatest(l.mql_date, l.created_date)
            end as ready_date,
        coalesce(cast(days as integer), 120) as within_days
    from lead_at(as_of) l
    cross join crm.known k
),
old_enough as (
    select * from ready where ready_date <= cast(as_of as date) - within_days
),
joined as (
    select
        l.*,
        case coalesce(cast(origin as varchar), 'vehicle')
            when 'vehicle' then c.vehicle
            when 'channel' then c.channel
            when 'campaign' then l.campaign
            when 'source' then l.source
        end as origin_value,
        l.is_opportunity and coalesce(l.opportunity_date, l.won_date) <= l.ready_date + l.within_days as is_deal_in_time,
        l.is_won and l.won_date <= l.ready_date + l.within_days as is_won_in_time,
        case when f.delay_days <= l.within_days and (not l.is_opportunity or f.activity_date <= l.opportunity_date)
            then f end as follow_up
    from old_enough l
    left join crm.campaign c on c.campaign_id = l.campaign_id
    left join crm.lead_follow_up f on f.lead_id = l.lead_id
)
select
    * exclude (follow_up),
    follow_up.activity_date as follow_up_date,
    coalesce(follow_up.kind, 'none') as kind,
    case
        when follow_up.kind is null then 'never'
        when follow_up.delay_days = 0 then 'same day'
        when follow_up.delay_days = 1 then 'next day'
        when follow_up.delay_days <= 7 then '2 to 7 days'
        else 'later'
    end as delay
from joined;
