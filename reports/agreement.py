"""The agreement between marketing and sales, week by week: what was promised, what came, and what a broken promise may cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import polars as pl
from sqlalchemy import Engine

from estimators import last_week_end, promises_kept, response_association
from estimators.promises_kept import SCHEMA
from reports.asking import Ask
from reports.promises import PROMISES
from reports.what_if import price_of
from store.agreements import Agreement, Promised, Terms, agreed, agreements

WEEKS = 12
MATURE_DAYS = 180
_MOST_ATTEMPTS = 10
_PRICE_SCHEMA = pl.Schema(
    {
        "rate": pl.Float64(),
        "rate_low": pl.Float64(),
        "rate_high": pl.Float64(),
        "price_n": pl.Int64(),
        "deals": pl.Float64(),
        "money": pl.Float64(),
        "money_low": pl.Float64(),
        "money_high": pl.Float64(),
        "price_note": pl.String(),
    }
)


@dataclass(frozen=True)
class Version:
    """Terms that hold in weeks from a day on: a version that was signed, or what is suggested (number 0)."""

    number: int
    terms: Terms
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class AgreementWeeks:
    """How an agreement was kept: its versions, the weeks that are judged, and each promise's week with what it may cost.

    `rows` has the columns of `promises_kept`, and the price of what is broken. `is_suggested` says that nothing was signed
    for these weeks, and that they are judged by terms that are only suggested.
    """

    versions: Sequence[Version]
    weeks: Sequence[date]
    rows: pl.DataFrame
    is_suggested: bool
    average: float | None

    @property
    def last_week(self) -> date:
        """The first day of the last complete week."""
        return self.weeks[-1]

    def terms_in(self, week: date) -> Version | None:
        """Return what holds in a week; None before anything did."""
        found = [version for version in self.versions if version.valid_from <= week]
        return found[-1] if found else None

    def of_week(self, week: date, team: str | None = None) -> pl.DataFrame:
        """Return a week's rows, of one team or of both."""
        rows = self.rows.filter(pl.col("week") == week)
        return rows if team is None else rows.filter(pl.col("team") == team)


def weeks_before(as_of: date, week_start: int, weeks: int = WEEKS) -> Sequence[date]:
    """Return the first days of the last complete weeks, the earliest first."""
    last = last_week_end(as_of, week_start) - timedelta(days=6)
    return [last - timedelta(weeks=number) for number in reversed(range(weeks))]


def signed_versions(found: Sequence[Agreement]) -> Sequence[Version]:
    """Return the versions that both teams signed, each with the day on which the next one takes over."""
    kept = sorted(agreed(found), key=lambda version: version.valid_from)
    return [
        Version(version.number, version.terms, version.valid_from, following.valid_from if following else None)
        for version, following in zip(kept, [*kept[1:], None], strict=False)
    ]


def suggested_terms(ask: Ask, as_of: date, week_start: int) -> Terms | None:
    """Return terms that half of the last twelve complete weeks would have kept: the median of each promise's weeks.

    The limits are those of the settings; of attempts, the median before a lead was let go, at least one. A promise that the
    exports do not record is not suggested. None where one of the teams would have none to make.
    """
    weeks = weeks_before(as_of, week_start)
    span = {"as_of": as_of, "period_start": weeks[0], "period_end": weeks[-1] + timedelta(days=7)}
    setting = ask("agreement_limits", as_of=as_of)
    if setting.is_empty():
        return None
    tries = ask("promise_records", **span, promise="attempts")["attempts"].drop_nulls()
    middle = tries.median()
    wanted = max(1, min(_MOST_ATTEMPTS, int(middle) if isinstance(middle, (int, float)) else 1))
    limits = {
        "decision_days": int(setting["decision_days"][0]),
        "response_hours": int(setting["response_hours"][0]),
        "attempts": wanted,
        "attempt_days": 14,
    }
    facts = ask("promises_by_week", **span, **limits).filter("is_due")
    promises = []
    for name, words in PROMISES.items():
        mine = facts.filter(pl.col("promise") == name)
        if words.is_share:
            mine = mine.filter(pl.col("counted") > 0)
            value = (mine["kept"] / mine["counted"]).median()
            step = Decimal("0.01")
        else:
            value, step = mine["kept"].cast(pl.Float64).median(), Decimal(1)
        if not isinstance(value, (int, float)):
            continue
        # Rounded down, so that a week like the middle one keeps it; what rounds to nothing is nothing to promise.
        round_value = (Decimal(str(value)) / step).quantize(Decimal(1), ROUND_FLOOR) * step
        if round_value > 0:
            promises.append(Promised(name, round_value))
    if {PROMISES[promise.name].team for promise in promises} < {"marketing", "sales"}:
        return None
    return Terms(tuple(promises), **limits)


