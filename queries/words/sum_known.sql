/*
title = "Sum of what is known"
definition = "A sum over records of which some may carry no amount: 0 where there is no record, a dash where there are records and none carries an amount."
*/
create or replace macro sum_known(total, record_count) as (
    case when record_count = 0 then 0 else total end
);
