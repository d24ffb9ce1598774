-- What this company's exports record at all. What they do not is shown as unknown, never as zero. One row.
create or replace table crm.known as
select
    c.as_of_date as newest_date,
    c.newest_at,
    c.time_zone,
    c.currency,
    c.sourced_test,
    c.win_rate_basis,
    c.coverage_basis,
    c.number_format,
    c.week_start,
    c.fiscal_year_start_month,
    c.flag_under,
    c.unranked_under,
    c.silent_days,
    c.pushed_times,
    exists (select 1 from crm.lead) as has_leads,
    exists (select 1 from crm.lead where mql_date is not null) as has_mql,
    exists (select 1 from crm.lead where sal_date is not null) as has_sal,
    exists (select 1 from crm.lead where sql_date is not null) as has_sql,
    exists (select 1 from crm.opportunity) as has_opportunities,
    exists (select 1 from crm.opportunity_state where status in ('won', 'lost')) as has_outcomes,
    exists (select 1 from crm.opportunity_state where status = 'lost') as has_losses,
    exists (select 1 from crm.opportunity_state where status = 'won' and amount is not null) as has_won_amounts,
    -- Lost deals that all carry 0 were emptied, not given away.
    exists (select 1 from crm.opportunity_state where status = 'lost' and amount <> 0) as has_lost_amounts,
    exists (select 1 from crm.touch) as has_touches,
    exists (select 1 from crm.activity where is_completed and not is_automated) as has_activities,
    -- From when on outreach is recorded: the first completed call, e-mail or meeting by a person that was not an inbound one.
    (
        select min(activity_date) from crm.activity
        where is_completed and not is_automated and kind in ('call', 'email', 'meeting')
            and coalesce(direction, 'outbound') = 'outbound'
    ) as first_outreach_date,
    exists (select 1 from crm.campaign where cost_base is not null) as has_costs,
    exists (select 1 from crm.handoff where decision is not null) as has_decisions
from company c;

-- From which day a deal's past is recorded rather than assumed. One row per deal that was ever open on an
-- assumption: until `real_from` its stage, amount, close date or owner is what it was first seen to be.
create or replace table crm.assumed_until as
select
    opportunity_id,
    min(valid_from_date) as assumed_from,
    coalesce(max(valid_to_date), (select as_of_date from company) + 1) as real_from
from crm.opportunity_state
where status = 'open'
    and (stage_from = 'assumed' or amount_from = 'assumed' or close_date_from = 'assumed')
    and valid_from_date is distinct from valid_to_date
group by opportunity_id;
