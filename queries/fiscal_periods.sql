/*
title = "Fiscal periods"
definition = "The company's fiscal years, quarters and months, by the settings. A fiscal year is named by the year that it ends in."
grain = "One row per period."
direction = "none"
source = "settings.toml, [company]"

[columns.period]
unit = "text"
text = "The period's name in addresses: 2026, 2026-Q4 or 2026-11"
[columns.kind]
unit = "text"
text = "year, quarter or month"
[columns.period_start]
unit = "date"
text = "First day"
[columns.period_end]
unit = "date"
text = "The day after the last"
*/
select period, kind, period_start, period_end
from crm.fiscal_period
order by period_start, kind;
