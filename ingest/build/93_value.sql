-- The values of the fields that can be shown under another name, as exported and as shown. One row per field, value as
-- exported and value as shown.
create or replace table crm.value_seen as
select
    field,
    raw,
    shown,
    count(*) filter (not is_listed) as records,
    bool_or(is_listed) as is_listed
from value_cell
group by field, raw, shown;

-- What was decided about values, and how many cells of the exports it changes. One row per field and value.
create or replace table crm.value_map as
select v.field, v.theirs, nullif(v.ours, '') as ours, count(m.line) as cells
from setting_value v
left join mapped_cell m on m.field = v.field and lower(m.raw) = v.theirs
group by v.field, v.theirs, v.ours;

-- Cells that are shown under another name than they were exported under. One row per record's file and line, and what
-- stood there in words.
create or replace table crm.as_exported as
with changed as (
    select batch_id, line as source_line, regexp_replace(field, '^custom: ', '') || ' ' || raw as words from mapped_cell
    union
    -- Sources that differ only in capitals are one, under the more frequent spelling.
    select batch_id, source_line, 'source ' || source_raw from crm.lead where source_raw <> source
    union
    select batch_id, source_line, 'source ' || source_raw from crm.opportunity where source_raw <> source
)
select batch_id, source_line, string_agg(words, ', ' order by words) as words
from changed
group by batch_id, source_line;

-- Values that look like another, or like nothing. One row per field and value, with the name to show it under.
create or replace table crm.value_suggestion as
with blank_word (word) as (
    -- What CRMs and people write where there is nothing to write.
    values ('unknown'), ('(unknown)'), ('select'), ('please select'), ('-'), ('--'), ('---'), ('.'), ('?'), ('n.a.'), ('n/a'),
        ('na'), ('none'), ('(none)'), ('--none--'), ('null'), ('nil'), ('tbd'), ('not set'), ('(not set)'), ('blank'),
        ('(blank)'), ('no value'), ('undefined'), ('unspecified'), ('not specified'), ('unbekannt'), ('keine'), ('k.a.'),
        ('inconnu'), ('desconhecido'), ('desconocido')
),
company_word as (
    select 'source' as field, source as word from setting_marketing_source
    union
    select 'source', source from setting_channel
    union
    select 'channel', lower(channel) from setting_channel
    union
    select 'region', lower(region) from setting_region
    union
    select 'segment', lower(name) from setting_segment
),
value as (
    select
        v.field,
        v.shown as word,
        sum(v.records) as records,
        -- A product list, a list of reps, the settings: they say how a value is written.
        bool_or(v.is_listed) as is_listed,
        bool_or(c.word is not null and v.shown <> lower(v.shown)) as is_company_word,
        regexp_replace(strip_accents(lower(v.shown)), '[^\p{L}\p{N}]', '', 'g') as folded,
        regexp_replace(v.shown, '[^0-9]+', ' ', 'g') as digits
    from crm.value_seen v
    left join company_word c on c.field = v.field and c.word = lower(v.shown)
    where v.shown is not null
    group by v.field, v.shown
),
blank as (
    select v.field, v.word as theirs, cast(null as varchar) as ours, 'a word for nothing' as reason, v.records
    from value v
    join blank_word b on b.word = lower(trim(v.word))
    where not v.is_listed
),
usable as (
    select v.* from value v
    anti join blank b on b.field = v.field and b.theirs = v.word
    where v.folded <> ''
),
ranked as (
    select
        *,
        first_value(word) over best as best,
        first_value(is_listed) over best as best_is_listed
    from usable
    window best as (
        partition by field, folded order by is_listed desc, is_company_word desc, records desc, word
        rows between unbounded preceding and unbounded following
    )
),
alike as (
    select
        field,
        word as theirs,
        best as ours,
        case
            when lower(word) = lower(best) and field = 'source' then 'the same but for capitals (counted as one already)'
            when lower(word) = lower(best) then 'the same but for capitals'
            else 'the same but for blanks and signs'
        end as reason,
        records
    from ranked
    where word <> best and not is_listed
),
-- One letter more, less, other or swapped; compared where that many comparisons are a matter of a moment.
few as (
    select field from usable group by field having count(*) <= 3000
),
typo as (
    select
        a.field,
        a.word as theirs,
        b.word as ours,
        'one letter apart' as reason,
        a.records,
        row_number() over (
            partition by a.field, a.word order by b.is_listed desc, b.is_company_word desc, b.records desc, b.word
        ) as nth
    from ranked a
    semi join few using (field)
    join ranked b
        on b.field = a.field
        and b.folded <> a.folded
        and abs(len(b.folded) - len(a.folded)) <= 1
    where a.word = a.best and b.word = b.best
        and not a.is_listed
        and len(a.folded) >= 6
        -- `Tier 1` and `Tier 2` differ by one sign and are two things.
        and a.digits = b.digits
        and (b.is_listed or b.records >= 5 * a.records)
        and damerau_levenshtein(a.folded, b.folded) = 1
),
every as (
    select field, theirs, ours, reason, records from blank
    union all
    select field, theirs, ours, reason, records from alike
    union all
    select field, theirs, ours, reason, records from typo where nth = 1
)
select e.field, e.theirs, e.ours, e.reason, cast(e.records as bigint) as records
from every e
anti join setting_refused r on r.field = e.field and lower(r.theirs) = lower(e.theirs) and r.ours = coalesce(e.ours, '');
