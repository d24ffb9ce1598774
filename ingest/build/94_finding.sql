-- What is odd in the exports, and what it does to the numbers. One row per kind of finding and CRM.
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
select 'no_rate', o.crm, o.opportunity_id, o.name, s.amount || ' ' || o.currency, o.batch_id, o.source_line
from crm.opportunity o
join crm.opportunity_state s on s.opportunity_id = o.opportunity_id and s.valid_to is null
where s.amount is not null and s.amount_base is null and s.status <> 'deleted'
union all
select 'no_lead_date', l.crm, l.lead_id, 'Lead ' || l.record_id, 'no creation date', l.batch_id, l.source_line
from crm.lead l
where l.created_date is null
union all
select 'unknown_lead_status', l.crm, l.lead_id, 'Lead ' || l.record_id, 'status ' || l.status, l.batch_id, l.source_line
from crm.lead l
left join lead_meaning m on m.crm = l.crm and m.status = lower(l.status)
where l.status is not null and m.status is null
union all
select 'shared_email', n.crm, n.source_id, n.object || ' ' || substr(n.source_id, strpos(n.source_id, ':') + 1),
    'e-mail shared by ' || e.n, n.batch_id, n.source_line
from person_node n
join shared_email e on e.crm = n.crm and e.object = n.object and e.email = lower(n.email);

create or replace table crm.finding as
with words (finding, title, effect) as (
    values
        ('closed_before_created', 'Deals closed before they were created',
            'they count as won or lost; their cycle time is left out'),
        ('won_before_lead', 'Deals won before their lead was created',
            'they count as won; the time from lead to won is taken as 0 days'),
        ('no_status', 'Deals whose stage says neither open, won nor lost',
            'they are left out of pipeline and win rate and counted apart; name the stage in settings.toml'),
        ('no_amount', 'Open or won deals without an amount', 'they count as deals and add nothing to any amount'),
        ('zero_amount', 'Open or won deals with an amount of 0', 'they count as deals and add nothing to any amount'),
        ('negative_amount', 'Deals with an amount below 0', 'they are subtracted, as the CRM does'),
        ('no_close_date', 'Open deals without a close date',
            'no period holds them, so they are in no coverage; they are counted apart'),
        ('no_rate', 'Deals in a currency without a plan rate',
            'their amounts are in no sum; add the rate in settings.toml, [currency_rates]'),
        ('no_lead_date', 'Leads without a creation date', 'no cohort holds them'),
        ('unknown_lead_status', 'Leads with a status of unknown meaning',
            'they count as leads; name the status in settings.toml, [lead_statuses]'),
        ('shared_email', 'Records whose e-mail many others share', 'the e-mail does not join them into one person')
)
select w.finding, b.crm_title as crm, w.title, count(*) as record_count, w.effect
from crm.finding_record r
join words w using (finding)
join batch b using (batch_id)
group by all
order by record_count desc;
