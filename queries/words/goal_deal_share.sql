/*
title = "What share of open deals is won by the period's end"
definition = "For every stage and due day (overdue, before the period, due in it, later, undated) in which a deal is open: of the company's deals that were open so on the same day of past periods, the share that was won in those periods, of the deals and of their amounts (bigger deals are won less often, so these differ). Where fewer than the small-sample setting were, the share of all that were due so, else of all that were open. Past days on which any open deal's stage or close date is only assumed do not count. With fewer than four past days, the company's win rate of a year stands in, for deals due in the period alone: for others nothing can be said."
*/
create or replace macro goal_deal_share(as_of, asked_start, asked_end) as table
with points as materialized (
    select p.*
    from goal_past_point(as_of, asked_start, asked_end) p
    where p.point >= (select min(valid_from_date) from crm.opportunity_state where status = 'open')
),
present as materialized (
    select opportunity_id, stage, status, close_date, amount_base from opportunity_at(as_of)
),
then_open as materialized (
    select
        p.point,
        s.stage,
        goal_due(s.close_date, p.point, p.period_start, p.period_end) as due,
        s.amount_base as amount,
        n.amount_base as won_amount,
        coalesce(n.status = 'won' and n.close_date >= p.period_start and n.close_date < p.period_end, false) as is_won,
        'assumed' in (coalesce(s.stage_from, ''), coalesce(s.close_date_from, '')) as is_assumed
    from crm.opportunity_state s
    join points p on s.valid_from_date <= p.point and (s.valid_to_date is null or s.valid_to_date > p.point)
    left join present n using (opportunity_id)
    where s.status = 'open'
),
known_point as (
    select point from then_open group by point having not bool_or(is_assumed)
),
counted as materialized (
    select
        stage, due, count(*) as past_deals, count(*) filter (is_won) as past_won,
        sum(amount) as past_amount, coalesce(sum(won_amount) filter (is_won), 0) as past_won_amount,
        grouping(stage, due) as level
    from then_open
    semi join known_point using (point)
    group by grouping sets ((stage, due), (due), ())
),
decided as (
    select
        count(*) filter (status = 'won') as won,
        count(*) as decided,
        sum(amount_base) as decided_amount,
        sum(amount_base) filter (status = 'won') as won_amount
    from present
    where status in ('won', 'lost')
        and close_date > cast(as_of as date) - 365 and close_date <= cast(as_of as date)
),
cell as (
    select distinct stage, goal_due(close_date, as_of, asked_start, asked_end) as due
    from present
    where status = 'open' and cast(asked_end as date) > cast(as_of as date) + 1
),
fit as (
    select c.stage, c.due, n.level, n.past_deals, n.past_won, n.past_amount, n.past_won_amount
    from cell c
    join counted n
        on (n.level = 3 or n.due = c.due) and (n.level <> 0 or n.stage is not distinct from c.stage)
    cross join crm.known k
    -- The finest that has enough; all open deals at the worst.
    qualify row_number() over (
        partition by c.stage, c.due order by n.level + case when n.past_deals < k.flag_under then 10 else 0 end
    ) = 1
),
chosen as (
    select
        c.stage,
        c.due,
        p.past_periods,
        case
            when p.past_periods < 4 then case when c.due = 'due' and k.has_losses and y.decided > 0 then 'win rate' end
            when f.level = 0 then 'stage and due day'
            when f.level = 2 then 'due day'
            when f.level = 3 then 'all open deals'
        end as basis,
        f.past_deals, f.past_won, f.past_amount, f.past_won_amount,
        y.decided, y.won, case when k.has_lost_amounts then y.decided_amount end as decided_amount, y.won_amount
    from cell c
    cross join (select count(*) as past_periods from known_point) p
    cross join decided y
    cross join crm.known k
    left join fit f on f.stage is not distinct from c.stage and f.due = c.due
)
select
    stage,
    due,
    past_periods,
    basis,
    case basis when 'win rate' then decided else case when basis is not null then past_deals end end as past_deals,
    case basis when 'win rate' then won else case when basis is not null then past_won end end as past_won,
    case basis when 'win rate' then decided_amount else case when basis is not null then past_amount end end
        as past_amount,
    case basis when 'win rate' then won_amount else case when basis is not null then past_won_amount end end
        as past_won_amount
from chosen;
