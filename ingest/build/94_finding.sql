-- Moves to an earlier stage, by the order in which most deals entered the two. One row per move.
create or replace temp table backward_move as
with visit as (
    select opportunity_id, lower(stage) as stage, min(valid_from) as entered_at
    from crm.opportunity_state
    where (status = 'open' or status is null) and stage is not null and stage_from <> 'assumed'
    group by opportunity_id, lower(stage)
),
pair as (
    select o.crm, a.stage as earlier, b.stage as later, count(*) as n
    from visit a
    join visit b on b.opportunity_id = a.opportunity_id and b.entered_at > a.entered_at
    join crm.opportunity o on o.opportunity_id = a.opportunity_id
    group by all
),
ordered as (
    select p.crm, p.earlier, p.later
    from pair p
    left join pair back on back.crm = p.crm and back.earlier = p.later and back.later = p.earlier
    where p.n > coalesce(back.n, 0)
),
move as (
    select
        s.opportunity_id,
        s.valid_from_date as moved_date,
        lag(s.stage) over (partition by s.opportunity_id order by s.valid_from) as left_stage,
        s.stage
    from crm.opportunity_state s
    where (s.status = 'open' or s.status is null) and s.stage is not null and s.stage_from <> 'assumed'
)
select m.opportunity_id, m.moved_date, m.left_stage, m.stage
from move m
join crm.opportunity o using (opportunity_id)
join ordered d on d.crm = o.crm and d.earlier = lower(m.stage) and d.later = lower(m.left_stage);

-- Deals that say the same of themselves as another: name, company and amount. One row per deal.
create or replace temp table twin_deal as
select o.opportunity_id, s.amount, count(*) over (partition by o.crm, lower(trim(o.name)), o.account_id, s.amount) as twins
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status is distinct from 'deleted' and o.account_id is not null and s.amount <> 0
qualify twins > 1;

-- What is odd in the exports, and what it does to the numbers. One row per kind of finding and record.
create or replace table crm.finding_record as
select 'closed_before_created' as finding, o.crm, o.opportunity_id as record_id, o.name as what,
    'created ' || o.created_date || ', closed ' || s.close_date as detail, o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status in ('won', 'lost') and s.close_date < o.created_date and not o.is_created_inferred
union all
select 'won_before_lead', o.crm, o.opportunity_id, o.name,
    'lead created ' || l.created_date || ', won ' || s.close_date, o.batch_id, o.source_line
from crm.opportunity o
join crm.lead l on l.lead_id = o.lead_id
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status = 'won' and s.close_date < l.created_date
union all
select 'no_status', o.crm, o.opportunity_id, o.name, 'stage ' || coalesce(s.stage, '(blank)'), o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status is null
union all
select 'no_amount', o.crm, o.opportunity_id, o.name, 'stage ' || coalesce(s.stage, '(blank)'), o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status in ('open', 'won') and s.amount is null
union all
select 'zero_amount', o.crm, o.opportunity_id, o.name, 'stage ' || coalesce(s.stage, '(blank)'), o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status in ('open', 'won') and s.amount = 0
union all
select 'negative_amount', o.crm, o.opportunity_id, o.name, cast(s.amount as varchar), o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.amount < 0
union all
select 'no_close_date', o.crm, o.opportunity_id, o.name, 'stage ' || coalesce(s.stage, '(blank)'), o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status = 'open' and s.close_date is null
union all
select 'no_rate', o.crm, o.opportunity_id, o.name,
    s.amount || ' ' || o.currency || coalesce(', closes ' || s.close_date, ''), o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.amount is not null and s.amount_base is null and s.status <> 'deleted'
union all
select 'cost_no_rate', c.crm, c.campaign_id, c.name, c.cost || ' ' || c.currency, c.batch_id, c.source_line
from crm.campaign c
where c.cost is not null and c.cost_base is null
union all
select 'goal_of_nobody', b.crm, q.measure, 'Goal: ' || q.measure || ' from ' || q.period_start,
    q.scope || ' ' || coalesce(q.scope_value, '(blank)'), q.batch_id, q.source_line
from crm.quota q
join batch b using (batch_id)
where case q.scope
    when 'company' then q.scope_value is not null
    when 'owner' then q.scope_value is null or q.scope_value not in (select name from crm.rep where name is not null)
    else q.scope_value is null
end
union all
select 'goal_no_rate', b.crm, q.measure, 'Goal: ' || q.measure || ' from ' || q.period_start, q.value || ' ' || q.currency,
    q.batch_id, q.source_line
