/*
title = "Share"
definition = "Part over whole. With nothing below the line there is no share: a dash, never 0%."
*/
create or replace macro share(part, whole) as (
    case when whole <> 0 then cast(part as double) / cast(whole as double) end
);
