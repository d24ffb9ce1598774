"""How many leads will ever be won, and when: a mixture of those who never will be and those who will, some day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit

from estimators.check import need
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]

_TITLE = "What leads will bring cannot be told"
# Half of the 95% point of chi squared with one degree of freedom.
_DROP = 1.920729410347062
_LEAST_WON = 10

HEADER = EstimatorHeader(
    name="cure_fraction",
    title="Won sooner or later",
    definition=(
        "The share of leads that will ever be won, also those who are too young by now. Leads are taken as a mixture: "
        "some will never be won however long one waits, and the others after a time that follows a Weibull curve. The "
        "interval holds all shares that fit the leads nearly as well. Where the leads were not watched for long enough "
        "to see the wins run out, slow buyers cannot be told from those who never buy, the interval is wide, and "
        "is_mature says so. With fewer than ten wins nothing is said."
    ),
    grain="One row per group.",
    direction="higher",
    source="Boag (1949), Farewell (1982): mixture cure model, days as intervals; interval by profile likelihood",
    inputs=("lead_survival",),
    columns={
        "dimension_value": EstimatorColumn("text", "The group"),
        "leads": EstimatorColumn("count", "Leads watched"),
        "won": EstimatorColumn("count", "Of these, won so far"),
        "ever_won": EstimatorColumn("share", "Share that will ever be won; a dash with fewer than ten wins"),
        "low": EstimatorColumn("share", "Lower end of its 95% interval"),
        "high": EstimatorColumn("share", "Upper end of its 95% interval"),
        "never_won": EstimatorColumn("share", "1 - ever_won: the share that time does not win"),
        "won_so_far": EstimatorColumn("share", "Won so far / leads"),
        "median_days": EstimatorColumn("days", "Days after which half of those who will be won are"),
        "shape": EstimatorColumn("number", "Shape of the Weibull curve: below 1 most wins come at once"),
        "scale": EstimatorColumn("days", "Scale of the Weibull curve"),
        "is_mature": EstimatorColumn("flag", "Leads were watched until 95% of the wins to come had come"),
    },
)

COMING_HEADER = EstimatorHeader(
    name="wins_to_come",
    title="What today's leads will still bring",
    definition=(
        "How many of the leads that are open today will be won, month by month. Each lead counts with its age: the older "
        "it is without a win, the likelier it is one of those who never will be. The interval holds both the luck of the "
        "single leads and how well the curve is known."
    ),
    grain="One row per group and span of days from today.",
    direction="higher",
    source=HEADER.source,
    inputs=("lead_survival",),
    columns={
        "dimension_value": EstimatorColumn("text", "The group"),
        "span": EstimatorColumn("text", "The span, as it was named"),
        "expected": EstimatorColumn("number", "Wins expected in it"),
        "low": EstimatorColumn("number", "Lower end of the 95% interval of the number of wins"),
        "high": EstimatorColumn("number", "Upper end of the 95% interval of the number of wins"),
    },
)


@dataclass(frozen=True)
class _Leads:
    """Leads of one group by day: the day, how many were won on it, and how many watched up to it."""

    day: Floats
    won: Floats
    censored: Floats


@dataclass(frozen=True)
class _Fit:
    """The most likely curve: log odds of the share, logarithms of shape and scale; and its log likelihood."""

    at: Floats
    best: float


def cure_fraction(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the share of leads that will ever be won, for every group.

    Parameters
    ----------
    frame
        One row per `dimension_value` and `day`: how many were `won` on that day, and how many `censored` (watched up to
        that day and not won), as the query `lead_survival` gives them.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes. No rows for an empty frame.

    Raises
    ------
    EstimatorError
        A column is missing, or a day or a count is negative.
    """
    rows = []
    for value, leads in _groups(frame):
        count, won = leads.won.sum() + leads.censored.sum(), leads.won.sum()
        row: dict[str, object] = {
            "dimension_value": value,
            "leads": int(count),
            "won": int(won),
            "won_so_far": won / count,
        }
        if won >= _LEAST_WON:
            fit = _fit(leads)
            share, shape, scale = float(expit(fit.at[0])), float(np.exp(fit.at[1])), float(np.exp(fit.at[2]))
            low, high = _profile(leads, fit)
            watched = float(leads.day.max()) + 1
            row |= {"ever_won": share, "low": low, "high": high, "never_won": 1 - share, "shape": shape, "scale": scale}
            row |= {"median_days": scale * np.log(2) ** (1 / shape)}
            row |= {"is_mature": bool(1 - np.exp(-((watched / scale) ** shape)) >= 0.95)}
        rows.append(row)
    return _frame(rows, HEADER)


def wins_to_come(frame: pl.DataFrame, spans: pl.DataFrame, *, draws: int = 1000, seed: int = 1) -> pl.DataFrame:
    """Return how many of the leads that are open now will be won in each span of days.

    Parameters
    ----------
    frame
        As `cure_fraction` takes it; the leads watched and not won are those open now, and their day is their age.
    spans
        One row per span: its name (`span`) and its days from now, `first_day` (1 is tomorrow) to `last_day`.
    draws, seed
        How many curves are drawn for the interval, and where chance begins.

    Returns
    -------
    polars.DataFrame
        The columns that `COMING_HEADER` describes. A group with fewer than ten wins has no rows.

    Raises
    ------
    EstimatorError
        A column is missing, or a day or a count is negative.
    """
    need(spans, ("span", "first_day", "last_day"), _TITLE, not_negative=("first_day", "last_day"))
    rows = []
    for number, (value, leads) in enumerate(_groups(frame)):
        if leads.won.sum() < _LEAST_WON:
            continue
        fit = _fit(leads)
        rng = np.random.default_rng(seed + number)
        curves = rng.multivariate_normal(fit.at, _covariance(leads, fit), draws, check_valid="ignore")
        for span in spans.iter_rows(named=True):
            edges = float(span["first_day"]), float(span["last_day"]) + 1
            expected = float(_coming(leads, fit.at[None], *edges)[0])
            # Of many unlikely wins each is nearly independent of the others: their number is Poisson's.
            drawn = rng.poisson(_coming(leads, curves, *edges))
            low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
            row = {"dimension_value": value, "span": span["span"], "expected": expected}
            rows.append(row | {"low": min(low, expected), "high": max(high, expected)})
    return _frame(rows, COMING_HEADER)


