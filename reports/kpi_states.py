"""How each picked KPI stands as of a day: its last complete week beside its goal, its band, its past, and its limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from charts.numbers import NumberFormat, day
from estimators import by_week, last_week_end, xmr
from queries.metrics import Metric, metrics
from store.kpis import Baseline, Pick, PickGoal
from store.own_series import OWN, Series

_WEEK = timedelta(days=7)
_RULES = {
    "1": "outside its limits",
    "2": "eighth week in a row on one side of its mean",
    "3": "third of four weeks near one limit",
}
DAYS_SCHEMA = pl.Schema({"metric": pl.String(), "day": pl.Date(), "value": pl.Float64(), "weight": pl.Float64()})


@dataclass(frozen=True)
class Calendar:
    """When weeks begin (1 Monday to 7 Sunday) and in which month the fiscal year does."""

    week_start: int = 1
    fiscal_year_start_month: int = 1

    @property
    def week_ending(self) -> int:
        """The weekday on which weeks end, 1 Monday to 7 Sunday."""
        return (self.week_start + 5) % 7 + 1

    @property
    def fiscal_year_end(self) -> int:
        """The month in which the fiscal year ends."""
        return (self.fiscal_year_start_month + 10) % 12 + 1


@dataclass(frozen=True)
class KpiState:
    """One KPI as of a day; `value` is that of the week that ends on `week_end`, None where it is not known.

    `judged` is reached, missed (its goal), inside, outside (its band), or None without either; `verdict` is signal or
    routine, None where limits cannot be drawn; `weeks` are the XmR rows, the last of which is this week.
    """

    metric: Metric
    pick: Pick | None
    week_end: date
    value: float | None
    week_before: float | None
    four_weeks: float | None
    year_ago: float | None
    goal: float | None
    judged: str | None
    verdict: str | None
    fired: str | None
    weeks: pl.DataFrame = field(repr=False)

    @property
    def week_start(self) -> date:
        """First day of the week."""
        return self.week_end - timedelta(days=6)

    @property
    def is_good(self) -> bool | None:
        """Whether the week is on the better side of its mean; None where neither side is better."""
        if self.verdict is None or self.value is None or self.metric.better == "none":
            return None
        above = self.value >= float(self.weeks["mean"][-1])
        return above == (self.metric.better == "higher")

    @property
    def _going_on(self) -> str:
        """What a signal is that began in an earlier week."""
        is_run = self.weeks.height > 0 and bool(self.weeks["is_run"][-1])
        return (
            "more than eight weeks in a row on one side of its mean" if is_run else "three of four weeks near one limit"
        )

    def shown(self, numbers: NumberFormat, value: float | Decimal | None) -> str:
        """Return a value as people read it, in this KPI's unit."""
        return shown_as(self.metric.unit, numbers, value)

    def sentence(self, numbers: NumberFormat) -> str:
        """Say in one sentence how the KPI stands."""
        name = self.metric.title
        if self.value is None:
            return f"{name}: not known for the week to {day(self.week_end)}; the exports record nothing that it counts."
        text = f"{name} was {self.shown(numbers, self.value)} in the week to {day(self.week_end)}"
        if self.goal is not None:
            text += f", {'at or beyond' if self.judged == 'reached' else 'short of'} the goal of {self.shown(numbers, self.goal)}"
        elif self.judged is not None:
            text += f", {self.judged} its band"
        if self.verdict == "signal":
            rule = _RULES.get((self.fired or "").split(", ")[0], self._going_on)
            ends = {
                True: ", and that is good: find out why and keep it",
                False: ": ask what changed",
                None: ": ask what changed",
            }
            return f"{text}: a signal ({rule}){ends[self.is_good]}."
        if self.verdict == "routine":
            return f"{text}: routine, so a week up or down needs no story."
        return f"{text}; too few weeks to tell a signal from routine."


def shown_as(unit: str, numbers: NumberFormat, value: float | Decimal | None) -> str:
    """Return a weekly value as people read it."""
    if unit == "money":
        return numbers.money(value)
    if unit == "share":
        return numbers.share(value)
    if unit == "days":
        return numbers.days(value)
    return numbers.number(value, 0 if value is None or float(value).is_integer() else 1)


def as_stored(unit: str, typed: float | None) -> Decimal | None:
    """Return a value that people typed in a metric's unit as the store keeps it: a share is typed as a percentage."""
    if typed is None:
        return None
    return Decimal(str(typed)) / (100 if unit == "share" else 1)


def as_typed(unit: str, stored: Decimal | None) -> float | None:
    """Return a stored value as people type it; the way back of `as_stored`."""
    return None if stored is None else float(stored * (100 if unit == "share" else 1))


def catalogue_with(own: Sequence[Series]) -> dict[str, Metric]:
    """Return every metric that a team may pick: those of the queries, and the teams' own series."""
    return {**metrics(), **{series.metric: _as_metric(series) for series in own}}


