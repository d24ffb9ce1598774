/*
title = "New customers"
definition = "Customers by the day of their first won deal, of those won by the as-of day; an expansion or renewal wins no new customer. Deals of one account are one customer; a deal without an account is one of its own."
*/
create or replace macro new_customer(as_of) as table
with won as (
    select *, coalesce(account_id, opportunity_id) as customer_id
    from opportunity_at(as_of)
    where status = 'won' and close_date is not null
),
ranked as (
    select *, row_number() over (partition by customer_id order by close_date, opportunity_id) as nth
    from won
)
select * from ranked where nth = 1 and coalesce(business_type, 'new') = 'new';
