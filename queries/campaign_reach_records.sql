/*
title = "People reached"
definition = "The people who answered a campaign by the as-of day, or whose leads it brought (or, with the kind 'won deals', the people on won deals), each with the title and whether it decides. A person's name is not kept: the record's id in its CRM tells who it is."
grain = "One row per person."
direction = "none"
source = "METRICS: Campaigns, decision-maker reach"
uses = ["as_of", "period_start", "period_end", "dimension_value"]

[columns.record_id]
unit = "id"
text = "The person's record in its CRM (of several, one)"
[columns.title]
unit = "text"
text = "Title; blank where none is known"
[columns.decides]
unit = "text"
text = "yes, no or not known"
[columns.is_in_deciding_role]
unit = "flag"
text = "In a deciding role on a deal"
[columns.account]
unit = "text"
text = "Account, where known"
[columns.answered_date]
unit = "date"
text = "First answered on (or the lead's first day); blank for people on won deals"
[columns.file]
unit = "text"
text = "Export file of the record"
[columns.line]
unit = "count"
text = "Line in that file"

[params.dimension]
type = "text"
text = "campaign (the default), channel or vehicle"
choices = ["campaign", "channel", "vehicle"]
[params.kind]
type = "text"
text = "campaign (the default: people who answered one) or won deals"
choices = ["campaign", "won deals"]
[params.who]
type = "text"
text = "answered (the default: people who answered a campaign) or brought (people whose leads it brought)"
choices = ["answered", "brought"]
*/
with met as (
    select campaign_id, person_id, responded_date as met_date
    from crm.touch
    where coalesce(cast($who as varchar), 'answered') = 'answered'
        and is_responded
        and responded_date <= cast($as_of as date)
        and person_id is not null
    union all
    select campaign_id, person_id, known_date
    from crm.lead
    where cast($who as varchar) = 'brought'
        and known_date <= cast($as_of as date)
        and campaign_id is not null
        and person_id is not null
),
answered as (
    select t.person_id, min(t.met_date) as answered_date
    from met t
    join crm.campaign c on c.campaign_id = t.campaign_id
    join campaign_label() l on l.campaign_id = t.campaign_id
    where coalesce(cast($kind as varchar), 'campaign') = 'campaign'
        and coalesce(is_within(c.start_date, $period_start, $period_end), false)
        and is_chosen(
            $dimension_value,
            case coalesce(cast($dimension as varchar), 'campaign')
                when 'campaign' then l.label when 'channel' then c.channel when 'vehicle' then c.vehicle end
        )
    group by t.person_id
),
on_won_deals as (
    select distinct p.person_id
    from opportunity_at($as_of) o
    join crm.deal_person p on p.opportunity_id = o.opportunity_id
    where cast($kind as varchar) = 'won deals' and o.status = 'won'
),
listed as (
    select person_id, answered_date from answered
    union all
    select person_id, cast(null as date) from on_won_deals
),
recorded as (
    -- One record for each person: that with the title, a contact's before a lead's.
    select person_id, min_by(source_id, (object <> 'contact', source_id)) as source_id
    from crm.person_source
    group by person_id
),
final as (
    select
        s.record_id,
        d.title,
        case when d.is_deciding then 'yes' when not d.is_deciding then 'no' else 'not known' end as decides,
        d.is_in_deciding_role,
        a.name as account,
        l.answered_date,
        b.file_name as file,
        s.source_line as line
    from listed l
    join crm.decider d on d.person_id = l.person_id
    join crm.person p on p.person_id = l.person_id
    join recorded r on r.person_id = l.person_id
    join crm.person_source s on s.source_id = r.source_id
    join crm.batch b on b.batch_id = s.batch_id
    left join crm.account a on a.account_id = p.account_id
)
select * from final order by decides desc, title, record_id;
