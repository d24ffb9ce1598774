/*
title = "Campaign names that tell campaigns apart"
definition = "A campaign's name; with the day it started where several share the name, and with its id where that does not tell them apart either."
*/
create or replace macro campaign_label() as table
select campaign_id, label from crm.campaign_label;
