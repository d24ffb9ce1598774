/*
title = "Follow-up match"
definition = "Where leads came from, how sales first reached out to them (call, e-mail, meeting) and how fast, beside how many became deals and were won within so many days (120, unless said) of being passed on. Only leads passed on at least so many days ago are counted, in every cell alike; where the exports record no pass, all leads, from their creation. A follow-up is a completed outbound call, e-mail or meeting by a person outside marketing, up to the day the lead became a deal. Cells of fewer leads than are ranked are hidden: they are counted, and say nothing else. It is association, not cause: sales chooses whom it calls."
grain = "One row per origin, kind of first follow-up and delay; and one over all delays."
direction = "higher"
source = "METRICS: Campaigns, follow-up match"
records = "campaign_follow_up_records"
uses = ["as_of", "lead_filters"]

[columns.origin_value]
unit = "text"
text = "Where the leads came from; blank where no campaign (or source) is known"
[columns.kind]
unit = "text"
text = "First follow-up: call, email, meeting, or none"
[columns.delay]
unit = "text"
text = "Days until it: same day, next day, 2 to 7 days, later, never; any: all of them"
[columns.leads]
unit = "count"
text = "Leads in the cell"
[columns.is_hidden]
unit = "flag"
text = "Too few leads to say anything"
[columns.opportunities]
unit = "count"
text = "Of these, a deal in time"
[columns.deal_rate]
unit = "share"
text = "opportunities / leads"
[columns.deal_rate_low]
unit = "share"
text = "Low end of its 95% interval"
[columns.deal_rate_high]
unit = "share"
text = "High end of it"
[columns.won]
unit = "count"
text = "Of these leads, won in time"
[columns.won_rate]
unit = "share"
text = "won / leads"
[columns.won_rate_low]
unit = "share"
text = "Low end of its 95% interval"
[columns.won_rate_high]
unit = "share"
text = "High end of it"
[columns.is_small]
unit = "flag"
text = "Few leads: the rates say little"

[params.origin]
type = "text"
text = "vehicle (the default), channel or campaign of the campaign that brought the lead, or the lead's source"
choices = ["vehicle", "channel", "campaign", "source"]
[params.days]
type = "number"
text = "Days after the pass in which follow-up, deal and win count; 120 without it"
*/
with leads as materialized (
    select origin_value, kind, delay, is_deal_in_time, is_won_in_time
    from followed_lead($as_of, $origin, $days)
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select
        origin_value,
        kind,
        case when grouping(delay) = 1 then 'any' else delay end as delay,
        count(*) as leads,
        count(*) filter (is_deal_in_time) as opportunities,
        count(*) filter (is_won_in_time) as won
    from leads
    group by grouping sets ((origin_value, kind, delay), (origin_value, kind))
),
final as (
    select
        c.origin_value,
        c.kind,
        c.delay,
        c.leads,
        c.leads < k.unranked_under as is_hidden,
        case when not is_hidden and k.has_opportunities then c.opportunities end as opportunities,
        case when not is_hidden and k.has_opportunities then share(c.opportunities, c.leads) end as deal_rate,
        case when not is_hidden and k.has_opportunities then wilson_low(c.opportunities, c.leads) end as deal_rate_low,
        case when not is_hidden and k.has_opportunities then wilson_high(c.opportunities, c.leads) end as deal_rate_high,
        case when not is_hidden and k.has_outcomes then c.won end as won,
        case when not is_hidden and k.has_outcomes then share(c.won, c.leads) end as won_rate,
        case when not is_hidden and k.has_outcomes then wilson_low(c.won, c.leads) end as won_rate_low,
        case when not is_hidden and k.has_outcomes then wilson_high(c.won, c.leads) end as won_rate_high,
        c.leads < k.flag_under as is_small
    from counted c
    cross join crm.known k
)
select * from final order by origin_value nulls last, kind, delay <> 'any', delay;
