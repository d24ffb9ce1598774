-- Whom campaigns reached, each person once a campaign, and how many touches and answers a day brought: what is counted of
-- campaigns as of any day without going through every touch. Who is nobody in the exports has a number, too, and decides
-- nothing.
create or replace temp table reached_person as
select
    t.campaign_id,
    t.person_id,
    coalesce(t.person_id, t.touch_id) as person,
    least(t.created_date, t.responded_date) as from_date,
    case when t.is_responded then t.responded_date end as answered_date
from crm.touch t
where least(t.created_date, t.responded_date) is not null;

create or replace table crm.campaign_person as
with numbered as (
    select
        r.person,
        r.person_id is not null as is_person,
        coalesce(
            d.person_no,
            (select coalesce(max(person_no), 0) from crm.decider)
                + row_number() over (partition by d.person_no is null order by r.person)
        ) as person_no,
        d.is_deciding,
        coalesce(d.is_in_deciding_role, false) as is_in_deciding_role
    from (select distinct person, person_id from reached_person) r
    left join crm.decider d on d.person_id = r.person_id
)
select
    r.campaign_id,
    cast(n.person_no as integer) as person_no,
    any_value(n.is_person) as is_person,
    any_value(n.is_deciding) as is_deciding,
    any_value(n.is_in_deciding_role) as is_in_deciding_role,
    min(r.from_date) as from_date,
    min(r.answered_date) as answered_date
from reached_person r
join numbered n on n.person = r.person
group by r.campaign_id, n.person_no
order by r.campaign_id, n.person_no;

-- Of one campaign, whom it has reached by a day adds up from the days on which it first reached or moved each.
create or replace table crm.campaign_touch_day as
with every as (
    select campaign_id, from_date as day, 1 as touches, 0 as responses, 0 as people, 0 as people_responded
    from reached_person
    union all
    select campaign_id, answered_date, 0, 1, 0, 0 from reached_person where answered_date is not null
    union all
    select campaign_id, from_date, 0, 0, 1, 0 from crm.campaign_person
    union all
    select campaign_id, answered_date, 0, 0, 0, 1 from crm.campaign_person where answered_date is not null
)
select
    campaign_id,
    day,
    cast(sum(touches) as bigint) as touches,
    cast(sum(responses) as bigint) as responses,
    cast(sum(people) as bigint) as people,
    cast(sum(people_responded) as bigint) as people_responded
from every
group by campaign_id, day
order by campaign_id, day;

drop table reached_person;
