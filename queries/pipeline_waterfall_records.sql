/*
title = "Deals behind the waterfall"
definition = "The deals of one step of the pipeline waterfall, each as it stood on the two days, with what it adds or takes."
grain = "One row per deal."
direction = "none"
source = "METRICS: Coverage, waterfall"
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
text = "Owner on the as-of day; before, where the deal is gone"
[columns.change]
unit = "money"
text = "What the deal adds to the pipeline, or takes from it; of opening and closing its amount there"
[columns.step]
unit = "text"
text = "The one step that the deal stands in"
[columns.amount_before]
unit = "money"
text = "Its amount in the opening; blank where it was not in it"
[columns.amount_after]
unit = "money"
text = "Its amount in the closing; blank where it is not in it"
[columns.stage_before]
unit = "text"
text = "Stage on the first day"
[columns.stage_after]
unit = "text"
text = "Stage on the as-of day"
[columns.close_before]
unit = "date"
text = "Close date on the first day"
[columns.close_after]
unit = "date"
text = "Close date on the as-of day"
[columns.owner_before]
unit = "text"
text = "Owner on the first day"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.since]
type = "date"
text = "The first of the two days (a week before the as-of day without it)"
[params.step]
type = "text"
text = "The step; every deal that was in the pipeline on either day without it"
choices = ["opening", "created", "pulled_in", "slipped_in", "reopened", "redated", "increased", "owner_in", "decreased", "pushed_out", "pulled_ahead", "overdue", "lost", "won", "owner_out", "deleted", "currency", "unmapped", "unchanged", "closing"]
*/
with movement as (
    select *
    from deal_movement(
        coalesce(cast($since as date), cast($as_of as date) - 7), $as_of, $period_start, $period_end,
        $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    )
    where step is not null
),
asked as (
    select
        *,
        case cast($step as varchar) when 'opening' then in_before when 'closing' then in_after else change end as counted
    from movement
    where case coalesce(cast($step as varchar), 'any')
        when 'any' then true
        when 'opening' then is_in_before
        when 'closing' then is_in_after
        else step = cast($step as varchar)
    end
),
final as (
    select
        a.record_id, a.name, a.account, coalesce(a.owner_after, a.owner_before) as owner, a.counted as change, a.step,
        a.in_before as amount_before, a.in_after as amount_after, a.stage_before, a.stage_after, a.close_before,
        a.close_after, a.owner_before, a.created_date, b.file_name as file, a.source_line as line
    from asked a
    join crm.batch b on b.batch_id = a.batch_id
)
select * from final order by abs(change) desc nulls last, record_id;
