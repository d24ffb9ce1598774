/*
title = "Speed to lead"
definition = "How long leads passed to sales in the period waited for the first completed outbound activity of a human (a call, an e-mail or a meeting; what machines send does not count). Each pass is a wait; leads that nobody has answered count for as long as they have waited, so that the median and the 90th percentile are those of all waits (Kaplan-Meier) and not of the answered ones alone; a dash where so many were not reached by the as-of day. The SLA is kept by the answers in time, of those and the waits past it. Hours are taken from moments with a time of day, within business hours if the settings name them; an answer of which only the day is known is in the days alone (where more than a tenth of the answers are such, hours are a dash)."
grain = "One row per value of the dimension (one row in all without a dimension)."
direction = "lower"
source = "METRICS: Funnel and lead to close, speed to lead; Kaplan and Meier (1958); Wilson (1927)"
records = "first_response_records"
uses = ["as_of", "period_start", "period_end", "lead_dimension", "lead_filters"]

[columns.dimension_value]
unit = "text"
text = "The value; blank for leads that name none"
[columns.waits]
unit = "count"
text = "Passes to sales in the period (or leads created in it), by the as-of day"
additive = true
[columns.answered]
unit = "count"
text = "Of these, answered by then"
additive = true
[columns.unanswered]
unit = "count"
text = "Of these, not answered by then"
additive = true
[columns.in_time]
unit = "count"
text = "Answered within the SLA's hours"
additive = true
[columns.late]
unit = "count"
text = "Answered late, or not answered and past the SLA"
additive = true
[columns.not_due]
unit = "count"
text = "Not answered, and not yet past the SLA: in no share"
additive = true
[columns.sla_kept]
unit = "share"
text = "in time / (in time + late)"
[columns.sla_low]
unit = "share"
text = "Lower end of the 95% interval of that share"
[columns.sla_high]
unit = "share"
text = "Upper end of the 95% interval of that share"
[columns.median_hours]
unit = "number"
text = "Hours by which half were answered; a dash where not so many are, or where too many answers are known by day alone"
[columns.p90_hours]
unit = "number"
text = "Hours by which 90% were answered; a dash where not so many are, or where too many answers are known by day alone"
[columns.median_days]
unit = "days"
text = "Days by which half were answered; a dash where not so many are"
[columns.p90_days]
unit = "days"
text = "Days by which 90% were answered; a dash where not so many are"
[columns.day_only]
unit = "count"
text = "Answers of which only the day is known: in no hours"
additive = true
[columns.sla_hours]
unit = "count"
text = "Hours that the SLA allows, from the settings"
[columns.is_small]
unit = "flag"
text = "Fewer waits than the settings ask for: read with care"

[params.clock]
type = "text"
text = "From when: pass (to sales) or created; without it the pass, where any is recorded"
choices = ["pass", "created"]
*/
with waits as materialized (
    select *
    from first_response_by($as_of, $clock, $dimension)
    where is_within(from_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
counted as (
    select
        dimension_value,
        count(*) as waits,
        count(*) filter (is_answered) as answered,
        count(*) filter (not is_answered) as unanswered,
        count(*) filter (verdict = 'in time') as in_time,
        count(*) filter (verdict = 'late') as late,
        count(*) filter (verdict = 'not due') as not_due,
        count(*) filter (is_answered and is_day_only) as day_only
    from waits
    group by dimension_value
),
timed as (
    select 'hours' as unit, dimension_value, waited_hours as waited, is_answered from waits where not is_day_only
    union all
    select 'days', dimension_value, waited_days, is_answered from waits
),
at_time as (
    select unit, dimension_value, waited, count(*) filter (is_answered) as answered, count(*) as leaving
    from timed
    group by unit, dimension_value, waited
),
risked as (
    select
        *,
        sum(leaving) over (
            partition by unit, dimension_value order by waited rows between current row and unbounded following
        ) as at_risk
    from at_time
),
survived as (
    select
        *,
        -- A product as a sum of logarithms; who answers the last at risk leaves nobody waiting.
        case
            when bool_or(answered = at_risk) over past then 0
            else exp(sum(ln(case when answered < at_risk then 1 - cast(answered as double) / at_risk else 1 end)) over past)
        end as waiting
    from risked
    window past as (partition by unit, dimension_value order by waited rows between unbounded preceding and current row)
),
reached as (
    select
        dimension_value,
        min(waited) filter (unit = 'hours' and waiting <= 0.5 + 1e-12) as median_hours,
        min(waited) filter (unit = 'hours' and waiting <= 0.1 + 1e-12) as p90_hours,
        min(waited) filter (unit = 'days' and waiting <= 0.5 + 1e-12) as median_days,
        min(waited) filter (unit = 'days' and waiting <= 0.1 + 1e-12) as p90_days
    from survived
    group by dimension_value
),
final as (
    select
        c.dimension_value,
        c.waits,
        c.answered,
        c.unanswered,
        c.in_time,
        c.late,
        c.not_due,
        share(c.in_time, c.in_time + c.late) as sla_kept,
        wilson_low(c.in_time, c.in_time + c.late) as sla_low,
        wilson_high(c.in_time, c.in_time + c.late) as sla_high,
        case when 10 * c.day_only <= c.answered then r.median_hours end as median_hours,
        case when 10 * c.day_only <= c.answered then r.p90_hours end as p90_hours,
        cast(r.median_days as double) as median_days,
        cast(r.p90_days as double) as p90_days,
        c.day_only,
        s.first_response_hours as sla_hours,
        c.waits < k.flag_under as is_small
    from counted c
    join reached r on r.dimension_value is not distinct from c.dimension_value
    cross join crm.lead_setting s
    cross join crm.known k
)
select * from final order by waits desc, dimension_value;
