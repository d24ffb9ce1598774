/*
title = "Credits of won deals as of a day"
definition = "Every deal won by the as-of day beside each of its answered touches (or none), with what each model credits: the deal's part and its money. Made at import for every deal as it was won, because what was answered before a deal was won does not change afterwards."
*/
create or replace macro credit_at(as_of) as table
select
    o.* exclude (campaign_id),
    c.* exclude (opportunity_id, close_date, amount_base)
from opportunity_at(as_of) o
join crm.deal_credit c
    on c.opportunity_id = o.opportunity_id
    and c.close_date is not distinct from o.close_date
    and c.amount_base is not distinct from o.amount_base
where o.status = 'won';
