/*
title = "Decision-maker reach"
definition = "Of the people who answered a campaign by the as-of day (or, asked so, of the people whose leads it brought), the share whose title says that they decide, beside the same share among the people on won deals (leads, contact roles, a deal's own contact). Which titles decide is a setting; of a person without a title, a deciding role on a deal tells. People of whom neither is known are counted apart, in neither side of the share. Each person counts once in a row. Who holds a deciding role on a deal, whatever the title, is shown as well, but makes no share: a role is only known of those who came to a deal. Titles and roles are those of the newest export. People are of whatever segment: filters on people and deals do not narrow this."
grain = "One row per campaign (or channel, or vehicle) that started in the period and that met anybody; one for all of these, one for won deals."
direction = "higher"
source = "METRICS: Campaigns, decision-maker reach"
records = "campaign_reach_records"
uses = ["as_of", "period_start", "period_end"]

[columns.dimension_value]
unit = "text"
text = "The campaign, the channel or the vehicle"
[columns.kind]
unit = "text"
text = "campaign, all campaigns, or won deals"
[columns.people]
unit = "count"
text = "People who answered, or whose lead it brought (or who are on a won deal)"
[columns.deciding]
unit = "count"
text = "Of these, people who decide, by title (by role where no title is known)"
[columns.known]
unit = "count"
text = "People of whom it is known whether they decide: what the share is of"
[columns.unknown]
unit = "count"
text = "People without a title or a deciding role: in neither side of the share"
[columns.in_role]
unit = "count"
text = "People in a deciding role on any deal, whatever their title"
[columns.share]
unit = "share"
text = "deciding / known; a dash where the settings name no titles that decide"
[columns.share_low]
unit = "share"
text = "Low end of its 95% interval"
[columns.share_high]
unit = "share"
text = "High end of it"
[columns.won_share]
unit = "share"
text = "The same share among people on won deals"
[columns.is_small]
unit = "flag"
text = "Few people of whom it is known: the share says little"

[params.dimension]
type = "text"
text = "campaign (the default), channel or vehicle"
choices = ["campaign", "channel", "vehicle"]
[params.who]
type = "text"
text = "answered (the default: people who answered a campaign) or brought (people whose leads it brought)"
choices = ["answered", "brought"]
*/
with met as (
    select campaign_id, person_no, is_deciding, is_in_deciding_role
    from crm.campaign_person
    where coalesce(cast($who as varchar), 'answered') = 'answered'
        and is_person
        and answered_date <= cast($as_of as date)
    union all
    select l.campaign_id, d.person_no, d.is_deciding, d.is_in_deciding_role
    from crm.lead l
    join crm.decider d on d.person_id = l.person_id
    where cast($who as varchar) = 'brought'
        and l.known_date <= cast($as_of as date)
        and l.campaign_id is not null
),
campaigns as (
    select
        c.campaign_id,
        case coalesce(cast($dimension as varchar), 'campaign')
            when 'campaign' then l.label when 'channel' then c.channel when 'vehicle' then c.vehicle end
            as dimension_value
    from crm.campaign c
    join campaign_label() l on l.campaign_id = c.campaign_id
    where coalesce(is_within(c.start_date, $period_start, $period_end), false)
),
rows as (
    select dimension_value, cast(row_number() over () as integer) as row_no
    from campaigns
    group by dimension_value
),
answered as materialized (
    -- A person is once in a row.
    select
        r.row_no,
        t.person_no,
        any_value(t.is_deciding) as is_deciding,
        any_value(t.is_in_deciding_role) as is_in_deciding_role
    from met t
    join campaigns c on c.campaign_id = t.campaign_id
    join rows r on r.dimension_value is not distinct from c.dimension_value
    group by r.row_no, t.person_no
),
on_won_deals as (
    select d.person_no, any_value(d.is_deciding) as is_deciding, any_value(d.is_in_deciding_role) as is_in_deciding_role
    from opportunity_at($as_of) o
    join crm.deal_person p on p.opportunity_id = o.opportunity_id
    join crm.decider d on d.person_id = p.person_id
    where o.status = 'won'
    group by d.person_no
),
listed as (
    select 'campaign' as kind, row_no, is_deciding, is_in_deciding_role from answered
    union all
    select 'all campaigns', null, any_value(is_deciding), any_value(is_in_deciding_role) from answered group by person_no
    union all
    select 'won deals', null, is_deciding, is_in_deciding_role from on_won_deals
),
numbered as (
    select
        kind,
        row_no,
        count(*) as people,
        count(*) filter (is_deciding) as deciding,
        count(is_deciding) as known,
        count(*) filter (is_in_deciding_role) as in_role
    from listed
    group by kind, row_no
),
counted as (
    select
        n.* exclude (row_no),
        case n.kind
            when 'campaign' then r.dimension_value
            when 'won deals' then 'People on won deals'
            else 'All campaigns'
        end as dimension_value
    from numbered n
    left join rows r using (row_no)
),
titled as (
    select exists (select 1 from crm.decider where is_deciding is not null) as has_titles
),
final as (
    select
        c.dimension_value,
        c.kind,
        c.people,
        case when t.has_titles then c.deciding end as deciding,
        case when t.has_titles then c.known end as known,
        case when t.has_titles then c.people - c.known end as unknown,
        c.in_role,
        share(c.deciding, c.known) as share,
        wilson_low(c.deciding, c.known) as share_low,
        wilson_high(c.deciding, c.known) as share_high,
        max(share(c.deciding, c.known)) filter (c.kind = 'won deals') over () as won_share,
        c.known < k.flag_under as is_small
    from counted c
    cross join crm.known k
    cross join titled t
)
select * from final order by kind <> 'won deals', kind <> 'all campaigns', people desc, dimension_value;
