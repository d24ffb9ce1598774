/*
title = "Campaign effectiveness"
definition = "What each campaign cost, whom it reached, and what it brought by the as-of day. Leads, MQL, SQL and opportunities are those of leads that the campaign brought. Won deals and amounts are credited by one model: first touch, last touch, linear, U, W, full path or time decay (the definition of the credit of a won deal says how each splits); a deal that nobody answered a campaign on is credited to the campaign that it names itself. Deals with neither stand in a row of their own, so that the amounts add up to all that was won. Where the exports record neither for any deal, what campaigns won is a dash. A campaign that has yet to start is shown if anything is counted for it; the others that have yet to start are counted in one row. Costs are set only against what the campaigns with a recorded cost brought: a campaign without one is in neither side of ROI, nor of any cost per lead, MQL, SQL, opportunity or won deal, and is counted apart. Cost is a campaign's whole cost by the as-of day, and touches are of people of whatever segment, so both are dashes under any filter on people or deals. A campaign is young until it has run for twice the median time from a deal's creation to its win: what it brings is not all there yet. A vehicle is what carries a campaign (event, e-mail, advert ...), by the settings, from the type that the CRM gives it; a channel is that type itself. Campaigns that share a name are told apart by the day they started."
grain = "One row per campaign (or channel, or vehicle), one for deals without a touch, one for campaigns outside the period, one for those yet to start."
direction = "higher"
source = "METRICS: Campaigns"
records = "campaign_credit_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.dimension_value]
unit = "text"
text = "The campaign, the channel or the vehicle"
[columns.kind]
unit = "text"
text = "campaign, no touch recorded, outside the period (campaigns that started in another), or yet to start"
[columns.channel]
unit = "text"
text = "The campaign's channel: the type that the CRM gives it"
[columns.start_date]
unit = "date"
text = "Start of the campaign, or of the channel's first"
[columns.campaigns]
unit = "count"
text = "Campaigns in this row"
[columns.without_cost_count]
unit = "count"
text = "Of these, campaigns without a recorded cost (or with one in a currency without a rate): in no cost, ROI or cost per; a dash under a filter on people or deals"
[columns.cost]
unit = "money"
text = "Cost; a dash where none is recorded, or under a filter on people or deals"
[columns.touches]
unit = "count"
text = "Touches: records of a person in a campaign, by the as-of day; a dash under a filter on people or deals"
[columns.people]
unit = "count"
text = "People reached: each once in a row, however many of its campaigns reached them"
[columns.responses]
unit = "count"
text = "Of the touches, those that were answered"
[columns.people_responded]
unit = "count"
text = "Of the people, those who answered"
[columns.leads]
unit = "count"
text = "Leads that the campaign brought; a dash where no lead in the exports has a campaign"
[columns.mql]
unit = "count"
text = "Of these, marketing-qualified"
[columns.sql]
unit = "count"
text = "Of these, sales-qualified"
[columns.opportunities]
unit = "count"
text = "Of these, a deal"
[columns.leads_won]
unit = "count"
text = "Of these leads, won by then, whichever campaigns are credited with the deal; a dash where no outcome is recorded"
[columns.won]
unit = "number"
text = "Won deals credited by the model (in parts, where the model splits); a dash where no credit is recorded"
additive = true
[columns.won_amount]
unit = "money"
text = "Amount won credited by the model; a dash where no deal credited carries an amount, or no credit is recorded"
additive = true
[columns.won_amount_costed]
unit = "money"
text = "Of it, what campaigns with a recorded cost are credited with: the side of ROI that cost is set against"
[columns.cost_per_lead]
unit = "money"
text = "cost / leads of the campaigns with a cost"
[columns.cost_per_mql]
unit = "money"
text = "cost / MQL of the campaigns with a cost"
[columns.cost_per_sql]
unit = "money"
text = "cost / SQL of the campaigns with a cost"
[columns.cost_per_opportunity]
unit = "money"
text = "cost / opportunities of the campaigns with a cost"
[columns.cost_per_won]
unit = "money"
text = "cost / won deals credited to the campaigns with a cost"
[columns.roi]
unit = "ratio"
text = "(amount won - cost) / cost, of the campaigns with a cost"
[columns.days_running]
unit = "days"
text = "Days from its start to the as-of day: young campaigns have had less time to bring deals"
[columns.median_cycle_days]
unit = "days"
text = "Median days from a deal's creation to its win, of all deals won in the exports"
[columns.is_young]
unit = "flag"
text = "It has run for less than twice that: too young to be judged; blank where no cycle is known"

[params.dimension]
type = "text"
text = "campaign (the default), channel or vehicle"
choices = ["campaign", "channel", "vehicle"]
[params.model]
type = "text"
text = "first, last, linear (the default), u, w, full (full path) or decay (time decay)"
choices = ["first", "last", "linear", "u", "w", "full", "decay"]
*/
with filters as (
    select
        $segment is not null or $region is not null or $team is not null or $owner is not null or $source is not null
            or $product is not null or $business_type is not null or $custom is not null as is_filtered,
        -- A lead names neither: under these there is no telling which of a campaign's leads are meant.
        $product is not null or $business_type is not null as is_of_deals_alone
),
leads as materialized (
    select
        campaign_id,
        count(*) as leads,
        count(*) filter (is_mql) as mql,
        count(*) filter (is_sql) as sql,
        count(*) filter (is_opportunity) as opportunities,
        count(*) filter (is_won) as leads_won
    from lead_at($as_of)
    where campaign_id is not null
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
    group by campaign_id
),
touched as materialized (
    select
        campaign_id,
        sum(touches) as touches,
        sum(responses) as responses,
        sum(people) as people,
        sum(people_responded) as people_responded
    from crm.campaign_touch_day
    where day <= cast($as_of as date)
    group by campaign_id
),
credited as materialized (
    -- Rounded, because a sum of fractions may differ in its last digits from run to run.
    select
        campaign_id,
        round(sum(credited_deals), 9) as won,
        count(*) as credits,
        sum(credited_amount) as won_amount
    from deal_credit($as_of, $model)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
    group by campaign_id
),
spent as (
    -- What was spent day by day is the better record where there is one.
    select
        campaign_id,
        sum(amount_base) filter (coalesce(spent_date <= cast($as_of as date), true)) as amount,
        count(*) filter (amount is not null and amount_base is null) as unrated
    from crm.campaign_cost
    group by campaign_id
),
campaigns as materialized (
    select
        c.campaign_id,
        case coalesce(cast($dimension as varchar), 'campaign')
            when 'campaign' then l.label when 'channel' then c.channel when 'vehicle' then c.vehicle end as value,
        c.channel,
        c.start_date,
        case when s.campaign_id is null then c.cost_base when s.unrated = 0 then s.amount end as cost,
        coalesce(is_within(c.start_date, $period_start, $period_end), false) as is_in_period
    from crm.campaign c
    join campaign_label() l on l.campaign_id = c.campaign_id
    left join spent s on s.campaign_id = c.campaign_id
    where coalesce(c.start_date <= cast($as_of as date), true)
        or c.campaign_id in (select campaign_id from leads)
        or c.campaign_id in (select campaign_id from touched)
        or c.campaign_id in (select campaign_id from credited where campaign_id is not null)
),
yet_to_start as materialized (
    select count(*) as campaigns
    from crm.campaign
    where campaign_id not in (select campaign_id from campaigns)
),
placed as materialized (
    select
        *,
        case when is_in_period then value else 'Campaigns outside the period' end as dimension_value,
        case when is_in_period then 'campaign' else 'outside the period' end as kind
    from campaigns
),
together as materialized (
    -- Rows are numbered, because numbers are told apart faster than names.
    select dimension_value, kind, count(*) as campaigns, cast(row_number() over () as integer) as row_no
    from placed
    group by dimension_value, kind
),
met_together as (
    -- A person is once in a row: who was met by several of its campaigns is told once.
    select
        g.row_no,
        t.person_no,
        bool_or(coalesce(t.answered_date <= cast($as_of as date), false)) as has_answered
    from crm.campaign_person t
    join placed p on p.campaign_id = t.campaign_id
    join together g on g.dimension_value = p.dimension_value and g.kind = p.kind
    where t.from_date <= cast($as_of as date) and g.campaigns > 1
    group by g.row_no, t.person_no
),
counted_people as (
    -- Where one campaign is the row, each is there once already.
    select g.row_no, t.people, t.people_responded
    from touched t
    join placed p on p.campaign_id = t.campaign_id
    join together g on g.dimension_value = p.dimension_value and g.kind = p.kind
    where g.campaigns = 1
    union all
    select row_no, count(*), count(*) filter (has_answered) from met_together group by row_no
),
people as (
    select
        g.dimension_value,
        g.kind,
        cast(c.people as bigint) as people,
        cast(c.people_responded as bigint) as people_responded
    from counted_people c
    join together g using (row_no)
),
touches as (
    select p.dimension_value, p.kind, cast(sum(t.touches) as bigint) as touches,
        cast(sum(t.responses) as bigint) as responses
    from touched t
    join placed p on p.campaign_id = t.campaign_id
    group by p.dimension_value, p.kind
),
reached as (
    select t.dimension_value, t.kind, t.touches, t.responses, p.people, p.people_responded
    from touches t
    join people p on p.dimension_value = t.dimension_value and p.kind = t.kind
),
every as (
    select
        p.dimension_value, p.kind, p.campaign_id, p.channel, p.start_date, p.cost,
        l.leads, l.mql, l.sql, l.opportunities, l.leads_won, d.won, d.credits, d.won_amount
    from placed p
    left join leads l on l.campaign_id = p.campaign_id
    left join credited d on d.campaign_id = p.campaign_id
    union all by name
    select
        'No touch recorded' as dimension_value,
        'no touch recorded' as kind,
        won,
        credits,
        won_amount
    from credited
    where campaign_id is null
    union all by name
    select 'Campaigns yet to start' as dimension_value, 'yet to start' as kind
    from yet_to_start
    where campaigns > 0
),
summed as materialized (
    select
        dimension_value,
        kind,
        case when count(distinct channel) = 1 then min(channel) end as channel,
        min(start_date) as start_date,
        count(campaign_id) as campaigns,
        count(campaign_id) - count(cost) as without_cost_count,
        sum(cost) as cost,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mql) as bigint) as mql,
        cast(sum(sql) as bigint) as sql,
        cast(sum(opportunities) as bigint) as opportunities,
        cast(sum(leads_won) as bigint) as leads_won,
        round(sum(won), 9) as won,
        sum_known(sum(won_amount), coalesce(sum(credits), 0)) as won_amount,
        cast(sum(leads) filter (cost is not null) as bigint) as costed_leads,
        cast(sum(mql) filter (cost is not null) as bigint) as costed_mql,
        cast(sum(sql) filter (cost is not null) as bigint) as costed_sql,
        cast(sum(opportunities) filter (cost is not null) as bigint) as costed_opportunities,
        round(sum(won) filter (cost is not null), 9) as costed_won,
        sum_known(
            sum(won_amount) filter (cost is not null), coalesce(sum(credits) filter (cost is not null), 0)
        ) as won_amount_costed
    from every
    group by dimension_value, kind
),
known as (
    select
        s.*,
        y.campaigns as campaigns_to_start,
        s.kind in ('campaign', 'outside the period') as is_of_campaigns,
        k.has_outcomes and (s.kind = 'no touch recorded' or (s.kind <> 'yet to start' and m.has_credit)) as has_credit,
        k.has_touches and not f.is_filtered as has_reach,
        not f.is_filtered as has_cost,
        m.has_lead_campaigns and not f.is_of_deals_alone as has_leads,
        m.has_lead_campaigns and k.has_mql and not f.is_of_deals_alone as has_mql,
        m.has_lead_campaigns and k.has_sql and not f.is_of_deals_alone as has_sql,
        m.has_lead_campaigns and k.has_opportunities and not f.is_of_deals_alone as has_opportunities,
        m.has_lead_campaigns and k.has_outcomes and not f.is_of_deals_alone as has_outcomes
    from summed s
    cross join crm.known k
    cross join marketing_known() m
    cross join yet_to_start y
    cross join filters f
),
measured as (
    select
        k.dimension_value,
        k.kind,
        k.channel,
        k.start_date,
        case when k.is_of_campaigns then k.campaigns when k.kind = 'yet to start' then k.campaigns_to_start end
            as campaigns,
        case when k.is_of_campaigns and k.has_cost then k.without_cost_count end as without_cost_count,
        case when k.has_cost then k.cost end as cost,
        k.is_of_campaigns and k.has_reach as has_reach,
        coalesce(r.touches, 0) as touches,
        coalesce(r.people, 0) as people,
        coalesce(r.responses, 0) as responses,
        coalesce(r.people_responded, 0) as people_responded,
        case when k.is_of_campaigns and k.has_leads then coalesce(k.leads, 0) end as leads,
        case when k.is_of_campaigns and k.has_mql then coalesce(k.mql, 0) end as mql,
        case when k.is_of_campaigns and k.has_sql then coalesce(k.sql, 0) end as sql,
        case when k.is_of_campaigns and k.has_opportunities then coalesce(k.opportunities, 0) end as opportunities,
        case when k.is_of_campaigns and k.has_outcomes then coalesce(k.leads_won, 0) end as leads_won,
        case when k.has_credit then coalesce(k.won, 0) end as won,
        case when k.has_credit then cast(k.won_amount as decimal(18, 2)) end as won_amount,
        case when k.has_credit and k.has_cost and k.cost is not null
            then cast(k.won_amount_costed as decimal(18, 2)) end as won_amount_costed,
        k.costed_leads,
        case when k.has_mql then k.costed_mql end as costed_mql,
        case when k.has_sql then k.costed_sql end as costed_sql,
        case when k.has_opportunities then k.costed_opportunities end as costed_opportunities,
        case when k.has_credit then k.costed_won end as costed_won
    from known k
    left join reached r on r.dimension_value = k.dimension_value and r.kind = k.kind
),
final as (
    select
        dimension_value,
        kind,
        channel,
        start_date,
        campaigns,
        without_cost_count,
        cost,
        case when has_reach then touches end as touches,
        case when has_reach then people end as people,
        case when has_reach then responses end as responses,
        case when has_reach then people_responded end as people_responded,
        leads,
        mql,
        sql,
        opportunities,
        leads_won,
        won,
        won_amount,
        won_amount_costed,
        share(cost, costed_leads) as cost_per_lead,
        share(cost, costed_mql) as cost_per_mql,
        share(cost, costed_sql) as cost_per_sql,
        share(cost, costed_opportunities) as cost_per_opportunity,
        share(cost, costed_won) as cost_per_won,
        share(won_amount_costed - cost, cost) as roi,
        case when kind = 'campaign' and start_date <= cast($as_of as date)
            then date_diff('day', start_date, cast($as_of as date)) end as days_running,
        case when kind = 'campaign' then a.median_cycle_days end as median_cycle_days,
        case when kind = 'campaign' and start_date <= cast($as_of as date)
            then date_diff('day', start_date, cast($as_of as date)) < 2 * a.median_cycle_days end as is_young
    from measured
    cross join crm.attribution a
)
select * from final order by kind, won_amount desc nulls last, leads desc nulls last, dimension_value;
