/*
title = "Deals as of a day"
definition = "Every deal as it stood at the end of a day: its stage, amount, close date, owner and whether it was open, won or lost then. A deal that the CRM deleted by that day is left out. What is assumed rather than recorded is marked: the stage, amount or close date of an open deal, and apart from these its owner, which matters only where deals are told apart by owner or team."
*/
create or replace macro opportunity_at(as_of) as table
select
    * exclude (pushes, from_date, until_date),
    status = 'open' and close_date < cast(as_of as date) as is_overdue
from crm.deal_as_of
where from_date <= cast(as_of as date) and until_date > cast(as_of as date);
