/*
title = "The chance of a deal at each stage"
definition = "Of the deals under the filters that were at a stage while they were open and are decided by the as-of day, the share that was won, whoever owned them; with fewer than the settings ask for to be ranked, the probability that the CRM gives the stage, where its exports name one. One row per CRM and stage."
*/
create or replace macro stage_chance(as_of, segments, regions, sources, products, business_types, customs) as table
with deals as (
    select opportunity_id, crm, status
    from opportunity_at(as_of)
    where is_deal_chosen(segments, regions, null, null, sources, products, business_types, customs)
),
counted as (
    select
        d.crm,
        s.stage,
        count(*) filter (d.status in ('won', 'lost')) as decided,
        count(*) filter (d.status = 'won') as won
    from stage_stay(as_of) s
    join deals d on d.opportunity_id = s.opportunity_id
    group by d.crm, s.stage
)
select
    c.crm,
    c.stage,
    c.decided,
    c.won,
    k.has_losses and c.decided >= k.unranked_under as is_own,
    case when k.has_losses and c.decided >= k.unranked_under then share(c.won, c.decided) else p.probability end as chance,
    case
        when k.has_losses and c.decided >= k.unranked_under then 'own history'
        when p.probability is not null then 'configured'
    end as chance_from,
    p.probability as configured
from counted c
cross join crm.known k
left join crm.stage_probability p on p.crm = c.crm and p.stage = lower(c.stage);
