/*
title = "Deals created in a week"
definition = "The deals that were created in a week, with their amount as it stood at its end (of this week: at the end of the as-of day)."
grain = "One row per deal."
direction = "none"
source = "METRICS: Coverage, pipeline creation a week"
uses = ["as_of", "deal_filters"]

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
text = "Owner on the as-of day"
[columns.amount_base]
unit = "money"
text = "Amount at the end of the week, in the company's currency"
[columns.is_sourced]
unit = "flag"
text = "Sourced by marketing, by the test in the settings"
[columns.source]
unit = "text"
text = "Source"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.status]
unit = "text"
text = "open, won or lost on the as-of day"
[columns.close_date]
unit = "date"
text = "Close date on the as-of day"
[columns.is_assumed]
unit = "flag"
text = "Its amount then is assumed, not recorded"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.week_start]
type = "date"
text = "First day of the week; the last twenty-six weeks without it"
*/
with deals as (
    select o.*, c.week_start, least(cast(c.week_start + 6 as date), cast($as_of as date)) as day
    from opportunity_at($as_of) o
    join crm.calendar c on c.day = o.created_date
    where o.created_date <= cast($as_of as date)
        and c.week_start > cast($as_of as date) - 182
        and c.week_start = coalesce(cast($week_start as date), c.week_start)
),
chosen as materialized (
    select *
    from deals
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
final as (
    select
        d.record_id, d.name, d.account, d.owner, s.amount_base, d.is_sourced, d.source, d.created_date, d.status,
        d.close_date, coalesce(s.amount_from = 'assumed', false) as is_assumed, b.file_name as file,
        d.source_line as line
    from chosen d
    join crm.opportunity_state s
        on s.opportunity_id = d.opportunity_id
        and s.valid_from_date <= d.day
        and (s.valid_to_date is null or s.valid_to_date > d.day)
    join crm.batch b on b.batch_id = d.batch_id
)
select * from final order by amount_base desc nulls last, record_id;
