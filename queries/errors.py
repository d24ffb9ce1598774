"""What goes wrong when a question is asked."""

from base.errors import SamePageError


class QueryError(SamePageError):
    """A query, its header or its parameters are wrong, or there is nothing to ask yet."""


class NoDataError(QueryError):
    """Nothing was imported yet."""

    def __init__(self) -> None:
        super().__init__("Nothing was imported yet", "Import an export first (the Import page, or python -m ingest).")
