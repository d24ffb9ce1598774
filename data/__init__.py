"""Sample data, and the maker of it: a believable company, written as its CRM's own exports would be."""