def _groups(frame: pl.DataFrame) -> list[tuple[object, _Leads]]:
    counts = ("day", "won", "censored")
    need(frame, ("dimension_value", *counts), _TITLE, not_negative=counts)
    return [
        (value, _Leads(*(group[name].to_numpy().astype(np.float64) for name in counts)))
        for (value,), group in frame.group_by(["dimension_value"], maintain_order=True)
    ]


def _reached(day: Floats, shape: Floats | float, scale: Floats | float) -> Floats:
    """Return the share of those who will be won that are, by so many days."""
    with np.errstate(over="ignore"):
        share: Floats = -np.expm1(-((day / scale) ** shape))
    return share


def _unlikely(at: Floats, leads: _Leads) -> float:
    """Return minus the log likelihood; a win on day 5 came in the sixth day, and one watched to day 5 saw it end."""
    share = expit(at[0])
    shape, scale = np.exp(np.clip(at[1], -4, 4)), np.exp(np.clip(at[2], -4, 14))
    by_end = _reached(leads.day + 1, shape, scale)
    step = share * (by_end - _reached(leads.day, shape, scale))
    waiting = 1 - share * by_end
    return -float(leads.won @ np.log(np.maximum(step, 1e-300)) + leads.censored @ np.log(np.maximum(waiting, 1e-300)))


def _fit(leads: _Leads) -> _Fit:
    """Return the most likely curve, from several beginnings, since a flat likelihood has slopes that lead nowhere."""
    so_far = leads.won.sum() / (leads.won.sum() + leads.censored.sum())
    mean = max(float(leads.won @ leads.day / leads.won.sum()), 1.0)
    best: _Fit | None = None
    for more in (1.05, 1.5, 3.0):
        start = np.array([logit(min(so_far * more, 0.95)), 0.0, np.log(mean * more)])
        found = minimize(_unlikely, start, args=(leads,), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7})
        if best is None or -found.fun > best.best:
            best = _Fit(np.asarray(found.x), -float(found.fun))
    assert best is not None  # noqa: S101
    return best


def _profile(leads: _Leads, fit: _Fit) -> tuple[float, float]:
    """Return all shares that fit the leads nearly as well, each with the curve that then fits best."""
    last = {"curve": fit.at[1:]}

    def lacking(odds: float) -> float:
        def given(curve: Floats) -> float:
            return _unlikely(np.concatenate(([odds], curve)), leads)

        found = minimize(given, last["curve"], method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-5})
        last["curve"] = np.asarray(found.x)
        return fit.best + float(found.fun) - _DROP

    ends = []
    for direction in (-1.0, 1.0):
        last["curve"] = fit.at[1:]
        step, inner = 0.1, float(fit.at[0])
        while (outer := float(fit.at[0]) + direction * step) and abs(outer) < 12:
            if lacking(outer) > 0:
                ends.append(float(expit(brentq(lacking, inner, outer, xtol=1e-3))))
                break
            inner, step = outer, step * 1.6
        else:
            ends.append(0.0 if direction < 0 else 1.0)
    return ends[0], ends[1]


def _covariance(leads: _Leads, fit: _Fit) -> Floats:
    """Return the covariance of the estimates: the inverse of the likelihood's curvature."""
    step = 1e-3
    curvature = np.empty((3, 3))
    moves = np.eye(3) * step
    for i in range(3):
        for j in range(3):
            corners = (
                _unlikely(fit.at + moves[i] + moves[j], leads)
                - _unlikely(fit.at + moves[i] - moves[j], leads)
                - _unlikely(fit.at - moves[i] + moves[j], leads)
                + _unlikely(fit.at - moves[i] - moves[j], leads)
            )
            curvature[i, j] = corners / (4 * step * step)
    # Where the likelihood is flat, a curvature of nearly nothing would be an endless variance: at most 1.5 each way.
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    covariance: Floats = (vectors / np.maximum(values, 1 / 1.5**2)) @ vectors.T
    return covariance


def _coming(leads: _Leads, curves: Floats, first: float, last: float) -> Floats:
    """Return the wins expected of the leads still open in a span of days from now, by each curve."""
    share = expit(curves[:, 0])[:, None]
    shape, scale = np.exp(np.clip(curves[:, 1:], -4, 14)).T[..., None]
    age = leads.day[leads.censored > 0]
    begun, ended = (_reached(age + edge, shape, scale) for edge in (first, last))
    chance = share * (ended - begun) / (1 - share * _reached(age + 1, shape, scale)).clip(1e-9)
    coming: Floats = chance @ leads.censored[leads.censored > 0]
    return coming


def _frame(rows: list[dict[str, object]], header: EstimatorHeader) -> pl.DataFrame:
    kinds = {"text": pl.String, "count": pl.Int64, "flag": pl.Boolean}
    schema = {name: kinds.get(column.unit, pl.Float64) for name, column in header.columns.items()}
    return pl.DataFrame(rows, schema=schema)