def _as_metric(series: Series) -> Metric:
    text = series.text or "A series of the team's own, typed in or read from a file."
    return Metric(series.metric, series.name, text, series.team, series.unit, series.direction, series.over)


def own_days(own: Sequence[Series]) -> pl.DataFrame:
    """Return own series as days, as `metric_by_day` returns those of the queries."""
    rows = [
        (series.metric, at, float(value), 1.0 if series.over == "ratio" else None)
        for series in own
        for at, value in series.values
    ]
    return pl.DataFrame(rows, schema=DAYS_SCHEMA, orient="row")


def kpi_states(
    days: pl.DataFrame,
    known: Mapping[str, Metric],
    picks: Sequence[Pick],
    as_of: date,
    *,
    goals: Sequence[PickGoal] = (),
    baselines: Sequence[Baseline] = (),
    calendar: Calendar | None = None,
) -> list[KpiState]:
    """Return how picks stand.

    Parameters
    ----------
    days
        `metric_by_day` of these metrics, with own series below it (`own_days`).
    known
        `catalogue_with`.
    picks
        The picks, in order; one whose metric is not known any more is left out.
    as_of
        The last day that counts.
    goals, baselines
        Those of the picks, from the store.
    calendar
        When weeks and fiscal years begin.
    """
    calendar = calendar or Calendar()
    wanted = [pick for pick in picks if pick.metric in known]
    over = {pick.metric: known[pick.metric].over for pick in wanted}
    weeks = by_week(days, over, as_of, calendar.week_start)
    end = last_week_end(as_of, calendar.week_start)
    return [
        _state(
            known[pick.metric],
            pick,
            weeks.filter(pl.col("metric") == pick.metric).select("week", "value"),
            end,
            next(
                (
                    goal.value
                    for goal in goals
                    if goal.pick_id == pick.id and goal.period_start <= end < goal.period_end
                ),
                None,
            ),
            [(line.first_week, line.last_week) for line in baselines if line.pick_id == pick.id],
        )
        for pick in wanted
    ]


def _state(
    metric: Metric,
    pick: Pick,
    weeks: pl.DataFrame,
    end: date,
    goal: Decimal | None,
    locked: Sequence[tuple[date, date]],
) -> KpiState:
    chart = xmr(weeks, baselines=locked, can_be_negative=False)
    values = dict(weeks.rows())
    start = end - timedelta(days=6)
    value = values.get(start)
    last = chart.filter(pl.col("week") == start)
    four = [found for back in range(1, 5) if (found := values.get(start - back * _WEEK)) is not None]
    return KpiState(
        metric=metric,
        pick=pick,
        week_end=end,
        value=value,
        week_before=values.get(start - _WEEK),
        four_weeks=sum(four) / len(four) if len(four) == 4 else None,
        year_ago=values.get(start - 52 * _WEEK),
        goal=None if goal is None else float(goal),
        judged=_judged(metric, pick, value, goal),
        verdict=last["verdict"][0] if last.height else None,
        fired=last["fired"][0] if last.height else None,
        weeks=chart,
    )


def _judged(metric: Metric, pick: Pick, value: float | None, goal: Decimal | None) -> str | None:
    """Judge a week by its goal, or, where it has none, by its band."""
    if value is None:
        return None
    if goal is not None and metric.better != "none":
        is_reached = value >= float(goal) if metric.better == "higher" else value <= float(goal)
        return "reached" if is_reached else "missed"
    if pick.band_low is None and pick.band_high is None:
        return None
    is_inside = (pick.band_low is None or value >= float(pick.band_low)) and (
        pick.band_high is None or value <= float(pick.band_high)
    )
    return "inside" if is_inside else "outside"


def is_own(metric: str) -> bool:
    """Whether a metric is a team's own series."""
    return metric.startswith(OWN)


def kpis_finding(team: str, states: Sequence[KpiState], numbers: NumberFormat) -> str:
    """Say how a team's KPIs stand: which are signals, which miss their goal or leave their band."""
    if not states:
        return (
            f"{team.capitalize()} has picked no KPIs yet. Pick three to five: a short list that everybody shares is looked "
            "at, a long one is not."
        )
    signals = [state for state in states if state.verdict == "signal"]
    off = [state for state in states if state.judged in ("missed", "outside")]
    week = day(states[0].week_end)
    text = (
        f"Of the {len(states)} KPIs of {team}, {_counted(len(signals), 'is a signal', 'are signals')} and "
        f"{_counted(len(off), 'is off its goal or band', 'are off their goals or bands')} in the week to {week}."
    )
    bad = [state for state in signals if state.is_good is False]
    first = [*bad, *signals, *off]
    return f"{text} {first[0].sentence(numbers)}" if first else text


def _counted(count: int, one: str, many: str) -> str:
    return f"none {one}" if count == 0 else f"{count} {one if count == 1 else many}"