from crm.quota q
join batch b using (batch_id)
where q.value is not null and q.value_base is null
union all
select 'goal_period_guessed', b.crm, q.measure, 'Goal: ' || q.measure || ' from ' || q.period_start,
    'taken for ' || q.period_start || ' to ' || (q.period_end - 1), q.batch_id, q.source_line
from crm.quota q
join guessed_period g on g.batch_id = q.batch_id and g.line = q.source_line
join batch b on b.batch_id = q.batch_id
union all
select 'no_lead_date', l.crm, l.lead_id, 'Lead ' || l.record_id, 'no creation date', l.batch_id, l.source_line
from crm.lead l
where l.created_date is null
union all
select 'unknown_lead_status', l.crm, l.lead_id, 'Lead ' || l.record_id, 'status ' || l.status, l.batch_id, l.source_line
from crm.lead l
join crm.lead_unmapped using (lead_id)
union all
select 'shared_email', n.crm, n.source_id, n.object || ' ' || substr(n.source_id, strpos(n.source_id, ':') + 1),
    'e-mail shared by ' || e.n, n.batch_id, n.source_line
from person_node n
join shared_email e on e.crm = n.crm and e.object = n.object and e.email = lower(n.email)
union all
select 'status_against_forecast', o.crm, o.opportunity_id, o.name,
    s.status || ', forecast category ' || s.forecast_category, o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where (s.status in ('open', 'lost') and lower(s.forecast_category) in ('closed', 'closed won', 'won'))
    or (s.status = 'won' and lower(s.forecast_category) in ('omitted', 'not forecasted'))
union all
select 'repeated_total', o.crm, o.opportunity_id, o.name,
    i.lines || ' line items of ' || s.amount || ' each, the amount of the deal', o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
join (
    select
        opportunity_id,
        count(*) as lines,
        min(coalesce(total, quantity * unit_price)) as least_total,
        max(coalesce(total, quantity * unit_price)) as most_total
    from crm.line_item
    group by opportunity_id
) i on i.opportunity_id = o.opportunity_id
where i.lines > 1 and s.amount > 0 and i.least_total = s.amount and i.most_total = s.amount
union all
select 'repeated_row', b.crm, 'line ' || k.line, 'Line ' || k.line || ' of ' || b.file_name, k.reason, k.batch_id, k.line
from skip k
join batch b using (batch_id)
where b.fills_opportunity and k.reason = 'the same record comes again further down'
union all
select 'created_in_future', o.crm, o.opportunity_id, o.name,
    'created ' || o.created_date || ', exported ' || b.snapshot_date, o.batch_id, o.source_line
from crm.opportunity o
join batch b using (batch_id)
where o.created_date > b.snapshot_date
union all
select 'lead_in_future', l.crm, l.lead_id, 'Lead ' || l.record_id,
    'created ' || l.created_date || ', exported ' || b.snapshot_date, l.batch_id, l.source_line
from crm.lead l
join batch b using (batch_id)
where l.created_date > b.snapshot_date
union all
select 'closed_in_future', o.crm, o.opportunity_id, o.name,
    s.status || ' on ' || s.close_date || ', exported ' || b.snapshot_date, o.batch_id, o.source_line
from crm.opportunity o
join batch b using (batch_id)
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status in ('won', 'lost') and s.close_date > b.snapshot_date
union all
-- Where no export lists the people, every owner would be none.
select 'owner_no_rep', o.crm, o.opportunity_id, o.name, 'owner ' || substr(s.owner_id, strpos(s.owner_id, ':') + 1),
    o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.owner_id is not null
    and s.status is distinct from 'deleted'
    and s.owner_id not in (select rep_id from known_rep)
    and o.crm in (select crm from known_rep)
union all
-- Where no deal of the CRM names a company, none was exported.
select 'no_account', o.crm, o.opportunity_id, o.name, 'no company', o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where o.account_id is null
    and s.status is distinct from 'deleted'
    and o.crm in (select crm from crm.opportunity where account_id is not null)
union all
select 'stage_backward', o.crm, o.opportunity_id, o.name,
    'from ' || m.left_stage || ' back to ' || m.stage || ' on ' || m.moved_date, o.batch_id, o.source_line
from backward_move m
join crm.opportunity o using (opportunity_id)
union all
select 'twin_deal', o.crm, o.opportunity_id, o.name,
    t.twins || ' deals of ' || coalesce(o.account, 'one company') || ' with this name and the amount ' || t.amount,
    o.batch_id, o.source_line
from twin_deal t
join crm.opportunity o using (opportunity_id)
union all
select 'touch_of_nobody', t.crm, t.touch_id, 'Member of ' || coalesce(c.name, t.campaign_id),
    'names no lead or contact of the exports', t.batch_id, t.source_line
