/*
title = "New and existing customers"
definition = "A deal is with an existing customer if an earlier deal of the account was won by then, or if its type is an expansion or a renewal (the first sale may be older than the exports); with a new one otherwise. Of a deal that names neither an account nor a type nothing can be said. One row per decided deal."
*/
create or replace macro deal_customer(as_of) as table
with deals as materialized (
    select * from opportunity_at(as_of) where status in ('won', 'lost')
),
first_won as (
    select account_id, min((close_date, opportunity_id)) as first_deal
    from deals
    where status = 'won' and account_id is not null and close_date is not null
    group by account_id
)
select
    d.*,
    case
        when d.business_type in ('expansion', 'renewal') then 'existing'
        when d.account_id is null and d.business_type is null then null
        when f.first_deal < (d.close_date, d.opportunity_id) then 'existing'
        else 'new'
    end as customer
from deals d
left join first_won f using (account_id);
