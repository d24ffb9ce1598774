/*
title = "How big a won deal is, and how often one is won"
definition = "The deals won in the year up to the as-of day: their average amount, and how much of it began as a lead. Beside it the share that is won of the deals created in the year that ended so many days ago (180 unless said), all of them old enough to have been decided. A scope with fewer won deals than the setting for unranked values is told by the company's."
grain = "One row for all won deals, one for those that began as a lead, one for the others."
direction = "higher"
source = "METRICS: Goals, goal tree; Wilson (1927)"
uses = ["as_of"]

[columns.origin]
unit = "text"
text = "all, lead (the deal began as a lead) or no lead"
[columns.won]
unit = "count"
text = "Deals won in the past year"
[columns.with_amount]
unit = "count"
text = "Of them, those with an amount: the average is of these"
[columns.amount]
unit = "money"
text = "Their amount; a dash where none carries one"
[columns.share_of_amount]
unit = "share"
text = "Share of the amount won (of the deals, where none carries an amount)"
[columns.average]
unit = "money"
text = "Average amount"
[columns.average_low]
unit = "money"
text = "Lower end of its 95% interval (normal); a dash with fewer than two deals"
[columns.average_high]
unit = "money"
text = "Upper end of its 95% interval"
[columns.created]
unit = "count"
text = "Deals created in the mature year"
[columns.created_won]
unit = "count"
text = "Of these, won by the as-of day"
[columns.win_rate]
unit = "share"
text = "won / created, of the mature year; a dash where no outcome is recorded"
[columns.win_rate_low]
unit = "share"
text = "Lower end of its 95% interval"
[columns.win_rate_high]
unit = "share"
text = "Upper end of its 95% interval"
[columns.median_days]
unit = "days"
text = "Median days from creation to close of these won deals, where both were recorded and in that order"
[columns.created_per_week]
unit = "number"
text = "Deals of the scope created a week, in the last four weeks"
[columns.won_per_week]
unit = "number"
text = "Deals of the scope won a week, in the last four weeks"
[columns.taken_from]
unit = "text"
text = "scope or company: whose deals these are"

[params.scope]
type = "text"
text = "The goal's kind of scope (company without it)"
choices = ["company", "team", "segment", "region", "owner"]
[params.scope_value]
type = "text"
text = "Which team, segment, region or owner"
[params.mature_days]
type = "number"
text = "How old the youngest deal of the mature year is (180 unless said)"
*/
with asked as (
    select cast($as_of as date) as day, coalesce(cast($mature_days as integer), 180) as mature
),
sizes as materialized (
    select * from goal_won_size($as_of, $scope, $scope_value)
),
deals as materialized (
    select
        case when d.lead_id is not null then 'lead' else 'no lead' end as origin,
        d.status,
        d.created_date,
        d.close_date,
        d.is_created_inferred,
        goal_is_of($scope, $scope_value, d.owner, d.team, d.segment, d.region) as is_of_scope
    from opportunity_at($as_of) d
    cross join asked a
    where d.created_date > a.day - a.mature - 365 or d.close_date > a.day - 28
),
mature as (
    select
        coalesce(origin, 'all') as origin,
        count(*) as created,
        count(*) filter (status = 'won') as created_won,
        median(case when status = 'won' and not is_created_inferred and close_date >= created_date
            then date_diff('day', created_date, close_date) end) as median_days
    from deals d
    cross join asked a
    where created_date > a.day - a.mature - 365
        and created_date <= a.day - a.mature
        and (is_of_scope or (select any_value(taken_from) from sizes) = 'company')
    group by grouping sets ((origin), ())
),
recent as (
    select
        coalesce(origin, 'all') as origin,
        count(*) filter (created_date > a.day - 28 and created_date <= a.day) / 4.0 as created_per_week,
        count(*) filter (status = 'won' and close_date > a.day - 28 and close_date <= a.day) / 4.0 as won_per_week
    from deals
    cross join asked a
    where is_of_scope
    group by grouping sets ((origin), ())
),
final as (
    select
        s.origin,
        s.won,
        s.with_amount,
        cast(s.amount as decimal(18, 2)) as amount,
        case when w.with_amount > 0 then share(s.amount, w.amount) else share(s.won, w.won) end as share_of_amount,
        cast(s.average as decimal(18, 2)) as average,
        case when s.spread is not null
            then cast(greatest(s.average - 1.959963984540054 * s.spread / sqrt(s.with_amount), 0) as decimal(18, 2))
            end as average_low,
        cast(s.average + 1.959963984540054 * s.spread / sqrt(s.with_amount) as decimal(18, 2)) as average_high,
        m.created,
        m.created_won,
        share(m.created_won, m.created) as win_rate,
        wilson_low(m.created_won, m.created) as win_rate_low,
        wilson_high(m.created_won, m.created) as win_rate_high,
        cast(m.median_days as double) as median_days,
        cast(coalesce(r.created_per_week, 0) as double) as created_per_week,
        cast(coalesce(r.won_per_week, 0) as double) as won_per_week,
        s.taken_from
    from sizes s
    cross join (select won, with_amount, amount from sizes where origin = 'all') w
    cross join crm.known k
    left join mature m using (origin)
    left join recent r using (origin)
    where k.has_outcomes and s.won > 0
)
select * from final order by origin;
