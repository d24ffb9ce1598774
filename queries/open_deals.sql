/*
title = "Open deals and their hygiene"
definition = "Open deals one by one, at the end of the as-of day, the biggest first: how old, how long at their stage (beside the median of won deals there), how often pushed, how long without a completed activity. A deal is suspect if it is overdue, pushed or silent by the settings."
grain = "One row per deal."
direction = "none"
source = "METRICS: Coverage, hygiene suspects"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

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
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency; blank without an amount or a rate"
[columns.close_date]
unit = "date"
text = "Close date"
[columns.stage]
unit = "text"
text = "Stage"
[columns.forecast]
unit = "text"
text = "Forecast category"
[columns.age_days]
unit = "days"
text = "Days since it was created"
[columns.stage_days]
unit = "days"
text = "Days at its stage so far; a dash where that is only assumed"
[columns.usual_stage_days]
unit = "days"
text = "Median days that won deals spent at this stage; a dash where fewer are known than the settings ask for"
[columns.pushes]
unit = "count"
text = "How often the close date was moved to a later one, as far as recorded"
[columns.last_activity_date]
unit = "date"
text = "Last completed activity of a person on the deal, or with one of its people since it was created"
[columns.silent_days]
unit = "days"
text = "Days since then, or since the deal was created; a dash where the exports hold no activity"
[columns.is_overdue]
unit = "flag"
text = "Its close date has passed"
[columns.is_pushed]
unit = "flag"
text = "Pushed as often as the settings say, or oftener"
[columns.is_silent]
unit = "flag"
text = "Without a completed activity for as many days as the settings say"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.kind]
type = "text"
text = "due (open, due in the period; the default), pushed, silent or suspect (of these), sound (the rest of these), overdue (of any period), or open (all)"
choices = ["due", "pushed", "silent", "suspect", "sound", "overdue", "open"]
[params.stage]
type = "texts"
text = "Only deals at these stages; a blank one for deals without a stage"
[params.forecast]
type = "texts"
text = "Only deals in these forecast categories; a blank one for deals without one"
*/
with deals as materialized (
    select *, is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due
    from deal_hygiene($as_of)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
stays as materialized (
    select * from stage_stay($as_of)
),
usual as (
    -- As in stage_ageing: whoever owned them.
    select s.stage, case when count(*) >= any_value(k.unranked_under) then median(s.days) end as days
    from stays s
    cross join crm.known k
    join opportunity_at($as_of) o on o.opportunity_id = s.opportunity_id and o.status = 'won'
    where not s.is_assumed
        and is_deal_chosen($segment, $region, null, null, $source, $product, $business_type, $custom)
    group by s.stage
),
asked as (
    select *, forecast_call(forecast_category) as forecast
    from deals
    where case coalesce(cast($kind as varchar), 'due')
        when 'due' then is_due
        when 'pushed' then is_due and is_pushed
        when 'silent' then is_due and is_silent
        when 'suspect' then is_due and is_suspect
        when 'sound' then is_due and not is_suspect
        when 'overdue' then is_overdue
        when 'open' then true
    end
),
final as (
    select
        a.record_id, a.name, a.account, a.owner, a.amount_base, a.close_date, a.stage, a.forecast,
        date_diff('day', a.created_date, cast($as_of as date)) as age_days,
        case when not s.is_assumed then s.days end as stage_days,
        cast(u.days as double) as usual_stage_days,
        a.pushes, a.last_activity_date, a.silent_days, a.is_overdue, a.is_pushed, a.is_silent, a.created_date,
        b.file_name as file, a.source_line as line
    from asked a
    join crm.batch b on b.batch_id = a.batch_id
    left join stays s on s.opportunity_id = a.opportunity_id and s.stage = a.stage
    left join usual u on u.stage = a.stage
    where is_chosen($stage, a.stage) and is_chosen($forecast, a.forecast)
)
select * from final order by amount_base desc nulls last, record_id;
