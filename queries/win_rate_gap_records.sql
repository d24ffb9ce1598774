/*
title = "Why two win rates differ"
definition = "The deals that two bases of the win rate count differently, one by one: in one and not in the other, or won by one and not by the other. Every other deal adds the same to both, so the differences in deals and in won deals are exactly the sums of these. By count and by value count the same deals; by value each weighs its amount."
grain = "One row per deal."
direction = "none"
source = "METRICS: Funnel and lead to close, win rate on four bases"
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
[columns.status]
unit = "text"
text = "open, won or lost"
[columns.amount_base]
unit = "money"
text = "Amount in the company's currency"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.close_date]
unit = "date"
text = "Close date"
[columns.is_counted]
unit = "flag"
text = "Counted by the first basis"
[columns.is_won]
unit = "flag"
text = "Won by the first basis"
[columns.is_counted_other]
unit = "flag"
text = "Counted by the other basis"
[columns.is_won_other]
unit = "flag"
text = "Won by the other basis"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.basis]
type = "text"
text = "The first basis (count without it)"
choices = ["count", "value", "cohort", "within"]
[params.other]
type = "text"
text = "The other basis (cohort without it)"
choices = ["count", "value", "cohort", "within"]
[params.days]
type = "number"
text = "Days within which a deal has to be won, for the basis within; the settings' without it"
*/
with based as materialized (
    select *
    from deal_basis($as_of, $period_start, $period_end, $days, cast(null as varchar))
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
one as (
    select * from based where basis = coalesce(cast($basis as varchar), 'count')
),
other as (
    select * from based where basis = coalesce(cast($other as varchar), 'cohort')
),
both_bases as (
    select
        coalesce(a.opportunity_id, b.opportunity_id) as opportunity_id,
        coalesce(a.record_id, b.record_id) as record_id,
        coalesce(a.name, b.name) as name,
        coalesce(a.account, b.account) as account,
        coalesce(a.owner, b.owner) as owner,
        coalesce(a.status, b.status) as status,
        coalesce(a.amount_base, b.amount_base) as amount_base,
        coalesce(a.created_date, b.created_date) as created_date,
        coalesce(a.close_date, b.close_date) as close_date,
        coalesce(a.batch_id, b.batch_id) as batch_id,
        coalesce(a.source_line, b.source_line) as source_line,
        a.opportunity_id is not null as is_counted,
        coalesce(a.is_won, false) as is_won,
        b.opportunity_id is not null as is_counted_other,
        coalesce(b.is_won, false) as is_won_other
    from one a
    full join other b on b.opportunity_id = a.opportunity_id
),
final as (
    select
        d.record_id, d.name, d.account, d.owner, d.status, d.amount_base, d.created_date, d.close_date,
        d.is_counted, d.is_won, d.is_counted_other, d.is_won_other, f.file_name as file, d.source_line as line
    from both_bases d
    join crm.batch f on f.batch_id = d.batch_id
    where d.is_counted <> d.is_counted_other or d.is_won <> d.is_won_other
)
select * from final order by amount_base desc nulls last, record_id;
