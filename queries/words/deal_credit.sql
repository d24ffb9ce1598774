/*
title = "Credit for a won deal"
definition = "What each answered campaign touch is credited with, of every deal won by the as-of day: all of it to the first touch, all to the last, or an equal part to each (linear), counting touches up to the close date of anyone on the deal. A deal without such a touch that names a campaign of its own is credited to that campaign whole. Amounts are split to the cent by largest remainder, so that a deal's credits add up to its amount. A deal with neither is credited to nobody, in one row."
*/
create or replace macro deal_credit(as_of, model) as table
with won as (
    select * from opportunity_at(as_of) where status = 'won'
),
touched as (
    select
        w.opportunity_id,
        t.touch_id,
        t.campaign_id,
        row_number() over (partition by w.opportunity_id order by t.nth) as place,
        count(*) over (partition by w.opportunity_id) as touches
    from won w
    join crm.deal_touch t on t.opportunity_id = w.opportunity_id and t.responded_date <= w.close_date
),
weighed as (
    select
        opportunity_id,
        touch_id,
        campaign_id,
        place,
        case coalesce(cast(model as varchar), 'linear')
            when 'first' then case when place = 1 then 1 else 0 end
            when 'last' then case when place = touches then 1 else 0 end
            else 1
        end as parts,
        case when coalesce(cast(model as varchar), 'linear') in ('first', 'last') then 1 else touches end as of_parts
    from touched
),
split as (
    select
        w.opportunity_id,
        x.touch_id,
        case when x.touch_id is null then own.campaign_id else x.campaign_id end as campaign_id,
        coalesce(x.parts, 1) as parts,
        coalesce(x.of_parts, 1) as of_parts,
        cast(round(100 * w.amount_base) as bigint) as cents,
        row_number() over (partition by w.opportunity_id order by x.place) as nth
    from won w
    left join weighed x on x.opportunity_id = w.opportunity_id and x.parts > 0
    left join crm.campaign own on own.campaign_id = w.campaign_id
)
select
    opportunity_id,
    touch_id,
    campaign_id,
    cast(parts as double) / of_parts as deals,
    cast(sign(cents) * (abs(cents) // of_parts + case when nth <= abs(cents) % of_parts then 1 else 0 end) as decimal(18, 2))
        / 100 as amount
from split;
