/*
title = "A filter's choice"
definition = "Nothing chosen means everything. A blank choice means the records that name no value."
*/
create or replace macro is_chosen(choices, value) as (
    choices is null or list_contains(cast(choices as varchar[]), coalesce(value, ''))
);