from crm.touch t
left join crm.campaign c using (campaign_id)
where t.person_id is null
union all
select 'deleted_deal', o.crm, o.opportunity_id, o.name, 'gone since ' || s.valid_from_date, o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.status = 'deleted'
union all
select 'values_alike', c.crm, c.record_id, c.what,
    v.field || ' ' || v.theirs || ': ' || v.reason || coalesce(' as ' || v.ours, ''), c.batch_id, c.source_line
from crm.value_suggestion v
join value_cell c on c.field = v.field and c.shown = v.theirs and not c.is_listed
where v.reason not like '%one already)';

create or replace table crm.finding as
with words (finding, title, effect) as (
    values
        ('closed_before_created', 'Deals closed before they were created',
            'they count as won or lost; their cycle time is left out'),
        ('won_before_lead', 'Deals won before their lead was created',
            'they count as won; the time from lead to won is taken as 0 days'),
        ('no_status', 'Deals whose stage says neither open, won nor lost',
            'they are left out of pipeline and win rate and counted apart; say on Import health what the stage means'),
        ('no_amount', 'Open or won deals without an amount', 'they count as deals and add nothing to any amount'),
        ('zero_amount', 'Open or won deals with an amount of 0', 'they count as deals and add nothing to any amount'),
        ('negative_amount', 'Deals with an amount below 0', 'they are subtracted, as the CRM does'),
        ('no_close_date', 'Open deals without a close date',
            'no period holds them, so they are in no coverage; they are counted apart'),
        ('no_rate', 'Deals in a currency without a rate',
            'they count as deals; their amounts are in no sum; add the rate on Import health'),
        ('cost_no_rate', 'Campaigns with a cost in a currency without a rate',
            'their cost is in no sum; add the rate on Import health'),
        ('goal_of_nobody', 'Imported goals for a company, team or owner that is not there',
            'no page compares anything with them; name an owner as the exports do, and nothing beside "company"'),
        ('goal_no_rate', 'Imported goals in a currency without a rate',
            'no amount is judged by them; add the rate on Import health'),
        ('goal_period_guessed', 'Goals that name the first day of their period and not how long it is',
            'each was taken for a quarter; write 2026-01 for a month or 2026 for a year where that is meant'),
        ('no_lead_date', 'Leads without a creation date', 'no cohort holds them'),
        ('unknown_lead_status', 'Leads with a status of unknown meaning',
            'they count as leads; what the status says is in no stage of the funnel; say on Import health what it means'),
        ('status_against_forecast', 'Deals whose forecast category contradicts their status',
            'they count by their status; the forecast category decides nothing'),
        ('repeated_total', 'Deals whose whole amount stands on each of their line items',
            'the amount of the deal counts, once; its line items would add up to a multiple of it'),
        ('repeated_row', 'Rows that repeat a deal of the same file (one row per product or contact, for instance)',
            'the last row of a deal counts, once; the others are skipped, so its amount is not multiplied'),
        ('created_in_future', 'Deals created after their export was made',
            'they count from the day of the export on, and among the deals created in a period yet to come'),
        ('lead_in_future', 'Leads created after their export was made', 'they are in no number before that day'),
        ('closed_in_future', 'Deals won or lost on a day after their export was made',
            'they count as won or lost in the period of that day, which is yet to come'),
        ('owner_no_rep', 'Deals whose owner is no rep of the exports',
            'they count under the owner''s name; the owner has no team, so they are in no team''s number'),
        ('no_account', 'Deals without a company',
            'they count; what is known by company (segment, region) is blank unless the deal says it'),
        ('stage_backward', 'Moves of deals back to an earlier stage',
            'they count as recorded; which stage is earlier is judged by the order in which most deals entered the two'),
        ('twin_deal', 'Deals with the same name, company and amount as another',
            'each counts; if two are one deal, its amount counts twice: mend it in the CRM'),
        ('touch_of_nobody', 'Members of campaigns that are no lead and no contact of the exports',
            'they count as members of their campaign; what they answered brings credit to no lead and no deal'),
        ('deleted_deal', 'Deals that the CRM deleted, or that a full export no longer held',
            'they count up to the day they were gone, and in nothing after it'),
        ('values_alike', 'Records with a value that looks like another value, or like none',
            'each value counts apart, in filters and in every figure by it; say on Import health which are one'),
        ('shared_email', 'Records whose e-mail many others share', 'the e-mail does not join them into one person')
)
select w.finding, b.crm_title as crm, w.title, count(*) as record_count, w.effect
from crm.finding_record r
join words w using (finding)
join batch b using (batch_id)
group by all
order by record_count desc;
