/*
title = "Deals credited to campaigns"
definition = "Every part of a won deal that a campaign (or none) is credited with, one by one. The parts of a deal add up to its amount. A deal that nobody answered a campaign on is credited whole to the campaign that it names itself, if it does."
grain = "One row per won deal and credited touch; one for a deal without a touch."
direction = "none"
source = "METRICS: Campaigns, attribution"
uses = ["as_of", "period_start", "period_end", "dimension_value", "deal_filters"]

[columns.campaign]
unit = "text"
text = "Campaign credited; 'No touch recorded' for a deal with neither an answered touch nor a campaign of its own"
[columns.channel]
unit = "text"
text = "Its channel"
[columns.record_id]
unit = "id"
text = "The deal's id in its CRM"
[columns.name]
unit = "text"
text = "Deal"
[columns.account]
unit = "text"
text = "Account"
[columns.owner]
unit = "text"
text = "Owner"
[columns.close_date]
unit = "date"
text = "Closed on"
[columns.responded_date]
unit = "date"
text = "When the touch was answered; blank where the deal's own campaign is credited, or none"
[columns.deals]
unit = "number"
text = "Part of the deal credited"
[columns.amount]
unit = "money"
text = "Amount credited"
[columns.deal_amount]
unit = "money"
text = "Amount of the whole deal"
[columns.segment]
unit = "text"
text = "Segment"
[columns.source]
unit = "text"
text = "Source"
[columns.file]
unit = "text"
text = "Export file of the deal"
[columns.line]
unit = "count"
text = "Line in that file"

[params.dimension]
type = "text"
text = "campaign (the default), channel or vehicle: what dimension_value names"
choices = ["campaign", "channel", "vehicle"]
[params.model]
type = "text"
text = "first, last, linear (the default), u, w, full (full path) or decay (time decay)"
choices = ["first", "last", "linear", "u", "w", "full", "decay"]
[params.month]
type = "text"
text = "Only deals that closed in this month, like 2026-11"
[params.credited_to]
type = "text"
text = "campaigns: only what a campaign is credited with, nothing of deals without a touch"
choices = ["campaigns"]
*/
with credits as materialized (
    select
        c.*,
        case
            when c.campaign_id is null then 'No touch recorded'
            when not coalesce(is_within(p.start_date, $period_start, $period_end), false)
                then 'Campaigns outside the period'
            else case coalesce(cast($dimension as varchar), 'campaign')
                when 'campaign' then l.label when 'channel' then p.channel when 'vehicle' then p.vehicle end
        end as value,
        coalesce(l.label, 'No touch recorded') as campaign,
        p.channel as campaign_channel
    from deal_credit($as_of, $model) c
    left join crm.campaign p on p.campaign_id = c.campaign_id
    left join campaign_label() l on l.campaign_id = c.campaign_id
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
        and (cast($month as varchar) is null or strftime(c.close_date, '%Y-%m') = cast($month as varchar))
        and (cast($credited_to as varchar) is null or c.campaign_id is not null)
),
final as (
    select
        c.campaign,
        c.campaign_channel as channel,
        c.record_id,
        c.name,
        c.account,
        c.owner,
        c.close_date,
        t.responded_date,
        c.credited_deals as deals,
        c.credited_amount as amount,
        c.amount_base as deal_amount,
        c.segment,
        c.source,
        b.file_name as file,
        c.source_line as line
    from credits c
    join crm.batch b on b.batch_id = c.batch_id
    left join crm.touch t on t.touch_id = c.touch_id
    where is_chosen($dimension_value, c.value)
)
select * from final order by close_date desc, record_id, responded_date, campaign;
