-- Which people stand behind a deal: those whose leads became it, those with a role on it, its own contact.
create or replace table crm.deal_person as
select opportunity_id, person_id, bool_or(is_lead) as is_lead
from (
    select opportunity_id, person_id, true as is_lead from crm.lead where opportunity_id is not null
    union all
    select opportunity_id, person_id, false from crm.opportunity_person
    union all
    select o.opportunity_id, p.person_id, false
    from crm.opportunity o join crm.person_source p on p.source_id = o.contact_id
)
group by opportunity_id, person_id;

-- Every answered touch of these people, with its place among those of the deal: attribution reads this. What counts
-- (before the deal was created, before it closed) is asked of `responded_date` when it is read.
create or replace table crm.deal_touch as
select
    d.opportunity_id,
    t.touch_id,
    t.campaign_id,
    t.person_id,
    t.responded_date,
    row_number() over (
        partition by d.opportunity_id order by t.responded_date, t.created_at, t.touch_id
    ) as nth
from crm.deal_person d
join crm.touch t using (person_id)
where t.is_responded and t.responded_date is not null;

-- What marketing has to do with a deal, by each test that companies use. One row per deal.
create or replace table crm.opportunity_marketing as
with last_state as (
    select opportunity_id, close_date, status
    from crm.opportunity_state
    where valid_to is null
),
touches as (
    select
        o.opportunity_id,
        min(t.responded_date) as first_touch_date,
        bool_or(t.responded_date <= o.created_date) as before_created,
        bool_or(t.responded_date <= s.close_date) as before_closed
    from crm.opportunity o
    join crm.deal_touch t using (opportunity_id)
    left join last_state s using (opportunity_id)
    group by o.opportunity_id
),
sales as (
    select d.opportunity_id, min(a.activity_date) as first_activity_date
    from crm.deal_person d
    join crm.activity a using (person_id)
    where a.is_completed
        and not a.is_automated
        and coalesce(a.direction, 'outbound') = 'outbound'
        and coalesce(a.owner_role, 'sales') <> 'marketing'
    group by d.opportunity_id
)
select
    o.opportunity_id,
    coalesce(lower(o.source) in (select source from setting_marketing_source), false) as is_sourced_by_field,
    coalesce(t.first_touch_date <= o.created_date, false) as is_sourced_by_first_touch,
    coalesce(
        t.first_touch_date <= o.created_date
            and t.first_touch_date <= coalesce(a.first_activity_date, t.first_touch_date),
        false
    ) as is_sourced_by_touch_before_activity,
    coalesce(t.before_created, false) as is_influenced_before_created,
    coalesce(t.before_closed, false) as is_influenced_before_closed,
    case (select sourced_test from company)
        when 'source_field' then coalesce(lower(o.source) in (select source from setting_marketing_source), false)
        when 'first_touch' then coalesce(t.first_touch_date <= o.created_date, false)
        else coalesce(
            t.first_touch_date <= o.created_date
                and t.first_touch_date <= coalesce(a.first_activity_date, t.first_touch_date),
            false
        )
    end as is_sourced
from crm.opportunity o
left join touches t using (opportunity_id)
left join sales a using (opportunity_id);
