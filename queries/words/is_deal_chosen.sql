/*
title = "The filters on deals"
definition = "A deal passes if each filter that chooses anything chooses its value; a blank choice means deals that name none. Of a kept custom field a choice reads 'field: value'."
*/
create or replace macro is_deal_chosen(segments, regions, teams, owners, sources, products, business_types, customs) as (
    is_lead_chosen(segments, regions, teams, owners, sources, customs)
    and is_chosen(products, product)
    and is_chosen(business_types, business_type)
);
