/*
title = "The filter on kept custom fields"
definition = "Choices read 'field: value' ('field: ' for records without a value). Every field that a choice names must hold one of the values chosen for it."
*/
create or replace macro is_custom_chosen(choices, fields) as (
    choices is null
    or len(
        list_filter(
            list_distinct(list_transform(cast(choices as varchar[]), lambda choice: split_part(choice, ': ', 1))),
            lambda field: not list_contains(
                cast(choices as varchar[]), field || ': ' || coalesce(fields[field], '')
            )
        )
    ) = 0
);
