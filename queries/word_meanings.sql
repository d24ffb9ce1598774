/*
title = "What each stage and status means"
definition = "Every stage of a deal and every status of a lead in the exports, with what it means here and who says so: the CRM's own flags first, then what was decided on Import health, settings.toml, and the CRM's definition. One that nobody knows has a blank meaning, and its records are counted apart until somebody says."
grain = "One row per kind, CRM and word."
direction = "none"
source = "settings.toml, words.toml, ingest/crms; the exports' own flags"
records = "word_records"

[columns.kind]
unit = "text"
text = "stage (of deals) or lead_status"
[columns.crm]
unit = "id"
text = "The CRM's short name"
[columns.crm_title]
unit = "text"
text = "CRM or mapping"
[columns.word]
unit = "text"
text = "The stage or status as the exports write it"
[columns.meaning]
unit = "text"
text = "What it means here; blank where nobody knows"
[columns.origin]
unit = "text"
text = "Who says so"
[columns.records]
unit = "count"
text = "Deals or leads that stand there now"
[columns.past_records]
unit = "count"
text = "Deals or leads that stood there before"
[columns.unmapped_records]
unit = "count"
text = "Of those that stand there now: left out, because nothing else says what they are"
[columns.unmapped_ever]
unit = "count"
text = "The same, now or before"
*/
select kind, crm, crm_title, word, meaning, origin, records, past_records, unmapped_records, unmapped_ever
from crm.word_meaning
order by kind desc, meaning is not null, unmapped_ever desc, records desc, crm, word;
