/*
title = "Coverage with and without suspects"
definition = "Coverage to go of the period with all open deals that are due, and without the suspect ones among them: pushed (its close date was moved back as often as the settings say, or oftener) or silent (no completed activity for as many days as they say). A deal that is both counts once among the suspects. Overdue deals are in neither coverage; they stand beside it."
grain = "One row."
direction = "higher"
source = "METRICS: Coverage, hygiene suspects"
records = "open_deals"
inputs = ["goals"]
uses = ["as_of", "period_start", "period_end", "deal_filters"]

[columns.due_count]
unit = "count"
text = "Open deals due in the period"
additive = true
[columns.due_amount]
unit = "money"
text = "Their amount; a dash where it would rest on assumed history"
additive = true
[columns.suspect_count]
unit = "count"
text = "Of these, pushed or silent"
additive = true
[columns.suspect_amount]
unit = "money"
text = "Amount of these that are pushed or silent"
additive = true
[columns.pushed_count]
unit = "count"
text = "Of these, pushed"
additive = true
[columns.pushed_amount]
unit = "money"
text = "Amount of these that are pushed"
additive = true
[columns.silent_count]
unit = "count"
text = "Of these, silent; a dash where the exports hold no activity"
additive = true
[columns.silent_amount]
unit = "money"
text = "Amount of these that are silent; a dash where the exports hold no activity"
additive = true
[columns.overdue_count]
unit = "count"
text = "Open deals whose close date has passed: in neither coverage"
additive = true
[columns.overdue_amount]
unit = "money"
text = "Their amount"
additive = true
[columns.coverage_to_go]
unit = "ratio"
text = "With all deals that are due: open / (goal - won)"
[columns.coverage_without]
unit = "ratio"
text = "Without the suspects"
[columns.verdict_without]
unit = "text"
text = "What the rule says without the suspects: thin, inside, above, or met"
[columns.silent_after]
unit = "days"
text = "Days without a completed activity after which a deal is silent, by the settings"
[columns.pushed_times]
unit = "count"
text = "Pushes from which on a deal is suspect, by the settings"
[columns.assumed_count]
unit = "count"
text = "Open deals whose state on the as-of day is assumed, not recorded"
additive = true
*/
with deals as materialized (
    select
        *,
        is_due_on($as_of, status, close_date, $period_start, $period_end) as is_due,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from deal_hygiene($as_of)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
summed as (
    select
        count(*) filter (is_due) as due_count,
        sum(amount_base) filter (is_due) as due_amount,
        count(*) filter (is_due and is_suspect) as suspect_count,
        sum(amount_base) filter (is_due and is_suspect) as suspect_amount,
        count(*) filter (is_due and is_pushed) as pushed_count,
        sum(amount_base) filter (is_due and is_pushed) as pushed_amount,
        count(*) filter (is_due and is_silent) as silent_count,
        sum(amount_base) filter (is_due and is_silent) as silent_amount,
        count(*) filter (is_overdue) as overdue_count,
        sum(amount_base) filter (is_overdue) as overdue_amount,
        count(*) filter (is_due and not is_suspect) as sound_count,
        sum(amount_base) filter (is_due and not is_suspect) as sound_amount,
        count(*) filter (is_unsure) as assumed_count
    from deals
),
won as (
    select sum_known(sum(amount_base), count(*)) as won_amount
    from opportunity_at($as_of)
    where status = 'won' and is_within(close_date, $period_start, $period_end)
        and is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
goals as (
    select g.value as goal
    from goal_now('goals', $as_of) g
    join goal_scope(
        cast(null as varchar), $segment, $region, $team, $owner, $source, $product, $business_type, $custom
    ) s on s.scope = g.scope and s.chosen_value is not distinct from g.scope_value
    where g.measure = 'won_amount'
        and g.period_start = cast($period_start as date) and g.period_end = cast($period_end as date)
),
measured as (
    select
        s.*,
        g.goal,
        case when k.has_outcomes then w.won_amount end as won_amount,
        case when s.assumed_count = 0 then sum_known(s.due_amount, s.due_count) end as due_known,
        case when s.assumed_count = 0 then sum_known(s.sound_amount, s.sound_count) end as sound_known,
        s.assumed_count = 0 as is_real,
        k.has_activities,
        cast(k.silent_days as bigint) as silent_after,
        k.pushed_times,
        b.band_low,
        b.band_high
    from summed s
    cross join won w
    cross join crm.known k
    cross join band_of($segment) b
    left join goals g on true
    where k.has_opportunities
),
final as (
    select
        case when is_real then due_count end as due_count,
        cast(due_known as decimal(38, 2)) as due_amount,
        case when is_real then suspect_count end as suspect_count,
        case when is_real then cast(sum_known(suspect_amount, suspect_count) as decimal(38, 2)) end as suspect_amount,
        case when is_real then pushed_count end as pushed_count,
        case when is_real then cast(sum_known(pushed_amount, pushed_count) as decimal(38, 2)) end as pushed_amount,
        case when is_real and has_activities then silent_count end as silent_count,
        case when is_real and has_activities then cast(sum_known(silent_amount, silent_count) as decimal(38, 2)) end
            as silent_amount,
        case when is_real then overdue_count end as overdue_count,
        case when is_real then cast(sum_known(overdue_amount, overdue_count) as decimal(38, 2)) end as overdue_amount,
        coverage_to_go(due_known, won_amount, goal) as coverage_to_go,
        coverage_to_go(sound_known, won_amount, goal) as coverage_without,
        coverage_verdict(sound_known, won_amount, goal, band_low, band_high) as verdict_without,
        silent_after,
        pushed_times,
        assumed_count
    from measured
)
select * from final;
