/*
title = "What a promise of the agreement is judged by"
definition = "Each thing that a promise between marketing and sales counts, one by one, and what became of it by the end of a day: kept, broken, or open (in no share: it is not due, went back before, or never fell under the promise). Leads and MQL count in the week they came in. A pass to sales was accepted or rejected; was decided within so many days (5 from the settings, unless said; a deal without a recorded decision is one) or not; its lead was answered within so many hours of the SLA's clock or not. A pass that sales let go (rejected, sent back, or neither accepted nor a deal after so many days, 14 unless said) had so many attempts before (3 unless said) or not: completed calls, e-mails and meetings by people with that person, not inbound ones, from the day of the pass to the day it was let go. Answers and attempts are judged from the first recorded activity on. Where only a day is known, the doubt is in favour of who acted."
*/
create or replace macro promise_fact(
    as_of, segments, regions, teams, owners, sources, customs, within_days, within_hours, least_attempts, left_days
) as table
with asked as (
    select
        cast(as_of as date) as as_of_day,
        coalesce(cast(within_days as integer), s.decision_days) as decide_days,
        coalesce(cast(within_hours as double), s.first_response_hours) as answer_hours,
        coalesce(cast(least_attempts as integer), 3) as wanted,
        coalesce(cast(left_days as integer), 14) as let_days,
        k.first_outreach_date as recorded_from
    from crm.lead_setting s
    cross join crm.known k
),
leads as materialized (
    select *
    from lead_at(as_of)
    where is_lead_chosen(segments, regions, teams, owners, sources, customs)
),
passes as materialized (
    select
        h.*,
        -- A decision without a day was known with the pass; a deal is one where none is recorded.
        case
            when h.decision is not null then coalesce(h.decided_date, h.passed_date)
            when h.is_implied then greatest(coalesce(h.deal_date, h.passed_date), h.passed_date)
        end as decided_on,
        least(h.recycled_date, h.next_date) as went_on
    from handoff_by(as_of, null) h
    where is_lead_chosen(segments, regions, teams, owners, sources, customs)
),
gone as materialized (
    -- When a pass was let go, if it was.
    select
        p.*,
        p.passed_date + a.let_days as last_date,
        least(case when p.decision = 'rejected' then p.decided_on end, p.recycled_date) as let_go_on,
        case when p.decision = 'accepted' or p.is_implied then p.decided_on end as accepted_on
    from passes p
    cross join asked a
    where p.passed_date >= a.recorded_from
),
ended as materialized (
    select
        g.*,
        case
            when g.let_go_on <= g.last_date then case when g.let_go_on = g.recycled_date then 'recycled' else 'rejected' end
            when g.accepted_on <= g.last_date then 'accepted'
            when g.next_date <= g.last_date then 'passed again'
            when a.as_of_day > g.last_date then 'left'
            else 'not due'
        end as ending,
        least(case when g.let_go_on <= g.last_date then g.let_go_on end, g.last_date) as ended_on
    from gone g
    cross join asked a
),
tried as (
    select e.handoff_id, count(x.activity_id) as attempts
    from ended e
    left join crm.activity x
        on x.person_id = e.person_id and x.activity_date >= e.passed_date and x.activity_date <= e.ended_on
        and x.is_completed and not x.is_automated and x.kind in ('call', 'email', 'meeting')
        and coalesce(x.direction, 'outbound') = 'outbound'
    where e.ending in ('rejected', 'recycled', 'left')
    group by e.handoff_id
),
facts as (
    select 'leads' as promise, created_date as day, 'kept' as verdict, 'lead' as kind, cast(null as varchar) as outcome,
        cast(null as date) as limit_date, cast(null as date) as done_date, cast(null as bigint) as attempts,
        lead_id, record_id, owner, source, segment, batch_id, source_line
    from leads
    union all
    select 'mql', mql_by_date, 'kept', 'lead', null, null, null, null,
        lead_id, record_id, owner, source, segment, batch_id, source_line
    from leads
    where is_mql
    union all
    select 'accepted', passed_date, case state when 'accepted' then 'kept' when 'rejected' then 'broken' else 'open' end,
        'pass to sales', state, passed_date + a.decide_days, decided_on, null,
        lead_id, record_id, owner, source, segment, batch_id, source_line
    from passes
    cross join asked a
    union all
    select
        'decided',
        passed_date,
        case
            when date_diff('day', passed_date, decided_on) <= a.decide_days then 'kept'
            when date_diff('day', passed_date, went_on) <= a.decide_days then 'open'
            when date_diff('day', passed_date, a.as_of_day) > a.decide_days then 'broken'
            else 'open'
        end,
        'pass to sales',
        case
            when decision is not null then decision
            when is_implied then 'accepted'
            when went_on is not null then 'went back'
            else 'undecided'
        end,
        passed_date + a.decide_days, decided_on, null,
        lead_id, record_id, owner, source, segment, batch_id, source_line
    from passes
    cross join asked a
    union all
    select
        'responded',
        w.from_date,
        case
            when w.is_answered and w.clock_seconds <= 3600 * a.answer_hours then 'kept'
            when w.clock_seconds > 3600 * a.answer_hours then 'broken'
            else 'open'
        end,
        'wait for sales',
        coalesce(w.kind, 'not answered'),
        w.from_date + cast(ceil(a.answer_hours / 24) as integer), w.responded_date, null,
        w.lead_id, w.record_id, w.owner, w.source, w.segment, w.batch_id, w.source_line
    from first_response_by(as_of, null, null) w
    cross join asked a
    where is_lead_chosen(segments, regions, teams, owners, sources, customs)
    union all
    select
        'attempts',
        e.passed_date,
        case
            when e.ending not in ('rejected', 'recycled', 'left') or e.person_id is null then 'open'
            when t.attempts >= a.wanted then 'kept'
            else 'broken'
        end,
        'pass to sales',
        e.ending,
        e.last_date,
        case when e.ending in ('rejected', 'recycled', 'left') then e.ended_on end,
        case when e.person_id is not null then t.attempts end,
        e.lead_id, e.record_id, e.owner, e.source, e.segment, e.batch_id, e.source_line
    from ended e
    cross join asked a
    left join tried t using (handoff_id)
)
select * from facts where day is not null;
