-- How long deals were at their stages, so that no question has to add it up: of each stretch at a stage, how many days the
-- deal had been there before, and whether any of it is assumed. `from_date` <= day < `until_date` holds for the days on which
-- the stretch is the last one at its stage, be the deal still there or gone on (`left_date`).
create or replace table crm.stage_stay as
with stretch as (
    select
        opportunity_id,
        stage,
        valid_from_date as from_date,
        valid_to_date as left_date,
        coalesce(stage_from = 'assumed', false) as is_part_assumed,
        row_number() over (partition by opportunity_id, stage order by valid_from) as place
    from crm.opportunity_state
    where status = 'open' and stage is not null
),
summed as (
    select
        *,
        coalesce(sum(date_diff('day', from_date, left_date)) over earlier, 0) as days_before,
        bool_or(is_part_assumed) over so_far as is_assumed,
        coalesce(lead(from_date) over deal, date '9999-12-31') as until_date
    from stretch
    window
        deal as (partition by opportunity_id, stage order by place),
        earlier as (partition by opportunity_id, stage order by place rows between unbounded preceding and 1 preceding),
        so_far as (partition by opportunity_id, stage order by place rows between unbounded preceding and current row)
)
select
    opportunity_id,
    stage,
    from_date,
    until_date,
    left_date,
    cast(days_before as bigint) as days_before,
    is_assumed
from summed
where from_date < until_date
order by until_date, stage, opportunity_id;
