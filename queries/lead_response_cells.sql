/*
title = "Leads by how soon they were first answered"
definition = "Of the leads created in the period that are at least so many days old and waited for sales: how many days their first wait for an answer took (from the first pass to sales, or from creation where no pass is recorded), and how many were won within so many days of creation, by source and segment. What response time is set beside the won rate with. Leads that began to wait before the first recorded activity are left out: whether they were answered is not known."
grain = "One row per response group, source and segment."
direction = "none"
source = "METRICS: Leads or selling (response time is an association)"
records = "first_response_records"
uses = ["as_of", "period_start", "period_end", "lead_filters"]

[columns.response]
unit = "text"
text = "How long the first answer took"
[columns.position]
unit = "count"
text = "The group's place, the quickest first"
[columns.source]
unit = "text"
text = "Where the leads came from; blank for leads that name none"
[columns.segment]
unit = "text"
text = "Segment; blank for leads that name none"
[columns.leads]
unit = "count"
text = "Leads of the group"
additive = true
[columns.won]
unit = "count"
text = "Of these, won within so many days of creation"
additive = true

[params.days]
type = "number"
text = "Days that every lead had, at least (180 without it)"
*/
with waits as (
    select
        *,
        created_date + coalesce(cast($days as integer), 180) as last_day
    from first_response_by($as_of, null, null)
    -- All of the lead, not of the wait: so the lead's first wait is still among those that are left.
    where created_date is not null
        and is_within(created_date, $period_start, $period_end)
        and is_lead_chosen($segment, $region, $team, $owner, $source, $custom)
),
first_of_lead as (
    select
        any_value(source) as source,
        any_value(segment) as segment,
        any_value(is_won and coalesce(won_date <= last_day, false)) as has_won,
        -- Never is more than a week; a null would be passed over, and the next wait would count.
        min_by(case when is_answered then least(waited_days, 8) else 8 end, (from_date, wait_id)) as answered_after
    from waits
    where last_day <= cast($as_of as date)
    group by lead_id
),
firsts as (
    select
        source,
        segment,
        case
            when answered_after > 7 then 4
            when answered_after = 0 then 1
            when answered_after = 1 then 2
            else 3
        end as position,
        has_won
    from first_of_lead
),
final as (
    select
        case f.position
            when 1 then 'the same day' when 2 then 'the next day' when 3 then 'in two to seven days'
            else 'later or never' end as response,
        f.position,
        f.source,
        f.segment,
        count(*) as leads,
        count(*) filter (f.has_won) as won
    from firsts f
    cross join crm.known k
    where k.has_outcomes
    group by f.position, f.source, f.segment
)
select * from final order by position, source, segment;
