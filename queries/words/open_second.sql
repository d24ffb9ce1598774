/*
title = "The clock of the SLA"
definition = "How many seconds the clock of the SLA has run at a moment (in UTC), since a beginning that is the same for all: the difference of two readings is the time between. Without business hours it always runs; with them, only on the days and between the hours that the settings name, in the company's time zone."
*/
create or replace macro open_second(moment, zone, is_business, opens, closes, open_days) as (
    case when not is_business then epoch(moment)
        else (date_diff('day', date '1900-01-01', cast(timezone(zone, timezone('UTC', moment)) as date)) // 7)
                * (closes - opens) * length(replace(open_days, '0', ''))
            + length(replace(substr(open_days, 1, cast(isodow(timezone(zone, timezone('UTC', moment))) as integer) - 1), '0', ''))
                * (closes - opens)
            + case when substr(open_days, cast(isodow(timezone(zone, timezone('UTC', moment))) as integer), 1) = '1'
                then least(greatest(epoch(cast(timezone(zone, timezone('UTC', moment)) as time)) - opens, 0), closes - opens)
                else 0 end
        end
);
