-- Whom campaigns reached, each person once a campaign, and how many touches and answers a day brought: what is counted of
-- campaigns as of any day without going through every touch. People are numbered, for numbers are told apart faster.
create or replace temp table reached_person as
select
    t.campaign_id,
    coalesce(t.person_id, t.touch_id) as person,
    least(t.created_date, t.responded_date) as from_date,
    case when t.is_responded then t.responded_date end as answered_date
from crm.touch t
where least(t.created_date, t.responded_date) is not null;

create or replace table crm.campaign_person as
with numbered as (
    select person, row_number() over (order by person) as person_no
    from (select distinct person from reached_person)
)
select
    r.campaign_id,
    cast(n.person_no as integer) as person_no,
    min(r.from_date) as from_date,
    min(r.answered_date) as answered_date
from reached_person r
join numbered n on n.person = r.person
group by r.campaign_id, n.person_no
order by r.campaign_id, n.person_no;

create or replace table crm.campaign_touch_day as
select campaign_id, day, cast(sum(touches) as bigint) as touches, cast(sum(responses) as bigint) as responses
from (
    select campaign_id, from_date as day, count(*) as touches, 0 as responses from reached_person group by campaign_id, from_date
    union all
    select campaign_id, answered_date, 0, count(*) from reached_person where answered_date is not null
    group by campaign_id, answered_date
)
group by campaign_id, day
order by campaign_id, day;

drop table reached_person;
