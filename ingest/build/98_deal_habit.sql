-- What people do to deals that may be tidy or may dress a number: each case in which a deal could have shown a habit, and
-- whether it did. Only what is recorded is a case: where the past of a deal is assumed, or known from exports alone where the
-- hour or the order matters, nobody can tell, and there is no case. One row per deal, habit and case.
--
-- same_day: a won deal, created and won on one day, or created after it was won.
-- cut_at_close: a won deal whose amount was cut in its last days, by so much of it.
-- stage_skipped: a won deal that did not pass a stage that deals of its type usually pass.
-- pushed_at_end: a deal moved out of the quarter in which it was due, in the quarter's last days or just after.
-- mass_edit: a change of a field, made together with so many others in one hour.
create or replace temp table habit_state as
select
    s.*,
    lag(status) over deal as status_before,
    lag(amount) over deal as amount_before,
    lag(amount_from) over deal as amount_before_from,
    lag(close_date) over deal as close_date_before,
    lag(close_date_from) over deal as close_date_before_from,
    lag(stage) over deal as stage_before,
    lag(stage_from) over deal as stage_before_from,
    row_number() over deal = 1 as is_first
from crm.opportunity_state s
window deal as (partition by opportunity_id order by valid_from);

-- The win that holds, or held last.
create or replace temp table habit_win as
select opportunity_id, valid_from, valid_from_date, close_date, amount, amount_from, amount_base, stage_from
from habit_state
where status = 'won' and status_before is distinct from 'won'
qualify row_number() over (partition by opportunity_id order by valid_from desc) = 1;

create or replace temp table habit_same_day as
select
    w.opportunity_id,
    'same_day' as habit,
    w.valid_from_date as from_date,
    w.close_date as case_date,
    w.close_date <= o.created_date as is_found,
    case when w.close_date < o.created_date then 'Created after it was won' else 'Created and won on one day' end as detail,
    cast(null as decimal(18, 2)) as lost_base
from habit_win w
join crm.opportunity o using (opportunity_id)
where not o.is_created_inferred and o.created_date is not null and w.close_date is not null;

create or replace temp table habit_cut as
with reference as (
    -- What the deal was worth when its last days began, or when it was created, if that is later.
    select
        w.opportunity_id,
        w.valid_from_date,
        w.close_date,
        w.amount,
        w.amount_base,
        s.amount as amount_then,
        s.amount_base as base_then
    from habit_win w
    cross join crm.habit_setting h
    join habit_state s
        on s.opportunity_id = w.opportunity_id
        and s.valid_from < w.valid_from
        and (s.valid_to is null or s.valid_to > s.valid_from)
    where w.amount is not null and w.amount_from <> 'assumed'
        and s.amount > 0 and s.amount_from <> 'assumed'
        and (s.valid_from <= w.valid_from - to_days(h.end_days) or s.is_first)
    qualify row_number() over (partition by w.opportunity_id order by s.valid_from desc) = 1
)
select
    r.opportunity_id,
    'cut_at_close' as habit,
    r.valid_from_date as from_date,
    r.close_date as case_date,
    r.amount <= r.amount_then * (1 - h.cut_percent / 100.0) as is_found,
    'From ' || format('{:,.2f}', cast(r.amount_then as double)) || ' to ' || format('{:,.2f}', cast(r.amount as double))
        as detail,
    r.base_then - r.amount_base as lost_base
from reference r
cross join crm.habit_setting h;

