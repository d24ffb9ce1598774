/*
title = "Credit for a won deal"
definition = "What each answered campaign touch is credited with, of every deal won by the as-of day, by one model. Counted are the touches of anyone on the deal, answered up to its close date (and before the win was recorded). First and last touch: all of it. Linear: an equal part each. U: 40% to the first touch, 40% to the one that made the lead, 20% to the others in equal parts. W: 30% each to the first, the one that made the lead and the last before the deal was created, 10% to the others. Full path: 22.5% each to these three and to the last before the close, 10% to the others. Time decay: half as much for every half-life (a setting; else half the median cycle) that a touch is older than the newest. The touch that made the lead is the last that its person answered by the day the lead was created, else the first of the day after. Milestones on one touch add up; a milestone without a touch, or a middle without any, leaves its part to the others in proportion. A deal without a touch that names a campaign of its own is credited to that campaign whole. Amounts are split to the cent by largest remainder, so that a deal's credits add up to its amount. A deal with neither is credited to nobody, in one row."
*/
create or replace macro deal_credit(as_of, model) as table
with credited as (
    select
        *,
        case coalesce(cast(model as varchar), 'linear')
            when 'first' then first_deals
            when 'last' then last_deals
            when 'linear' then linear_deals
            when 'u' then u_deals
            when 'w' then w_deals
            when 'full' then full_deals
            when 'decay' then decay_deals
        end as credited_deals,
        case coalesce(cast(model as varchar), 'linear')
            when 'first' then first_amount
            when 'last' then last_amount
            when 'linear' then linear_amount
            when 'u' then u_amount
            when 'w' then w_amount
            when 'full' then full_amount
            when 'decay' then decay_amount
        end as credited_amount
    from credit_at(as_of)
)
select * from credited where credited_deals > 0;
