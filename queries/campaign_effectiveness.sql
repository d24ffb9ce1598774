/*
title = "Campaign effectiveness"
definition = "What each campaign cost, whom it reached, and what it brought by the as-of day. Leads, MQL and opportunities are those of leads that the campaign brought. Won deals and amounts are credited by one model: first touch, last touch or linear (equal parts to every answered touch up to the close date). Deals that nobody answered a campaign on stand in a row of their own, so that the amounts add up to all that was won. Cost is a campaign's whole cost, so it is a dash under any filter on people or deals."
grain = "One row per campaign (or channel), one for deals without a touch."
direction = "higher"
source = "METRICS: Campaigns"
records = "campaign_credit_records"
uses = ["as_of", "period_start", "period_end", "segment", "region", "owner", "source"]

[columns.dimension_value]
unit = "text"
text = "The campaign, or the channel"
[columns.kind]
unit = "text"
text = "campaign, no touch recorded, or outside the period (campaigns that started in another)"
[columns.channel]
unit = "text"
text = "The campaign's channel"
[columns.start_date]
unit = "date"
text = "Start of the campaign, or of the channel's first"
[columns.cost]
unit = "money"
text = "Cost; a dash where none is recorded, or under a filter on people or deals"
[columns.touches]
unit = "count"
text = "People reached by the as-of day"
[columns.responses]
unit = "count"
text = "Of these, people who answered"
[columns.leads]
unit = "count"
text = "Leads that the campaign brought"
[columns.mql]
unit = "count"
text = "Of these, marketing-qualified"
[columns.opportunities]
unit = "count"
text = "Of these, a deal"
[columns.won]
unit = "number"
text = "Won deals credited by the model (in parts, where the model splits)"
additive = true
[columns.won_amount]
unit = "money"
text = "Amount won credited by the model"
additive = true
[columns.cost_per_lead]
unit = "money"
text = "cost / leads"
[columns.cost_per_opportunity]
unit = "money"
text = "cost / opportunities"
[columns.cost_per_won]
unit = "money"
text = "cost / won deals credited"
[columns.roi]
unit = "ratio"
text = "(amount won - cost) / cost"
[columns.days_running]
unit = "days"
text = "Days from its start to the as-of day: young campaigns have had less time to bring deals"

[params.dimension]
type = "text"
text = "campaign (the default) or channel"
choices = ["campaign", "channel"]
[params.model]
type = "text"
text = "first, last or linear (the default)"
choices = ["first", "last", "linear"]
*/
with filters as (
    select $segment is not null or $region is not null or $owner is not null or $source is not null as is_filtered
),
campaigns as (
    select
        *,
        case when coalesce(cast($dimension as varchar), 'campaign') = 'channel' then channel else name end as value,
        is_within(start_date, $period_start, $period_end) as is_in_period
    from crm.campaign
    where coalesce(start_date <= cast($as_of as date), true)
),
leads as (
    select
        campaign_id,
        count(*) as leads,
        count(*) filter (is_mql) as mql,
        count(*) filter (is_opportunity) as opportunities
    from lead_at($as_of)
    where campaign_id is not null
        and is_chosen($segment, segment)
        and is_chosen($region, region)
        and is_chosen($owner, owner)
        and is_chosen($source, source)
    group by campaign_id
),
reached as (
    select
        campaign_id,
        count(distinct coalesce(person_id, touch_id)) as touches,
        count(distinct coalesce(person_id, touch_id))
            filter (is_responded and responded_date <= cast($as_of as date)) as responses
    from crm.touch
    where created_date <= cast($as_of as date)
    group by campaign_id
),
credited as (
    -- Rounded, because a sum of fractions may differ in its last digits from run to run.
    select c.campaign_id, round(sum(c.deals), 9) as won, sum(c.amount) as won_amount
    from deal_credit($as_of, $model) c
    join opportunity_at($as_of) o using (opportunity_id)
    where is_chosen($segment, o.segment)
        and is_chosen($region, o.region)
        and is_chosen($owner, o.owner)
        and is_chosen($source, o.source)
    group by c.campaign_id
),
every as (
    select
        case when c.is_in_period then c.value else 'Campaigns outside the period' end as dimension_value,
        case when c.is_in_period then 'campaign' else 'outside the period' end as kind,
        c.channel, c.start_date, c.cost_base,
        r.touches, r.responses, l.leads, l.mql, l.opportunities, d.won, d.won_amount
    from campaigns c
    left join reached r using (campaign_id)
    left join leads l using (campaign_id)
    left join credited d using (campaign_id)
    union all by name
    select
        'No touch recorded' as dimension_value,
        'no touch recorded' as kind,
        won,
        won_amount
    from credited
    where campaign_id is null
),
summed as (
    select
        dimension_value,
        kind,
        case when count(distinct channel) = 1 then min(channel) end as channel,
        min(start_date) as start_date,
        sum(cost_base) as cost,
        cast(sum(touches) as bigint) as touches,
        cast(sum(responses) as bigint) as responses,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mql) as bigint) as mql,
        cast(sum(opportunities) as bigint) as opportunities,
        round(sum(won), 9) as won,
        sum(won_amount) as won_amount
    from every
    group by dimension_value, kind
),
costed as (
    select
        s.dimension_value,
        s.kind,
        s.channel,
        s.start_date,
        case when not f.is_filtered then s.cost end as cost,
        case when s.kind <> 'no touch recorded' and k.has_touches then coalesce(s.touches, 0) end as touches,
        case when s.kind <> 'no touch recorded' and k.has_touches then coalesce(s.responses, 0) end as responses,
        case when s.kind <> 'no touch recorded' then coalesce(s.leads, 0) end as leads,
        case when s.kind <> 'no touch recorded' and k.has_mql then coalesce(s.mql, 0) end as mql,
        case when s.kind <> 'no touch recorded' and k.has_opportunities then coalesce(s.opportunities, 0) end
            as opportunities,
        case when k.has_outcomes then coalesce(s.won, 0) end as won,
        case when k.has_won_amounts then cast(coalesce(s.won_amount, 0) as decimal(18, 2)) end as won_amount
    from summed s
    cross join crm.known k
    cross join filters f
),
final as (
    select
        dimension_value,
        kind,
        channel,
        start_date,
        cost,
        touches,
        responses,
        leads,
        mql,
        opportunities,
        won,
        won_amount,
        share(cost, leads) as cost_per_lead,
        share(cost, opportunities) as cost_per_opportunity,
        share(cost, won) as cost_per_won,
        share(won_amount - cost, cost) as roi,
        case when kind = 'campaign' then date_diff('day', start_date, cast($as_of as date)) end as days_running
    from costed
)
select * from final order by kind, won_amount desc nulls last, leads desc nulls last, dimension_value;
