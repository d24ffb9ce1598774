"""Writers of documents: a module for each form."""
