"""The made-up facts as Salesforce and HubSpot write them: frames with the true column names, all text."""
