/*
title = "The verdict of the rule"
definition = "Coverage to go is open / (goal - won), a dash once the goal is met; the band judges it: thin (below), inside, above, or met. Where what is won or open is not known there is no verdict."
*/
create or replace macro coverage_to_go(open_amount, won_amount, goal) as (
    case when won_amount < goal then share(open_amount, goal - won_amount) end
);

create or replace macro coverage_verdict(open_amount, won_amount, goal, band_low, band_high) as (
    case
        when won_amount >= goal then 'met'
        when open_amount is null or won_amount is null or goal is null then null
        when share(open_amount, goal - won_amount) < band_low then 'thin'
        when share(open_amount, goal - won_amount) > band_high then 'above'
        else 'inside'
    end
);
