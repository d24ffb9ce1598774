/*
title = "Leads behind a number"
definition = "The leads that a figure counts, one by one, with how far each had come by the as-of day and the file and line that it was read from."
grain = "One row per lead."
direction = "none"
source = "METRICS: Funnel and lead to close"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "dimension_value", "lead_filters"]

[columns.record_id]
unit = "id"
text = "The lead's id in its CRM"
[columns.created_date]
unit = "date"
text = "Created on"
[columns.source]
unit = "text"
text = "Source"
[columns.campaign]
unit = "text"
text = "Campaign"
[columns.owner]
unit = "text"
text = "Owner"
[columns.segment]
unit = "text"
text = "Segment"
[columns.region]
unit = "text"
text = "Region"
[columns.title]
unit = "text"
text = "Job title"
[columns.status]
unit = "text"
text = "Status in the CRM, as last exported"
[columns.is_mql]
unit = "flag"
text = "Marketing-qualified by the as-of day"
[columns.is_sal]
unit = "flag"
text = "Accepted by sales by the as-of day"
[columns.is_sql]
unit = "flag"
text = "Qualified by a conversation by the as-of day"
[columns.is_opportunity]
unit = "flag"
text = "A deal by the as-of day"
[columns.is_won]
unit = "flag"
text = "Won by the as-of day"
[columns.won_date]
unit = "date"
text = "Close date of the won deal"
[columns.won_amount]
unit = "money"
text = "Amount of the won deal (in the company's currency), on the first of its leads alone: so these add up"
[columns.as_exported]
unit = "text"
text = "What the export says where a value is shown under another name here"
[columns.file]
unit = "text"
text = "Export file"
[columns.line]
unit = "count"
text = "Line in that file"

[params.days]
type = "number"
text = "Only leads at least so many days old, that reached the stage within so many days of creation"
[params.basis]
type = "text"
text = "cohort: leads created in the period; period: leads that reached the stage in the period, whenever created; cohort without it"
choices = ["cohort", "period"]
[params.stage]
type = "text"
text = "Only leads that reached this stage: lead, mql, sal, sql, opportunity or won"
choices = ["lead", "mql", "sal", "sql", "opportunity", "won"]
*/
with leads as (
    select
        *,
        case coalesce(cast($stage as varchar), 'lead')
            when 'lead' then true
            when 'mql' then is_mql
            when 'sal' then is_sal
            when 'sql' then is_sql
            when 'opportunity' then is_opportunity
            when 'won' then is_won
        end as has_reached,
        case coalesce(cast($stage as varchar), 'lead')
            when 'lead' then created_date
            when 'mql' then mql_day
            when 'sal' then sal_day
            when 'sql' then sql_day
            when 'opportunity' then opportunity_day
            when 'won' then won_day
        end as reached_day
    from lead_reached_by($as_of, $dimension)
    where is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
asked as (
    select *
    from leads
    where has_reached
        and is_within(
            case when cast($basis as varchar) = 'period' then reached_day else created_date end,
            $period_start,
            $period_end
        )
        and (
            cast($days as integer) is null
            or (
                date_diff('day', created_date, cast($as_of as date)) >= cast($days as integer)
                and date_diff('day', created_date, reached_day) <= cast($days as integer)
            )
        )
),
final as (
    select
        l.record_id, l.created_date, l.source, l.campaign, l.owner, l.segment, l.region, l.title, l.status,
        l.is_mql, l.is_sal, l.is_sql, l.is_opportunity, l.is_won, l.won_date, l.won_amount,
        x.words as as_exported, b.file_name as file, l.source_line as line
    from asked l
    join crm.batch b on b.batch_id = l.batch_id
    left join crm.as_exported x on x.batch_id = l.batch_id and x.source_line = l.source_line
    where is_chosen($dimension_value, l.dimension_value)
)
select * from final order by created_date desc, record_id;