def agreement_weeks(
    ask: Ask, versions: Sequence[Version], as_of: date, week_start: int, *, is_suggested: bool, weeks: int = WEEKS
) -> AgreementWeeks:
    """Return how the promises were kept in the last complete weeks, and what each broken one may cost.

    Parameters
    ----------
    ask
        Asks a query.
    versions
        What holds from when on, the earliest first: signed, or suggested.
    as_of
        The last day that counts.
    week_start
        The weekday on which weeks begin, 1 Monday to 7 Sunday.
    is_suggested
        Nothing was signed.
    weeks
        How many weeks.
    """
    shown = weeks_before(as_of, week_start, weeks)
    span = {"as_of": as_of, "period_start": shown[0], "period_end": shown[-1] + timedelta(days=7)}
    holding = [version for version in versions if any(_holds(version, week) for week in shown)]
    facts = [
        ask("promises_by_week", **span, **version.terms.limits).with_columns(
            number=pl.lit(version.number, dtype=pl.Int64)
        )
        for version in holding
    ]
    if not facts:
        facts = [ask("promises_by_week", **span).clear().with_columns(number=pl.lit(None, dtype=pl.Int64))]
    rows = promises_kept(pl.concat(facts), _promised(holding), shown)
    average = _average(ask, as_of)
    return AgreementWeeks(versions, shown, _priced(ask, rows, holding, as_of, average), is_suggested, average)


def agreement_in_force(ask: Ask, engine: Engine, as_of: date) -> pl.DataFrame:
    """Return how the signed agreement was kept in the last twelve complete weeks; no rows where none holds in the last one.

    Parameters
    ----------
    ask
        Asks a query.
    engine
        The store.
    as_of
        The last day that counts.

    Raises
    ------
    QueryError, StoreError
        The warehouse or the store cannot be read.
    """
    about = ask("freshness")
    none = pl.DataFrame(schema={**SCHEMA, **_PRICE_SCHEMA})
    if about.is_empty():
        return none
    week_start = int(about["week_start"][0])
    last = weeks_before(as_of, week_start, 1)[0]
    versions = [version for version in signed_versions(agreements(engine)) if version.valid_from <= last]
    if not versions:
        return none
    return agreement_weeks(ask, versions, as_of, week_start, is_suggested=False).rows


def _holds(version: Version, week: date) -> bool:
    return version.valid_from <= week and (version.valid_until is None or week < version.valid_until)


def _promised(versions: Iterable[Version]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "number": version.number,
                "promise": promise.name,
                "team": PROMISES[promise.name].team,
                "bound": promise.bound,
                "value": float(promise.value),
                "is_share": PROMISES[promise.name].is_share,
                "valid_from": version.valid_from,
                "valid_until": version.valid_until,
            }
            for version in versions
            for name in PROMISES
            if (promise := version.terms.of(name)) is not None
        ],
        schema={
            "number": pl.Int64,
            "promise": pl.String,
            "team": pl.String,
            "bound": pl.String,
            "value": pl.Float64,
            "is_share": pl.Boolean,
            "valid_from": pl.Date,
            "valid_until": pl.Date,
        },
    )


def _average(ask: Ask, as_of: date) -> float | None:
    """Return the average amount of deals won in the past year that began as a lead; None where it is not known."""
    sizes = ask("goal_won_sizes", as_of=as_of).filter(pl.col("origin") == "lead")["average"].to_list()
    return float(sizes[0]) if sizes and sizes[0] is not None else None


