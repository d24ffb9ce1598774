/*
title = "Pipeline waterfall"
definition = "What moved the open pipeline of the period between two days, to the cent: opening + created + pulled in + slipped in + reopened + brought up to date + increased + owner in - decreased - pushed out - pulled ahead - fell overdue - won - lost - owner out - deleted, and what currencies and stages of unknown meaning did = closing. The ends are compared, and each deal stands in exactly one step. Opening and closing are the open pipeline of funnel coverage on these days. Where a deal's state on either day is assumed, every figure is a dash."
grain = "One row per step, in the order in which it is read."
direction = "none"
source = "METRICS: Coverage, waterfall"
records = "pipeline_waterfall_records"
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.place]
unit = "count"
text = "The step's place"
[columns.step]
unit = "text"
text = "opening, closing, or what moved the deals between them"
[columns.kind]
unit = "text"
text = "level (opening, closing), in, out, or either"
[columns.amount]
unit = "money"
text = "What the step adds to the pipeline, or takes from it (negative); of opening and closing their amount; a dash where no deal of the step carries an amount, or a past state is assumed"
[columns.deals]
unit = "count"
text = "Deals in the step"
[columns.assumed_before]
unit = "count"
text = "Open deals whose state on the first day is assumed"
[columns.assumed_after]
unit = "count"
text = "Open deals whose state on the as-of day is assumed"
[columns.since_date]
unit = "date"
text = "The first of the two days"

[params.since]
type = "date"
text = "The first of the two days (a week before the as-of day without it)"
*/
with movement as materialized (
    select *
    from deal_movement(
        coalesce(cast($since as date), cast($as_of as date) - 7), $as_of, $period_start, $period_end,
        $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    )
),
steps as (
    select *
    from (
        values
            (1, 'opening', 'level'),
            (2, 'created', 'in'),
            (3, 'pulled_in', 'in'),
            (4, 'slipped_in', 'in'),
            (5, 'reopened', 'in'),
            (6, 'redated', 'in'),
            (7, 'increased', 'in'),
            (8, 'owner_in', 'in'),
            (9, 'decreased', 'out'),
            (10, 'pushed_out', 'out'),
            (11, 'pulled_ahead', 'out'),
            (12, 'overdue', 'out'),
            (13, 'lost', 'out'),
            (14, 'won', 'out'),
            (15, 'owner_out', 'out'),
            (16, 'deleted', 'out'),
            (17, 'currency', 'either'),
            (18, 'unmapped', 'either'),
            (19, 'unchanged', 'either'),
            (20, 'closing', 'level')
    ) v(place, step, kind)
),
summed as (
    select step, sum(change) as amount, count(*) as deals
    from movement
    where step is not null
    group by step
    union all
    select 'opening', sum(in_before), count(*) from movement where is_in_before
    union all
    select 'closing', sum(in_after), count(*) from movement where is_in_after
),
unsure as (
    select
        count(*) filter (is_unsure_before) as assumed_before,
        count(*) filter (is_unsure_after) as assumed_after
    from movement
),
final as (
    select
        s.place,
        s.step,
        s.kind,
        case when u.assumed_before + u.assumed_after = 0
            then cast(sum_known(m.amount, coalesce(m.deals, 0)) as decimal(38, 2)) end as amount,
        case when u.assumed_before + u.assumed_after = 0 then coalesce(m.deals, 0) end as deals,
        u.assumed_before,
        u.assumed_after,
        coalesce(cast($since as date), cast($as_of as date) - 7) as since_date
    from steps s
    cross join unsure u
    cross join crm.known k
    left join summed m on m.step = s.step
    where k.has_opportunities
)
select * from final order by place;
