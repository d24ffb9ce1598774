/*
title = "Size of a deal"
definition = "A deal's amount beside the usual one (the middle amount of all deals that are known): under a half is small, up to twice is usual, up to five times is large, more is very large; unknown without an amount."
*/
create or replace macro size_band(amount, usual) as (
    case
        when amount is null or usual is null then 'unknown'
        when amount < usual / 2 then 'small'
        when amount < usual * 2 then 'usual'
        when amount < usual * 5 then 'large'
        else 'very large'
    end
);
