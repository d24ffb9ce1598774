/*
title = "Open deals and what they may bring to a goal"
definition = "Every open deal of a goal's scope, with the share of such deals that was won by the end of past periods, and its amount times the share of their amounts (of their number, where amounts say nothing). None where the period is over."
*/
create or replace macro goal_open_deal(as_of, asked_start, asked_end, scope, scope_value) as table
select
    d.*,
    s.due,
    s.past_periods,
    s.basis,
    s.past_deals,
    s.past_won,
    share(s.past_won, s.past_deals) as share_won,
    coalesce(share(s.past_won_amount, s.past_amount), share(s.past_won, s.past_deals)) as share_of_amount,
    d.amount_base * coalesce(share(s.past_won_amount, s.past_amount), share(s.past_won, s.past_deals)) as expected_amount
from opportunity_at(as_of) d
join goal_deal_share(as_of, asked_start, asked_end) s
    on s.stage is not distinct from d.stage and s.due = goal_due(d.close_date, as_of, asked_start, asked_end)
where d.status = 'open'
    and goal_is_of(scope, scope_value, d.owner, d.team, d.segment, d.region);
