/*
title = "What pipeline yielded in past periods"
definition = "For each past period, on the day that had as many days to go as the as-of day has now: the open pipeline due in the rest of the period, and what was won in that rest, by what is known now. The yield is one over the other; deals created or pulled in later count as won, so it can exceed 100%. Told apart: what was won of the deals due then, of deals that were open but due at another time, and of deals that were not yet open. Where the state of any open deal is assumed rather than recorded, the period has no yield, and neither has one that ended before the first win on record."
grain = "One row per past period."
direction = "higher"
source = "METRICS: Coverage, required coverage"
records = "pipeline_records"
uses = ["as_of", "deal_filters"]

[columns.period]
unit = "text"
text = "The period"
[columns.period_start]
unit = "date"
text = "Its first day"
[columns.period_end]
unit = "date"
text = "The day after its last"
[columns.day]
unit = "date"
text = "The day that had as many days to go"
[columns.days_to_go]
unit = "count"
text = "Days from that day to the end of the period"
[columns.open_count]
unit = "count"
text = "Deals open on that day and due in the rest of the period; a dash where it would rest on assumed history"
[columns.open_amount]
unit = "money"
text = "Their amount; a dash where none carries one, or where it would rest on assumed history"
[columns.won_count]
unit = "count"
text = "Deals won after that day and in the period, of all; a dash where no outcome is recorded"
[columns.won_amount]
unit = "money"
text = "Their amount"
[columns.won_due_amount]
unit = "money"
text = "Of this, won with deals that were open and due in the rest of the period"
[columns.won_pulled_amount]
unit = "money"
text = "Of this, won with deals that were open but due at another time, overdue, or without a date"
[columns.won_new_count]
unit = "count"
text = "Deals won that were not open on that day: created later, or won again"
[columns.won_new_amount]
unit = "money"
text = "Of the amount won, theirs"
[columns.yield]
unit = "ratio"
text = "won / open, from any deal; a dash where history is assumed or nothing was open"
[columns.yield_of_due]
unit = "ratio"
text = "The same for the deals that were open and due alone"
[columns.assumed_count]
unit = "count"
text = "Open deals whose state on that day is assumed, not recorded"

[columns.is_recorded]
unit = "flag"
text = "Some win on record is older than the end of this period"

[params.kind]
type = "text"
text = "Kind of period: quarter (without it), month or year"
choices = ["quarter", "month", "year"]
*/
with deals as (
    select
        *,
        is_assumed or (is_owner_assumed and ($owner is not null or $team is not null)) as is_unsure
    from deal_on_past_day($as_of, $kind)
    where is_deal_chosen($segment, $region, $team, $owner, $source, $product, $business_type, $custom)
),
summed as (
    select
        period,
        count(*) filter (is_due) as open_count,
        sum_known(sum(open_amount) filter (is_due), count(*) filter (is_due)) as open_amount,
        count(*) filter (is_won) as won_count,
        sum_known(sum(won_amount) filter (is_won), count(*) filter (is_won)) as won_amount,
        sum_known(sum(won_amount) filter (is_won and is_due), count(*) filter (is_won and is_due)) as won_due_amount,
        sum_known(
            sum(won_amount) filter (is_won and is_open and not is_due), count(*) filter (is_won and is_open and not is_due)
        ) as won_pulled_amount,
        count(*) filter (is_won and not is_open) as won_new_count,
        sum_known(sum(won_amount) filter (is_won and not is_open), count(*) filter (is_won and not is_open))
            as won_new_amount,
        count(*) filter (is_unsure) as assumed_count
    from deals
    group by period
),
final as (
    select
        d.period,
        d.period_start,
        d.period_end,
        d.day,
        d.days_to_go,
        case when s.assumed_count = 0 then s.open_count end as open_count,
        case when s.assumed_count = 0 then s.open_amount end as open_amount,
        s.won_count,
        s.won_amount,
        case when s.assumed_count = 0 then s.won_due_amount end as won_due_amount,
        case when s.assumed_count = 0 then s.won_pulled_amount end as won_pulled_amount,
        case when s.assumed_count = 0 then s.won_new_count end as won_new_count,
        case when s.assumed_count = 0 and d.is_recorded then s.won_new_amount end as won_new_amount,
        case when s.assumed_count = 0 and d.is_recorded then share(s.won_amount, s.open_amount) end as yield,
        case when s.assumed_count = 0 and d.is_recorded then share(s.won_due_amount, s.open_amount) end as yield_of_due,
        s.assumed_count,
        d.is_recorded
    from past_day($as_of, $kind) d
    join summed s on s.period = d.period
    cross join crm.known k
    where k.has_outcomes
)
select * from final order by period_start;
