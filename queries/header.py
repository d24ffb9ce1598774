"""The header of a query: what it says on screen, what it takes and what it gives; checked before it is used."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from queries.errors import QueryError

UNITS = ("text", "id", "count", "number", "money", "share", "ratio", "days", "date", "time", "flag")
TYPES = ("date", "text", "texts", "number")
DIRECTIONS = ("higher", "lower", "none")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Column:
    """One column of a result: its unit, what it means, and whether it may be summed over the values of a filter."""

    name: str
    unit: str
    text: str
    is_additive: bool


@dataclass(frozen=True)
class Param:
    """One parameter of a query: its type (a date, a text, several texts, or a whole number), what it does, what it may be."""

    name: str
    type: str
    text: str
    choices: tuple[str, ...] | None
    prefix: str | None = None

    def allows(self, value: str) -> bool:
        """Tell whether a text is one of the choices, or begins as it may."""
        return not self.choices or value in self.choices or (self.prefix is not None and value.startswith(self.prefix))


@dataclass(frozen=True)
class Header:
    """What a query (or an estimator) says about itself. The text on screen is this text."""

    name: str
    title: str
    definition: str
    grain: str
    direction: str
    source: str
    columns: dict[str, Column]
    params: dict[str, Param]
    inputs: tuple[str, ...]
    records: str | None


def split_header(text: str, name: str) -> tuple[str, str]:
    """Return the TOML of the leading comment and the SQL below it.

    Raises
    ------
    QueryError
        The file does not begin with a header.
    """
    match = re.match(r"\s*/\*(.*?)\*/(.*)", text, re.DOTALL)
    if match is None:
        raise QueryError("A query has no header", f"{name} should begin with /* and its header in TOML.")
    return match[1], match[2].strip()


@cache
def shared_params() -> dict[str, dict[str, Any]]:
    """Return the parameters that many queries share, as params.toml describes them."""
    return tomllib.loads((HERE / "params.toml").read_text(encoding="utf-8"))


def parse_header(text: str, name: str) -> Header:
    """Read and check a header.

    Parameters
    ----------
    text
        The TOML.
    name
        The query's name, for errors.

    Raises
    ------
    QueryError
        Something is missing or not known; the message says which.
    """

    def fail(what: str) -> QueryError:
        return QueryError("A query's header is wrong", f"{name}: {what}")

    def words(table: dict[str, Any], key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise fail(f"{where} needs '{key}'")
        return value

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise fail(f"its header is not TOML: {error}") from error
    known = {
        "title",
        "definition",
        "grain",
        "direction",
        "source",
        "columns",
        "params",
        "inputs",
        "records",
        "uses",
    }
    if unknown := set(document) - known:
        raise fail(f"'{unknown.pop()}' is not known in a header")
    columns = {}
    for column, spec in document.get("columns", {}).items():
        unit = words(spec, "unit", f"column {column}")
        if unit not in UNITS:
            raise fail(f"column {column} has the unit '{unit}'; it should be one of {', '.join(UNITS)}")
        columns[column] = Column(column, unit, words(spec, "text", f"column {column}"), spec.get("additive", False))
    if not columns:
        raise fail("it describes no columns")
    params = {}
    for used in _ungrouped(document.get("uses", []), fail):
        param = _param(shared_params()[used].get("name", used), shared_params()[used], words, fail)
        params[param.name] = param
    for param_name, spec in document.get("params", {}).items():
        params[param_name] = _param(param_name, spec, words, fail)
    direction = words(document, "direction", "it")
    if direction not in DIRECTIONS:
        raise fail(f"its direction is '{direction}'; it should be one of {', '.join(DIRECTIONS)}")
    return Header(
        name=name,
        title=words(document, "title", "it"),
        definition=words(document, "definition", "it"),
        grain=words(document, "grain", "it"),
        direction=direction,
        source=words(document, "source", "it"),
        columns=columns,
        params=params,
        inputs=tuple(document.get("inputs", [])),
        records=document.get("records"),
    )


def _ungrouped(uses: list[str], fail: Any) -> list[str]:
    """Return the names of shared parameters, those of groups one by one."""
    names = []
    for used in uses:
        if used not in shared_params():
            raise fail(f"'{used}' is not a shared parameter; they are {', '.join(shared_params())}")
        names += shared_params()[used].get("group", [used])
    return names


def _param(name: str, spec: dict[str, Any], words: Any, fail: Any) -> Param:
    kind = words(spec, "type", f"parameter {name}")
    if kind not in TYPES:
        raise fail(f"parameter {name} has the type '{kind}'; it should be one of {', '.join(TYPES)}")
    choices = spec.get("choices")
    return Param(
        name, kind, words(spec, "text", f"parameter {name}"), tuple(choices) if choices else None, spec.get("prefix")
    )
