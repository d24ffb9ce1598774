/*
title = "The tests that call a deal sourced"
definition = "In words: field, first touch, before sales; none where no test does."
*/
create or replace macro sourced_tests(by_field, by_first_touch, by_touch_before_activity) as (
    coalesce(nullif(array_to_string(list_filter([
        case when by_field then 'field' end,
        case when by_first_touch then 'first touch' end,
        case when by_touch_before_activity then 'before sales' end
    ], lambda test: test is not null), ', '), ''), 'none')
);
