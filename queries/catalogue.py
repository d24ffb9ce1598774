"""Every question that can be asked: the `.sql` files of this folder, found, with their headers checked."""

import tomllib
from dataclasses import dataclass
from functools import cache

from queries.errors import QueryError
from queries.header import HERE, Header, parse_header, split_header


@dataclass(frozen=True)
class Query:
    """One question: its header and its SQL."""

    header: Header
    sql: str


@dataclass(frozen=True)
class Word:
    """One word that queries share: what it means, and the macro that says so in SQL."""

    name: str
    title: str
    definition: str
    sql: str


@cache
def catalogue() -> dict[str, Query]:
    """Return every query by name; raises `QueryError` where a header is incomplete."""
    found = {}
    for path in sorted(HERE.glob("*.sql")):
        head, sql = split_header(path.read_text(encoding="utf-8"), path.stem)
        found[path.stem] = Query(parse_header(head, path.stem), sql)
    return found


@cache
def words() -> dict[str, Word]:
    """Return the shared words by name."""
    found = {}
    for path in sorted((HERE / "words").glob("*.sql")):
        head, sql = split_header(path.read_text(encoding="utf-8"), path.stem)
        document = tomllib.loads(head)
        found[path.stem] = Word(path.stem, document["title"], document["definition"], sql)
    return found


def find(name: str) -> Query:
    """Return one query by name.

    Raises
    ------
    QueryError
        There is none of that name.
    """
    query = catalogue().get(name)
    if query is None:
        raise QueryError("There is no such query", f"'{name}' should be one of {', '.join(catalogue())}.")
    return query
