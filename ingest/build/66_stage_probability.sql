-- The chance that the CRM itself gives a deal at each stage: the one that its records and their history name most often.
-- One row per CRM and stage that names any.
create or replace table crm.stage_probability as
with every as (
    select crm, stage, probability from latest_opportunity
    union all
    select crm, stage, probability from latest_opportunity_history
),
named as (
    -- Some write percentages, some shares: where none of a CRM's is above 1, they are shares.
    select
        crm,
        lower(stage) as stage,
        probability / case when max(probability) over (partition by crm) <= 1 then 1 else 100 end as probability
    from every
    where stage is not null and probability is not null
)
select crm, stage, cast(max_by(probability, (n, probability)) as double) as probability
from (select crm, stage, probability, count(*) as n from named where probability between 0 and 1 group by all)
group by crm, stage;
