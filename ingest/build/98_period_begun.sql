-- The pipeline with which every period began: the open deals that were due in it (or of which that is only assumed) at the end
-- of the day before, and what each was at its end. What a period that still runs has come to is looked up when it is asked.
create or replace table crm.period_begun as
with begun as (
    select p.kind, p.period_start, p.period_end, s.* exclude (from_date, until_date)
    from crm.fiscal_period p
    join crm.deal_as_of s on s.from_date < p.period_start and s.until_date >= p.period_start
    where s.status = 'open'
        and (s.close_date >= p.period_start and s.close_date < p.period_end or s.is_assumed or s.is_owner_assumed)
)
select
    b.*,
    e.opportunity_id is not null as is_there_after,
    e.status as status_after,
    e.stage as stage_after,
    e.close_date as close_after,
    e.amount_base as amount_after
from begun b
left join crm.deal_as_of e
    on e.opportunity_id = b.opportunity_id and e.from_date < b.period_end and e.until_date >= b.period_end
order by b.kind, b.period_start, b.close_date, b.opportunity_id;
