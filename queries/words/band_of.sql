/*
title = "The band of the rule"
definition = "The company's band, or the segment's own where exactly one segment is chosen that has one. One row."
*/
create or replace macro band_of(segments) as table
select b.low as band_low, b.high as band_high
from crm.band b
where b.segment is not distinct from (
    select own.segment
    from crm.band own
    where len(cast(segments as varchar[])) = 1 and own.segment = cast(segments as varchar[])[1]
);
