"""Every number from the data: one `.sql` file a question, its header first.

`run` asks one, `catalogue` lists them all, `words` are the macros that they share.
"""

from queries.catalogue import Query, Word, catalogue, find, words
from queries.errors import NoDataError, QueryError
from queries.header import Column, Header, Param
from queries.run import INPUT_SCHEMAS, newest_date, period_bounds, run
from queries.warehouse import current_version, version_mark

__all__ = [
    "INPUT_SCHEMAS",
    "Column",
    "Header",
    "NoDataError",
    "Param",
    "Query",
    "QueryError",
    "Word",
    "catalogue",
    "current_version",
    "find",
    "newest_date",
    "period_bounds",
    "run",
    "version_mark",
    "words",
]