create or replace temp table habit_skip as
with recorded as (
    -- Deals whose every stage is recorded from their creation to their win.
    select w.opportunity_id, w.valid_from, w.valid_from_date, w.close_date, o.crm, coalesce(o.business_type, '') as kind
    from habit_win w
    join crm.opportunity o using (opportunity_id)
    join habit_state s on s.opportunity_id = w.opportunity_id and s.valid_from <= w.valid_from
    where not o.is_created_inferred
    group by all
    having bool_and(s.stage_from in ('history', 'stage date')) and min(s.valid_from_date) <= o.created_date + 1
),
passed as (
    select distinct r.opportunity_id, r.crm, r.kind, s.stage
    from recorded r
    join habit_state s on s.opportunity_id = r.opportunity_id and s.valid_from < r.valid_from
    where s.status = 'open' and s.stage is not null
),
deals as (
    select crm, kind, count(*) as deals from recorded group by crm, kind
),
usual as (
    select p.crm, p.kind, p.stage
    from passed p
    join deals d on d.crm = p.crm and d.kind = p.kind
    cross join crm.habit_setting h
    cross join company c
    where d.deals >= c.flag_under
    group by p.crm, p.kind, p.stage, d.deals, h.usual_percent
    having count(*) >= d.deals * h.usual_percent / 100.0
),
missing as (
    select r.opportunity_id, string_agg(u.stage, ', ' order by u.stage) as stages
    from recorded r
    join usual u on u.crm = r.crm and u.kind = r.kind
    left join passed p on p.opportunity_id = r.opportunity_id and p.stage = u.stage
    where p.opportunity_id is null
    group by r.opportunity_id
)
select
    r.opportunity_id,
    'stage_skipped' as habit,
    r.valid_from_date as from_date,
    r.close_date as case_date,
    m.stages is not null as is_found,
    'Without ' || m.stages as detail,
    cast(null as decimal(18, 2)) as lost_base
from recorded r
left join missing m using (opportunity_id)
where exists (select 1 from usual u where u.crm = r.crm and u.kind = r.kind);

create or replace temp table habit_push as
select
    s.opportunity_id,
    'pushed_at_end' as habit,
    s.valid_from_date as from_date,
    s.valid_from_date as case_date,
    s.valid_from_date >= q.period_end - h.end_days as is_found,
    'From ' || strftime(s.close_date_before, '%Y-%m-%d') || ' to ' || strftime(s.close_date, '%Y-%m-%d') as detail,
    cast(null as decimal(18, 2)) as lost_base
from habit_state s
cross join crm.habit_setting h
join crm.fiscal_period q
    on q.kind = 'quarter'
    and s.valid_from_date >= q.period_start and s.valid_from_date < q.period_end + h.after_days
    and s.close_date_before >= q.period_start and s.close_date_before < q.period_end
where s.status = 'open' and s.status_before = 'open'
    and s.close_date >= q.period_end
    and s.close_date_from = 'history' and s.close_date_before_from is distinct from 'assumed';

create or replace temp table habit_edit as
with changed as (
    select opportunity_id, valid_from, valid_from_date, 'Close date' as field
    from habit_state
    where close_date is distinct from close_date_before
        and not is_first and close_date_from = 'history' and close_date_before_from is distinct from 'assumed'
    union all
    select opportunity_id, valid_from, valid_from_date, 'Amount'
    from habit_state
    where amount is distinct from amount_before
        and not is_first and amount_from = 'history' and amount_before_from is distinct from 'assumed'
    union all
    select opportunity_id, valid_from, valid_from_date, 'Stage'
    from habit_state
    where stage is distinct from stage_before
        and not is_first and stage_from = 'history' and stage_before_from is distinct from 'assumed'
),
by_hour as (
    select field, date_trunc('hour', valid_from) as hour, count(distinct opportunity_id) as deals
    from changed
    group by field, hour
),
usual as (
    select field, median(deals) as usual_deals from by_hour group by field
)
select
    c.opportunity_id,
    'mass_edit' as habit,
    c.valid_from_date as from_date,
    c.valid_from_date as case_date,
    h.deals >= s.mass_least and h.deals >= s.mass_times * u.usual_deals as is_found,
    c.field || ' of ' || h.deals || ' deals changed within one hour' as detail,
    cast(null as decimal(18, 2)) as lost_base
from changed c
join by_hour h on h.field = c.field and h.hour = date_trunc('hour', c.valid_from)
join usual u on u.field = c.field
cross join crm.habit_setting s;

create or replace table crm.deal_habit as
select * from habit_same_day
union all select * from habit_cut
union all select * from habit_skip
union all select * from habit_push
union all select * from habit_edit
order by habit, from_date, opportunity_id;

drop table habit_state;