def _priced(
    ask: Ask, rows: pl.DataFrame, versions: Sequence[Version], as_of: date, average: float | None
) -> pl.DataFrame:
    """Return the rows with what each broken promise may cost; a dash with a note where that cannot be told."""
    empty = dict.fromkeys(_PRICE_SCHEMA)
    if rows.filter(pl.col("state") == "broken").is_empty():
        return pl.concat([rows, pl.DataFrame([empty] * rows.height, schema=_PRICE_SCHEMA)], how="horizontal")
    steps = {row["stage"]: row for row in ask("goal_steps", as_of=as_of).iter_rows(named=True)}
    late = {version.number: _late(ask, version.terms, as_of) for version in versions}
    prices = []
    for row in rows.iter_rows(named=True):
        if row["state"] != "broken":
            prices.append(empty)
        elif row["bound"] == "at most":
            prices.append(empty | {"price_note": "more than agreed is not priced"})
        elif PROMISES[row["promise"]].stage is not None:
            prices.append(empty | _by_step(row["short"], steps.get(PROMISES[row["promise"]].stage or ""), average))
        else:
            prices.append(empty | _by_difference(row["short"], late[row["number"]].get(row["promise"]), average))
    return pl.concat([rows, pl.DataFrame(prices, schema=_PRICE_SCHEMA)], how="horizontal")


def _by_step(short: float, step: Mapping[str, Any] | None, average: float | None) -> dict[str, Any]:
    """Return what so many missing of a stage are worth, by the mature share of them that is won."""
    if step is None or not step["is_recorded"]:
        return {"price_note": "this stage is not recorded"}
    if not step["reached"] or step["share_won"] is None:
        return {"price_note": "no lead is old enough to be judged, or no win is recorded"}
    rate = (step["share_won"], step["low"], step["high"])
    note = None if average is not None else "no won deal from a lead carries an amount"
    return _price(short, rate, step["reached"], average) | {"price_note": note}


def _by_difference(short: float, late: Mapping[str, Any] | None, average: float | None) -> dict[str, Any]:
    """Return what so many broken ones are worth, by the difference of the won rates: an association."""
    if late is None or late["difference"] is None:
        return {"price_note": "cannot tell: too few mature leads on one of the sides"}
    # The difference is of broken to kept: what is lost has the other sign.
    rate = (-late["difference"], -late["high"], -late["low"])
    found = {"rate": rate[0], "rate_low": rate[1], "rate_high": rate[2], "price_n": late["matched_leads"]}
    if late["verdict"] == "cannot tell":
        return found | {"price_note": "cannot tell: the interval of the difference holds 0"}
    if late["verdict"] == "up":
        return found | {"price_note": "those were won more often, not less: nothing is at stake by this"}
    note = "an association, not a cause"
    return _price(short, rate, late["matched_leads"], average) | {"price_note": note}


def _price(short: float, rate: tuple[float, float, float], counted: int, average: float | None) -> dict[str, Any]:
    price = price_of(short, rate, average)
    return {
        "rate": rate[0],
        "rate_low": rate[1],
        "rate_high": rate[2],
        "price_n": counted,
        "deals": price.deals,
        "money": price.money,
        "money_low": price.money_low,
        "money_high": price.money_high,
    }


def kept_and_broken_won(ask: Ask, terms: Terms, as_of: date) -> pl.DataFrame:
    """Return the won rates after each of sales' promises was kept and after it was broken, leads of one kind compared.

    The columns of `response_association`, and `promise`; no rows where nothing is recorded.
    """
    cells = ask("promise_outcomes", as_of=as_of, days=MATURE_DAYS, **terms.limits)
    found = [
        response_association(cells.filter(pl.col("promise") == name)).with_columns(promise=pl.lit(name))
        for name in cells["promise"].unique(maintain_order=True)
    ]
    return (
        pl.concat(found) if found else response_association(cells).with_columns(promise=pl.lit(None, dtype=pl.String))
    )


def _late(ask: Ask, terms: Terms, as_of: date) -> dict[str, dict[str, Any]]:
    rows = kept_and_broken_won(ask, terms, as_of).filter(pl.col("response") == "broken")
    return {row["promise"]: row for row in rows.iter_rows(named=True)}
