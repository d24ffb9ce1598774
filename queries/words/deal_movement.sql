/*
title = "What moved a deal between two days"
definition = "Deals that were in the pipeline of a period (open and due in it, under the filters) at the end of one day or of another, each as it stood on both, with the one step that it belongs to. The two ends alone are compared: what was moved and moved back did not move. Also deals whose state on either day is assumed, marked. In, in this order: created since; owner in (it was another's); reopened (it was won, lost or deleted); unmapped (its stage meant nothing); pulled in (it was due later, or on no day); redated (it was overdue); slipped in (it was due before the period). Out: deleted; owner out (it is another's); won; lost; unmapped; pushed out (it is due later, or on no day); overdue (its day passed); pulled ahead (it is due before the period). In on both days: increased or decreased by its amount in the company's currency; currency where the recorded amount is the same; else unchanged."
*/
create or replace macro deal_movement(
    from_day, to_day, period_start, period_end,
    segments, regions, teams, owners, sources, products, business_types, customs
) as table
with earlier as materialized (
    select
        *,
        is_deal_chosen(segments, regions, teams, owners, sources, products, business_types, customs) as is_chosen,
        is_due_on(from_day, status, close_date, period_start, period_end) as is_due,
        is_assumed or (is_owner_assumed and (owners is not null or teams is not null)) as is_unsure
    from opportunity_at(from_day)
),
later as materialized (
    select
        *,
        is_deal_chosen(segments, regions, teams, owners, sources, products, business_types, customs) as is_chosen,
        is_due_on(to_day, status, close_date, period_start, period_end) as is_due,
        is_assumed or (is_owner_assumed and (owners is not null or teams is not null)) as is_unsure
    from opportunity_at(to_day)
),
both_days as (
    select
        coalesce(b.opportunity_id, a.opportunity_id) as opportunity_id,
        coalesce(b.record_id, a.record_id) as record_id,
        coalesce(b.name, a.name) as name,
        coalesce(b.account, a.account) as account,
        coalesce(b.created_date, a.created_date) as created_date,
        coalesce(b.batch_id, a.batch_id) as batch_id,
        coalesce(b.source_line, a.source_line) as source_line,
        a.opportunity_id is not null as is_there_before,
        b.opportunity_id is not null as is_there_after,
        coalesce(a.is_chosen, false) as is_chosen_before,
        coalesce(b.is_chosen, false) as is_chosen_after,
        coalesce(a.is_chosen and a.is_due, false) as is_in_before,
        coalesce(b.is_chosen and b.is_due, false) as is_in_after,
        coalesce(a.is_chosen and a.is_unsure, false) as is_unsure_before,
        coalesce(b.is_chosen and b.is_unsure, false) as is_unsure_after,
        a.owner as owner_before, b.owner as owner_after,
        a.stage as stage_before, b.stage as stage_after,
        a.status as status_before, b.status as status_after,
        a.close_date as close_before, b.close_date as close_after,
        a.amount as amount_before, b.amount as amount_after,
        a.amount_base as base_before, b.amount_base as base_after
    from earlier a
    full join later b on b.opportunity_id = a.opportunity_id
),
kept as (
    select
        *,
        case when is_in_before then base_before end as in_before,
        case when is_in_after then base_after end as in_after
    from both_days
    where is_in_before or is_in_after or is_unsure_before or is_unsure_after
)
select
    *,
    -- A deal whose amount is known on neither day changes nothing that can be said.
    case when in_before is not null or in_after is not null
        then cast(coalesce(in_after, 0) - coalesce(in_before, 0) as decimal(18, 2)) end as change,
    case
        when is_in_before and is_in_after then
            case
                when in_before is not distinct from in_after then 'unchanged'
                when amount_before is not distinct from amount_after then 'currency'
                when coalesce(in_after, 0) > coalesce(in_before, 0) then 'increased'
                when coalesce(in_after, 0) < coalesce(in_before, 0) then 'decreased'
                else 'unchanged'
            end
        when is_in_after then
            case
                when not is_there_before and created_date <= cast(from_day as date) then 'reopened'
                when not is_there_before then 'created'
                when not is_chosen_before then 'owner_in'
                when status_before in ('won', 'lost') then 'reopened'
                when status_before is null then 'unmapped'
                when close_before is null or close_before >= cast(period_end as date) then 'pulled_in'
                when close_before < cast(from_day as date) then 'redated'
                else 'slipped_in'
            end
        when is_in_before then
            case
                when not is_there_after then 'deleted'
                when not is_chosen_after then 'owner_out'
                when status_after = 'won' then 'won'
                when status_after = 'lost' then 'lost'
                when status_after is null then 'unmapped'
                when close_after is null or close_after >= cast(period_end as date) then 'pushed_out'
                when close_after < cast(to_day as date) then 'overdue'
                else 'pulled_ahead'
            end
    end as step
from kept;
