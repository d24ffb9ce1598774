/*
title = "Deals behind a channel's paths"
definition = "The decided deals on whose path a channel (campaign, vehicle) stands: the answered touches by anyone on the deal up to its close, in their order."
grain = "One row per deal."
direction = "none"
source = "METRICS: Campaigns, Markov and Shapley"
uses = ["as_of"]

[columns.record_id]
unit = "id"
text = "The deal's id in its CRM"
[columns.name]
unit = "text"
text = "Deal"
[columns.status]
unit = "text"
text = "won or lost"
[columns.close_date]
unit = "date"
text = "Closed on"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency; blank without an amount or a rate"
[columns.path]
unit = "text"
text = "The steps in their order"
[columns.owner]
unit = "text"
text = "Owner"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.step_of]
type = "text"
text = "What a step is: channel (without it), campaign or vehicle"
choices = ["channel", "campaign", "vehicle"]
[params.step]
type = "text"
text = "Only deals on whose path this stands"
*/
with deals as (
    select *
    from opportunity_at($as_of)
    where status in ('won', 'lost') and close_date is not null
),
touched as (
    select
        t.opportunity_id, t.responded_date, t.touch_id, coalesce(s.step, '(none)') as step,
        lag(coalesce(s.step, '(none)')) over (partition by t.opportunity_id order by t.responded_date, t.touch_id)
            is distinct from coalesce(s.step, '(none)') as is_new
    from crm.deal_touch t
    join deals d using (opportunity_id)
    left join campaign_step($step_of) s on s.campaign_id = t.campaign_id
    where t.responded_date <= d.close_date and t.responded_date <= cast($as_of as date)
),
paths as (
    select
        opportunity_id,
        string_agg(step, ' → ' order by responded_date, touch_id) filter (is_new) as path,
        bool_or(step = cast($step as varchar)) as has_step
    from touched
    group by opportunity_id
),
final as (
    select
        d.record_id, d.name, d.status, d.close_date, d.amount_base, p.path, d.owner, b.file_name as file,
        d.source_line as line
    from paths p
    join deals d using (opportunity_id)
    join crm.batch b on b.batch_id = d.batch_id
    where cast($step as varchar) is null or p.has_step
)
select * from final order by status desc, amount_base desc nulls last, record_id;
