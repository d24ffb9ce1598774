-- What came after each pass to sales, whatever day is asked about: when the lead was passed again, and when a later pass
-- of it was accepted (its decision; or, where none is recorded, the day on which the lead became a deal).
create or replace table crm.handoff_after as
with passed as (
    select
        h.handoff_id,
        h.lead_id,
        h.passed_at,
        h.passed_date,
        case
            when h.decision = 'accepted' then coalesce(h.decided_date, h.passed_date)
            when h.decision is null and l.opportunity_date >= h.passed_date then l.opportunity_date
        end as accepted_date
    from crm.handoff h
    left join crm.lead l using (lead_id)
)
select
    p.handoff_id,
    min(n.passed_date) as next_date,
    min(n.accepted_date) as next_accepted_date
from passed p
left join passed n on n.lead_id = p.lead_id and (n.passed_at, n.handoff_id) > (p.passed_at, p.handoff_id)
group by p.handoff_id;
