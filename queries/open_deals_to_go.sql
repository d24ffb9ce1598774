/*
title = "Open deals and what history tells deals apart by"
definition = "Every deal open at the end of the as-of day, with what its chance to be won in the rest of the period is learned by: stage, age, size, and whether it is due in the rest of the period, later, overdue or undated."
grain = "One row per open deal."
direction = "none"
source = "METRICS: Coverage, chance of the goal"
records = "pipeline_records"
uses = ["as_of", "deal_filters"]

[columns.opportunity_id]
unit = "id"
text = "The deal"
[columns.record_id]
unit = "id"
text = "Its id in the CRM"
[columns.name]
unit = "text"
text = "Its name"
[columns.owner]
unit = "text"
text = "Its owner"
[columns.stage]
unit = "text"
text = "Its stage"
[columns.age_band]
unit = "text"
text = "Its age: under 30, 30 to 89, 90 to 179, 180 days or more"
[columns.due]
unit = "text"
text = "Due in the rest of the period (due), later, overdue or undated"
[columns.size_band]
unit = "text"
text = "Its amount beside the usual one: small, usual, large, very large; unknown without an amount"
[columns.close_date]
unit = "date"
text = "Its close date"
[columns.amount]
unit = "money"
text = "Its amount in the company's currency; a dash where it carries none"
[columns.is_assumed]
unit = "flag"
text = "Its state is assumed, not recorded"

[params.kind]
type = "text"
text = "Kind of period: quarter (without it), month or year"
choices = ["quarter", "month", "year"]
*/
with present as (
    select period_end
    from crm.fiscal_period
    where kind = coalesce(cast($kind as varchar), 'quarter')
        and cast($as_of as date) >= period_start
        and cast($as_of as date) < period_end
),
deals as (
    select *
    from opportunity_at($as_of)
    where status = 'open'
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
usual as (
    select median(amount_base) as amount from opportunity_at($as_of)
),
final as (
    select
        d.opportunity_id,
        d.record_id,
        d.name,
        d.owner,
        d.stage,
        age_band(cast($as_of as date) - d.created_date) as age_band,
        case
            when d.close_date is null then 'undated'
            when d.is_overdue then 'overdue'
            when d.close_date < p.period_end then 'due'
            else 'later'
        end as due,
        size_band(d.amount_base, u.amount) as size_band,
        d.close_date,
        d.amount_base as amount,
        d.is_assumed
    from deals d
    cross join present p
    cross join usual u
)
select * from final order by amount desc nulls last, opportunity_id;
