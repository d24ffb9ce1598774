/*
title = "Paths of answered touches"
definition = "In what order people answered campaigns before a deal was decided. A path is a decided deal's answered touches by anyone on it up to its close, or those of a person who is on no deal: won deals converted, lost deals and people without a deal did not. Deals that are still open are undecided and left out, and so are paths without a touch. Touches of one channel (campaign, vehicle) in a row stand once. No filter narrows it: people without a deal name no owner."
grain = "One row per path."
direction = "none"
source = "METRICS: Campaigns, Markov and Shapley"
records = "touch_path_records"
uses = ["as_of"]

[columns.path]
unit = "text"
text = "The steps in their order, parted by the control character for units (31)"
[columns.converted]
unit = "count"
text = "Won deals that went it"
additive = true
[columns.lost]
unit = "count"
text = "Lost deals, and people without a deal, that went it"
additive = true
[columns.won_amount]
unit = "money"
text = "Amount of the won deals; a dash where none carries one"
additive = true

[params.step_of]
type = "text"
text = "What a step is: channel (without it), campaign or vehicle"
choices = ["channel", "campaign", "vehicle"]
*/
with deals as (
    select opportunity_id, status, close_date, amount_base
    from opportunity_at($as_of)
    where status in ('won', 'lost') and close_date is not null
),
touched as (
    select
        'deal' as kind, t.opportunity_id as id, d.status, d.amount_base, t.responded_date, t.touch_id,
        coalesce(s.step, '(none)') as step
    from crm.deal_touch t
    join deals d using (opportunity_id)
    left join campaign_step($step_of) s on s.campaign_id = t.campaign_id
    where t.responded_date <= d.close_date and t.responded_date <= cast($as_of as date)
    union all
    select 'person', t.person_id, 'none', null, t.responded_date, t.touch_id, coalesce(s.step, '(none)')
    from crm.touch t
    left join campaign_step($step_of) s on s.campaign_id = t.campaign_id
    where t.is_responded
        and t.responded_date <= cast($as_of as date)
        and t.person_id is not null
        and not exists (select 1 from crm.deal_person p where p.person_id = t.person_id)
),
placed as (
    select
        *,
        lag(step) over (partition by kind, id order by responded_date, touch_id) is distinct from step as is_new
    from touched
),
paths as (
    select
        kind, id, any_value(status) as status, any_value(amount_base) as amount_base,
        string_agg(step, chr(31) order by responded_date, touch_id) as path
    from placed
    where is_new
    group by kind, id
),
final as (
    select
        path,
        count(*) filter (status = 'won') as converted,
        count(*) filter (status <> 'won') as lost,
        sum_known(sum(amount_base) filter (status = 'won'), count(*) filter (status = 'won')) as won_amount
    from paths
    cross join crm.known k
    where k.has_outcomes
    group by path
)
select * from final order by converted desc, lost desc, path;
