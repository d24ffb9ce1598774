-- Who decides: by title (the patterns of the settings, as whole words, whatever the capitals, accents and signs); one
-- whose title is not known, by a role on any deal. One row per person; null where neither tells, or where the settings
-- name no title that decides. People are numbered, for numbers are told apart faster than names.
create or replace temp table title_pattern as
with folded as (
    -- `*` stands for any letters of a word; nothing else than letters, numbers and blanks is left to be misread.
    select
        kind,
        trim(regexp_replace(lower(strip_accents(pattern)), '[^\p{L}\p{N}*]+', ' ', 'g')) as words
    from setting_title
)
select kind, ' (' || string_agg(replace(words, '*', '[^ ]*'), '|' order by words) || ') ' as expression
from folded
where replace(words, '*', '') <> ''
group by kind;

create or replace table crm.decider as
with title as (
    select
        title,
        ' ' || regexp_replace(lower(strip_accents(title)), '[^\p{L}\p{N}]+', ' ', 'g') || ' ' as words
    from crm.person
    where title is not null
    group by title
),
judged as (
    select
        t.title,
        regexp_matches(t.words, p.expression) and not coalesce(regexp_matches(t.words, n.expression), false) as is_deciding
    from title t
    cross join (select expression from title_pattern where kind = 'deciding') p
    left join (select expression from title_pattern where kind = 'not deciding') n on true
    where trim(t.words) <> ''
),
in_role as (
    select distinct o.person_id
    from crm.opportunity_person o
    join setting_deciding_role r on r.role = lower(o.role)
)
select
    p.person_id,
    cast(row_number() over (order by p.person_id) as integer) as person_no,
    p.title,
    coalesce(j.is_deciding, case when r.person_id is not null and w.has_titles then true end) as is_deciding,
    r.person_id is not null as is_in_deciding_role
from crm.person p
cross join (select count(*) filter (kind = 'deciding') > 0 as has_titles from title_pattern) w
left join judged j on j.title = p.title
left join in_role r on r.person_id = p.person_id;
