/*
title = "Forecast category"
definition = "A CRM's forecast category under the field's one name: commit, best case, pipeline, omitted, closed; any other as the export writes it."
*/
create or replace macro forecast_call(category) as (
    case lower(replace(replace(category, ' ', ''), '_', ''))
        when 'commit' then 'commit'
        when 'forecast' then 'commit'
        when 'bestcase' then 'best case'
        when 'mostlikely' then 'most likely'
        when 'pipeline' then 'pipeline'
        when 'omitted' then 'omitted'
        when 'notforecasted' then 'omitted'
        when 'closed' then 'closed'
        when 'closedwon' then 'closed'
        else nullif(category, '')
    end
);
