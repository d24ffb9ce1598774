/*
title = "Versions of goals"
definition = "Every version of every goal, imported or typed in, in the order in which they count: who set what when, and how much more or less that is than the version before. A version that was typed in without a value takes the goal back. A version that does not say when it was set counts from the day its export was made."
grain = "One row per measure, period, scope and version."
direction = "none"
source = "METRICS: Goals"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end"]

[columns.measure]
unit = "text"
text = "What is counted"
[columns.period_start]
unit = "date"
text = "First day"
[columns.period_end]
unit = "date"
text = "The day after the last"
[columns.scope]
unit = "text"
text = "company, team, segment, region or owner"
[columns.scope_value]
unit = "text"
text = "Which one; blank for the company"
[columns.version]
unit = "count"
text = "The how many-eth version of this goal"
[columns.value]
unit = "number"
text = "The goal; a dash where it was taken back, or is in a currency without a rate"
[columns.value_before]
unit = "number"
text = "The version before; a dash for the first"
[columns.difference]
unit = "number"
text = "value - value before"
[columns.set_date]
unit = "date"
text = "When it was set; a dash where that is not recorded"
[columns.set_by]
unit = "text"
text = "Who set it"
[columns.origin]
unit = "text"
text = "imported or typed in"
[columns.is_in_force]
unit = "flag"
text = "This version counts on the as-of day"
[columns.file]
unit = "text"
text = "Export file of an imported one"
[columns.line]
unit = "count"
text = "Line in that file"

[params.measure]
type = "text"
text = "Only goals of this measure"
choices = ["won_amount", "won_count", "accepted_amount", "accepted_count", "opportunity_count", "sourced_pipeline", "mql_count", "lead_count"]
[params.scope]
type = "text"
text = "Only goals of this kind of scope"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Only goals of this team, segment, region or owner"
*/
with every as (
    select
        q.measure, q.period_start, q.period_end, q.scope, q.scope_value, q.value_base as value,
        coalesce(q.set_date, cast(timezone(k.time_zone, timezone('UTC', q.imported_at)) as date)) as known_date,
        q.set_date, q.imported_at as set_at, q.set_by, 'imported' as origin, q.batch_id, q.source_line
    from crm.quota q
    cross join crm.known k
    union all by name
    select
        t.measure, t.period_start, t.period_end, t.scope, t.scope_value, cast(t.value as decimal(18, 2)) as value,
        cast(timezone(k.time_zone, timezone('UTC', t.set_at)) as date) as known_date,
        cast(timezone(k.time_zone, timezone('UTC', t.set_at)) as date) as set_date,
        t.set_at, t.set_by, 'typed in' as origin
    from goals t
    cross join crm.known k
),
ordered as (
    select
        *,
        row_number() over one as version,
        lag(value) over one as value_before
    from every
    where (cast($measure as varchar) is null or measure = cast($measure as varchar))
        and (cast($scope as varchar) is null or scope = cast($scope as varchar))
        and (cast($scope_value as varchar) is null or scope_value = cast($scope_value as varchar))
        and (cast($period_start as date) is null or period_start >= cast($period_start as date))
        and (cast($period_end as date) is null or period_end <= cast($period_end as date))
    window one as (
        partition by measure, period_start, period_end, scope, scope_value order by known_date, set_at, source_line
    )
),
final as (
    select
        o.measure, o.period_start, o.period_end, o.scope, o.scope_value,
        o.version,
        cast(o.value as decimal(18, 2)) as value,
        cast(o.value_before as decimal(18, 2)) as value_before,
        cast(o.value - o.value_before as decimal(18, 2)) as difference,
        o.set_date, o.set_by, o.origin,
        coalesce(g.origin = o.origin and g.set_at = o.set_at and g.source_line is not distinct from o.source_line, false)
            as is_in_force,
        b.file_name as file,
        o.source_line as line
    from ordered o
    left join goal_now('goals', $as_of) g
        on g.measure = o.measure and g.period_start = o.period_start and g.period_end = o.period_end
        and g.scope = o.scope and g.scope_value is not distinct from o.scope_value
    left join crm.batch b using (batch_id)
)
select * from final order by period_start desc, measure, scope, scope_value, version desc;
