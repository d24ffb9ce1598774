"""Asking a question: parameters checked, inputs handed over, the result as a polars frame."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from queries.catalogue import find
from queries.errors import QueryError
from queries.header import Param
from queries.warehouse import Mark, current_version, open_warehouse, version_mark

# What people wrote reaches a query as one of these frames; without any, it is empty.
INPUT_SCHEMAS: dict[str, pl.Schema] = {
    "goals": pl.Schema(
        {
            "measure": pl.String(),
            "period_start": pl.Date(),
            "period_end": pl.Date(),
            "scope": pl.String(),
            "scope_value": pl.String(),
            "value": pl.Decimal(18, 2),
            "set_at": pl.Datetime("us"),
            "set_by": pl.String(),
        }
    )
}


def run(
    name: str,
    params: Mapping[str, Any] | None = None,
    *,
    inputs: Mapping[str, pl.DataFrame] | None = None,
    version: Path | None = None,
) -> pl.DataFrame:
    """Ask one question of the warehouse.

    Parameters
    ----------
    name
        The query's name, as `catalogue` lists it.
    params
        Its parameters by name; those not given are null, `as_of` the newest day that the data knows. `period`
        (2026, 2026-Q4, 2026-11) stands for `period_start` and `period_end`. Dates may be ISO texts; a list of texts
        may be one text.
    inputs
        Frames of what people wrote, for queries that declare them.
    version
        The warehouse file to ask; the current one when None.

    Returns
    -------
    polars.DataFrame
        The columns that the query's header describes. No rows, or nulls, where nothing is known: never a zero.

    Raises
    ------
    QueryError
        The query or a parameter is not known, or a parameter cannot be used.
    NoDataError
        Nothing was imported yet.
    """
    query = find(name)
    path = version or current_version()
    connection = open_warehouse(path)
    given = _with_period(dict(params or {}), query.header.params, path)
    for key in given:
        if key not in query.header.params:
            known = ", ".join(query.header.params) or "none"
            raise QueryError("That parameter is not known", f"{name} has no parameter '{key}'; it takes {known}.")
    values = {key: _value(param, given.get(key), name) for key, param in query.header.params.items()}
    if "as_of" in values and values["as_of"] is None:
        values["as_of"] = newest_date(path)
    cursor = connection.cursor()
    try:
        for wanted in query.header.inputs:
            frame = (inputs or {}).get(wanted)
            schema = INPUT_SCHEMAS[wanted]
            frame = pl.DataFrame(schema=schema) if frame is None else frame.select(list(schema)).cast(schema)
            cursor.register(wanted, frame.to_arrow())
        result: pl.DataFrame = cursor.sql(query.sql, params=values).pl()
    except duckdb.Error as error:
        raise QueryError("A question could not be answered", f"{name}: {error}") from error
    else:
        return result
    finally:
        cursor.close()


def newest_date(version: Path) -> date | None:
    """Return the newest day that a warehouse version knows: the default as-of day."""
    return _newest_date(version, version_mark(version))


@lru_cache(maxsize=4)
def _newest_date(version: Path, _mark: Mark) -> date | None:
    cursor = open_warehouse(version).cursor()
    rows = cursor.execute("select newest_date from crm.known").fetchall()
    found: date | None = rows[0][0] if rows else None
    return found


def period_bounds(period: str, version: Path | None = None) -> tuple[date, date]:
    """Return the first day of a fiscal period and the day after its last.

    Raises
    ------
    QueryError
        The calendar holds no such period.
    """
    path = version or current_version()
    cursor = open_warehouse(path).cursor()
    rows = cursor.execute(
        "select period_start, period_end from crm.fiscal_period where period = $period", {"period": period}
    ).fetchall()
    if not rows:
        raise QueryError(
            "There is no such period",
            f"'{period}' should look like 2026, 2026-Q4 or 2026-11, near the data's years.",
        )
    start, end = rows[0]
    return start, end


def _with_period(given: dict[str, Any], params: Mapping[str, Param], version: Path) -> dict[str, Any]:
    period = given.pop("period", None) if "period" not in params and "period_start" in params else None
    if period is None:
        return given
    start, end = period_bounds(str(period), version)
    return {**given, "period_start": start, "period_end": end}


def _value(param: Param, value: Any, name: str) -> Any:
    """Return a parameter's value in its type; raises `QueryError` where it has another."""
    if value is None:
        return None
    if param.type == "date":
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise QueryError(
                "A parameter cannot be read",
                f"{name}, {param.name}: '{value}' should be a day like 2026-11-16.",
            ) from error
    if param.type == "number":
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise QueryError(
                "A parameter cannot be read", f"{name}, {param.name}: '{value}' should be a whole number."
            ) from error
    if param.type == "texts":
        texts = [value] if isinstance(value, str) else list(value) if isinstance(value, Sequence) else None
        if texts is None or not all(isinstance(text, str) for text in texts):
            raise QueryError("A parameter cannot be read", f"{name}, {param.name}: it should be texts.")
        return texts
    if not isinstance(value, str) or not param.allows(value):
        wanted = f"one of {', '.join(param.choices)}" if param.choices else "a text"
        wanted += f", or begin with '{param.prefix}'" if param.prefix else ""
        raise QueryError("A parameter cannot be read", f"{name}, {param.name}: '{value}' should be {wanted}.")
    return value
