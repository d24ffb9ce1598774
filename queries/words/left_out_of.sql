/*
title = "What a figure leaves out"
definition = "Deals and leads that a figure would have used and cannot: deals whose stage says neither open, won nor lost (unmapped), deals whose amount is in a currency without a rate (no_rate), leads whose status is of unknown meaning (unknown_lead_status). For the pipeline (all open deals, and those won in the period), for the deals decided in the period (one of unknown stage without a close date may belong to any), or for the leads created in the period and their deals."
*/
create or replace macro left_out_of(
    as_of, population, from_day, to_day, segments, regions, teams, owners, sources, products, business_types, customs
) as table
with led as (
    select lead_id, opportunity_id
    from lead_at(as_of)
    where is_within(created_date, from_day, to_day)
        and is_lead_chosen(segments, regions, teams, owners, sources, customs)
),
deal as (
    select
        *,
        is_within(close_date, from_day, to_day) as is_in_period,
        amount is not null and amount_base is null as is_without_rate
    from opportunity_at(as_of)
    where case
        when cast(population as varchar) = 'leads'
            then opportunity_id in (select opportunity_id from led where opportunity_id is not null)
        else is_deal_chosen(segments, regions, teams, owners, sources, products, business_types, customs)
        end
),
judged as (
    select
        *,
        case
            when status is null and case cast(population as varchar)
                when 'deals' then is_in_period or close_date is null else true end
                then 'unmapped'
            when is_without_rate and case cast(population as varchar)
                when 'pipeline' then status = 'open' or (status = 'won' and is_in_period)
                when 'leads' then status = 'won'
                else status in ('won', 'lost') and is_in_period end
                then 'no_rate'
        end as reason
    from deal
)
select
    reason,
    case reason when 'unmapped' then coalesce(stage, '(no stage)') else currency end as what,
    record_id, name, account, owner, stage, status, close_date, amount, currency, batch_id, source_line
from judged
where reason is not null
union all
select
    'unknown_lead_status', l.status, l.record_id, 'Lead ' || l.record_id, null, l.owner, null, l.status, null, null, null,
    l.batch_id, l.source_line
from led
join crm.lead_unmapped using (lead_id)
join crm.lead l using (lead_id)
where cast(population as varchar) = 'leads';
