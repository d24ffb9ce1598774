/*
title = "How fresh the data is"
definition = "The newest day that the data knows, and from which day the past of deals is recorded: before it, some deals that were open are only assumed to have looked as they were first seen."
grain = "One row; none where nothing was imported."
direction = "none"
source = "DESIGN: no hidden clock; the past is only claimed where it is known"

[columns.newest_date]
unit = "date"
text = "The newest day that the data knows: the default as-of day"
[columns.history_from]
unit = "date"
text = "From this day on, the state of every deal is recorded; blank where no deal was ever open"
[columns.first_date]
unit = "date"
text = "The oldest lead or deal"
[columns.time_zone]
unit = "text"
text = "Days begin and end in this zone"
[columns.currency]
unit = "text"
text = "The company's currency"
[columns.number_format]
unit = "text"
text = "How numbers are written"
[columns.win_rate_basis]
unit = "text"
text = "The win rate's basis in the settings"
[columns.coverage_basis]
unit = "text"
text = "Which coverage leads: to_go or full"
[columns.sourced_test]
unit = "text"
text = "The test of sourced in the settings"
[columns.flag_under]
unit = "count"
text = "Rates with fewer below the line are flagged"
[columns.unranked_under]
unit = "count"
text = "Rates with fewer below the line are not ranked"
[columns.week_start]
unit = "count"
text = "The weekday on which weeks begin, 1 Monday to 7 Sunday"
[columns.fiscal_year_start_month]
unit = "count"
text = "The month in which the fiscal year begins"
[columns.leads]
unit = "count"
text = "Leads"
[columns.deals]
unit = "count"
text = "Deals"
*/
with state as (
    select min(valid_from_date) as first_open, count(*) as intervals from crm.opportunity_state where status = 'open'
),
assumed as (
    select max(real_from) as real_from from crm.assumed_until
),
firsts as (
    select min(day) as first_date
    from (
        select created_date as day from crm.lead
        union all
        select created_date from crm.opportunity
    )
),
final as (
    select
        k.newest_date,
        case when s.intervals > 0 then coalesce(a.real_from, s.first_open) end as history_from,
        f.first_date,
        k.time_zone,
        k.currency,
        k.number_format,
        k.win_rate_basis,
        k.coverage_basis,
        k.sourced_test,
        k.flag_under,
        k.unranked_under,
        k.week_start,
        k.fiscal_year_start_month,
        (select nullif(count(*), 0) from crm.lead) as leads,
        (select nullif(count(*), 0) from crm.opportunity) as deals
    from crm.known k
    cross join state s
    cross join assumed a
    cross join firsts f
    where k.newest_date is not null
)
select * from final;
