/*
title = "Limits of the SLA in the settings"
definition = "The days within which sales decides a pass and the hours within which it answers, as the settings have them, and whether the clock runs in business hours alone: what an agreement may begin with, and what the other pages judge by."
grain = "One row."
direction = "none"
source = "settings.toml, [sla]"
uses = ["as_of"]

[columns.decision_days]
unit = "count"
text = "Days that a decision may take"
[columns.response_hours]
unit = "count"
text = "Hours that a first answer may take"
[columns.is_business]
unit = "flag"
text = "The clock runs in business hours alone"
*/
with final as (
    select
        cast(s.decision_days as integer) as decision_days,
        cast(s.first_response_hours as integer) as response_hours,
        s.is_business
    from crm.lead_setting s
    cross join crm.known k
    where cast($as_of as date) is not null and k.newest_date is not null
)
select * from final;
