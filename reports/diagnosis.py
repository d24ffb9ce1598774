"""What stands out in a company: eight questions that both teams would ask, each answered for every unit at once.

A unit is named only where chance is ruled out among all units and the difference is large enough to act on
(`estimators.stands_out`); else it is ordinary, or nobody can tell yet, and that is said, too. Whole periods and weeks
are told by rules, which the answers name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, day, plural
from estimators import changed_more, stands_out
from reports.asking import Ask

_YEAR = 365
# Leads that are compared have had so many days, all alike.
_WON_WITHIN = 120
_QUALIFIED_WITHIN = 60
_LATELY = 152
# A campaign brings many leads from twice the middle campaign's on; hardly one is won below a tenth of what is expected.
_MANY = 2.0
_HARDLY = 0.1
# Who answers slowly needs twice as long as the middle of the others.
_SLOW = 2.0
# Who buys more readily and yet gets so little of the others' contact is neglected.
_LITTLE_CONTACT = 0.6
_READILY = 1.25
# A period began thin with less than so much of the usual start, and missed its goal by more than a seventh.
_THIN, _MISSED = 0.7, 0.85
# What is a little below the usual, with a goal a little missed, may be chance.
_NEARLY_THIN, _NEARLY_MISSED = 0.85, 0.95
_LEAST_PERIODS = 4
# Fewer calls than these a week go up and down by themselves.
_LEAST_CALLS = 20

SCHEMA = pl.Schema(
    {
        "question": pl.String(),
        "title": pl.String(),
        "page": pl.String(),
        "unit": pl.String(),
        "verdict": pl.String(),
        "text": pl.String(),
    }
)
TOLD = "told"


Row = dict[str, str]


@dataclass(frozen=True)
class Company:
    """Whom the questions are asked of: who answers queries, the as-of day, and how numbers are written."""

    ask: Ask
    as_of: date
    numbers: NumberFormat

    def campaign_leads(self, days: int, start: date, end: date) -> pl.DataFrame:
        """Return how far the leads of [start, end) came within so many days, by campaign, source and segment."""
        return self.ask(
            "leads_or_selling_cells",
            as_of=self.as_of,
            days=days,
            period_start=start,
            period_end=end,
            dimension="campaign",
        )

    @cached_property
    def campaigns(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Each campaign's wins beside all leads of the same segments, and of the same sources and segments."""
        end = self.as_of - timedelta(days=_WON_WITHIN - 1)
        cells = self.campaign_leads(_WON_WITHIN, end - timedelta(days=2 * _YEAR), end)
        counts = cells.select("unit", "source", "segment", n="leads", hits="won")
        return stands_out(counts, kinds=("segment",)), stands_out(counts, kinds=("source", "segment"))


@dataclass(frozen=True)
class Question:
    """One question: its name, how it is asked on screen, the Measure page that opens its answer, and who answers it."""

    name: str
    title: str
    page: str
    answer: Callable[[Company], list[Row]]


def diagnose(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """Return what stands out in the whole company as of a day.

    Parameters
    ----------
    ask
        Asks a query.
    as_of
        The day.

    Returns
    -------
    polars.DataFrame
        One row per question and unit, as `SCHEMA` says: the verdict is told, ordinary, cannot tell or not recorded (then
        the one row of the question, without a unit); the text says what was found, blank where ordinary.

    Raises
    ------
    QueryError
        The warehouse cannot be read.
    """
    about = ask("freshness")
    numbers = NumberFormat(about["currency"][0], about["number_format"][0]) if about.height else NumberFormat()
    company = Company(ask, as_of, numbers)
    rows = []
    for question in QUESTIONS:
        found = question.answer(company) or [{"unit": "", "verdict": "not recorded", "text": ""}]
        rows += [{"question": question.name, "title": question.title, "page": question.page, **row} for row in found]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(unit: str | None, verdict: str, text: str = "") -> Row:
    return {"unit": unit or "", "verdict": verdict, "text": text}


def _rows(found: pl.DataFrame, say: Callable[[dict[str, Any]], str | None]) -> list[Row]:
    """Return a row per unit; what is told is what `say` has a sentence for, what it has none for is ordinary."""
    rows = []
    for row in found.iter_rows(named=True):
        if row["verdict"] in ("low", "high"):
            text = say(row)
            rows.append(_row(row["unit"], TOLD, text) if text else _row(row["unit"], "ordinary"))
        else:
            rows.append(_row(row["unit"], row["verdict"]))
    return rows


def _campaign_mismatch(company: Company) -> list[Row]:
    numbers = company.numbers
    beside_all, beside_alike = company.campaigns
    usual = beside_all["n"].median()
    many = _MANY * float(str(usual)) if usual is not None else 0.0
    # Many leads that do not close cost elsewhere, whatever their source; that few close is only news beside their own kind.
    found = pl.concat(
        [
            beside_all.filter(pl.col("n") >= many),
            beside_alike.join(beside_all.filter(pl.col("n") < many), on="unit", how="semi"),
        ]
    )

    def say(row: dict[str, Any]) -> str | None:
        is_many = row["n"] >= many
        if (row["verdict"] == "low") != is_many or (is_many and row["hits"] >= _HARDLY * row["expected"]):
            return None
        brought = f"“{row['unit']}” brings {'many' if is_many else 'few'} leads ({numbers.number(row['n'])})"
        but = "but hardly one is won" if is_many else "and they close"
        alike = "the same segments" if is_many else "the same sources and segments"
        return (
            f"{brought}, {but}: {numbers.number(row['hits'])} within {_WON_WITHIN} days, where "
            f"{numbers.number(row['expected'], 1)} would be expected of leads of {alike}."
        )

    return _rows(found, say)


def _source_decay(company: Company) -> list[Row]:
    numbers = company.numbers
    end = company.as_of - timedelta(days=_QUALIFIED_WITHIN - 1)
    middle = end - timedelta(days=_LATELY)
    loud = pl.concat(company.campaigns).filter(pl.col("verdict").is_in(["low", "high"]))["unit"]
    sides = []
    for name, start, stop in (("before", middle - timedelta(days=_YEAR), middle), ("after", middle, end)):
        # A campaign that stands out by itself says nothing of its source.
        cells = company.campaign_leads(_QUALIFIED_WITHIN, start, stop)
        cells = cells.filter(pl.col("sql").is_not_null() & ~pl.col("unit").is_in(loud.implode()).fill_null(value=False))
        sides.append(
            cells.group_by(unit="source").agg(
                pl.col("leads").sum().alias(f"{name}_n"), pl.col("sql").sum().alias(f"{name}_hits")
            )
        )
    both = sides[0].join(sides[1], on="unit", how="full", coalesce=True, nulls_equal=True).fill_null(0)

    def say(row: dict[str, Any]) -> str | None:
        if row["verdict"] == "high":
            return None
        before, after = row["before_hits"] / row["before_n"], row["after_hits"] / row["after_n"]
        return (
            f"Leads from {row['unit']} have become worse: {numbers.share(after)} of those created since {day(middle)} were "
            f"qualified within {_QUALIFIED_WITHIN} days, {numbers.share(before)} of those of the year before; the other "
            "sources have not fallen so."
        )

    return _rows(changed_more(both.with_columns(pl.col("unit").cast(pl.String))), say)


def _slow_rep(company: Company) -> list[Row]:
    numbers = company.numbers
    year = {
        "as_of": company.as_of,
        "period_start": company.as_of - timedelta(days=_YEAR - 1),
        "period_end": company.as_of + timedelta(days=1),
    }
    teams = company.ask("speed_to_lead", **year, dimension="team")["dimension_value"].to_list()
    # Beside the same team alone: who develops leads and who closes deals answer at different paces.
    asked = [
        company.ask("speed_to_lead", **year, dimension="owner", team=[team]).with_columns(team=pl.lit(team))
        for team in teams
    ]
    if not asked:
        return []
    waits = pl.concat(asked).filter(pl.col("dimension_value").is_not_null(), pl.col("in_time") + pl.col("late") > 0)
    found = stands_out(
        waits.select("team", unit="dimension_value", n=pl.col("in_time") + pl.col("late"), hits="in_time"),
        kinds=("team",),
    )
    own_team = waits.sort("waits", descending=True).unique("dimension_value", keep="first", maintain_order=True)

    def say(row: dict[str, Any]) -> str | None:
        mine = own_team.filter(pl.col("dimension_value") == row["unit"]).row(0, named=True)
        others = waits.filter(
            pl.col("team").eq_missing(pl.lit(mine["team"])) & (pl.col("dimension_value") != row["unit"])
        )["median_hours"].drop_nulls()
        middle = float(str(others.median())) if others.len() else None
        own = mine["median_hours"]
        if row["verdict"] == "high" or (own is not None and (middle is None or own < _SLOW * middle)):
            return None
        half = (
            "not half of the leads are answered" if own is None else f"half are answered within {numbers.number(own)} h"
        )
        beside = f", where the middle of the team needs {numbers.number(middle)} h" if middle is not None else ""
        return (
            f"{row['unit']} answers leads late: {half}{beside}; {numbers.number(row['hits'])} of {numbers.number(row['n'])} "
            f"were answered in time, {numbers.number(row['expected'])} would be at the team's pace."
        )

    return _rows(found, say)


def _follow_up(company: Company) -> list[Row]:
    numbers = company.numbers
    ways = {"call": "called", "email": "e-mailed", "meeting": "met"}
    cells = company.ask("campaign_follow_up", as_of=company.as_of).filter(
        (pl.col("delay") == "any")
        & pl.col("kind").is_in(list(ways))
        & pl.col("opportunities").is_not_null()
        & pl.col("origin_value").is_not_null()
    )
    # Of each origin the way that does worst, beside its other ways: two ways are one comparison.
    rate = pl.col("opportunities") / pl.col("leads")
    worst = cells.sort("origin_value", rate, "kind").with_columns(
        unit=pl.when(pl.int_range(pl.len()).over("origin_value") == 0).then("origin_value")
    )
    done = {row["unit"]: ways[row["kind"]] for row in worst.iter_rows(named=True) if row["unit"] is not None}
    counts = worst.select("unit", "origin_value", n="leads", hits="opportunities")
    found = stands_out(counts, kinds=("origin_value",))

    def say(row: dict[str, Any]) -> str | None:
        return (
            f"Leads from {row['unit']} are followed up in a way that does not suit them: of those {done[row['unit']]} first, "
            f"{numbers.number(row['hits'])} of {numbers.number(row['n'])} became deals, where "
            f"{numbers.number(row['expected'])} would at the rate of those who were followed up otherwise. This is "
            "association: sales chooses whom it calls."
        )

    return [{**row, "unit": f"{row['unit']}, {done[row['unit']]} first"} for row in _rows(found, say)]


def _thin_quarter(company: Company) -> list[Row]:
    numbers = company.numbers
    quarters = company.ask("fiscal_periods").filter(
        (pl.col("kind") == "quarter")
        & (pl.col("period_start") <= company.as_of)
        & (pl.col("period_end") > company.as_of)
    )
    if quarters.is_empty():
        return []
    start, end = quarters.select("period_start", "period_end").row(0)
    known = company.ask("period_starts", as_of=company.as_of, period_start=start, period_end=end).filter(
        pl.col("is_over") & pl.col("coverage_at_start").is_not_null() & pl.col("attained").is_not_null()
    )
    rows = []
    for row in known.iter_rows(named=True):
        others = known.filter(pl.col("period") != row["period"])["coverage_at_start"]
        if known.height < _LEAST_PERIODS:
            rows.append(_row(row["period"], "cannot tell"))
            continue
        usual = float(str(others.median()))
        began, made = row["coverage_at_start"] / usual if usual else 1.0, row["attained"]
        text = (
            f"{row['period']} began with too little pipeline: {numbers.ratio(row['coverage_at_start'])} of its goal, where "
            f"{numbers.ratio(usual)} is usual, and made {numbers.share(row['attained'], 0)} of it."
        )
        if began < _THIN and made < _MISSED:
            rows.append(_row(row["period"], TOLD, text))
        else:
            is_near = began < _NEARLY_THIN and made < _NEARLY_MISSED
            rows.append(_row(row["period"], "cannot tell" if is_near else "ordinary"))
    return rows


def _neglected_customers(company: Company) -> list[Row]:
    numbers = company.numbers
    types = company.ask("selling_by_type", as_of=company.as_of).filter(
        pl.col("dimension_value").is_in(["new", "expansion"]) & pl.col("rate").is_not_null()
    )
    by_type = {row["dimension_value"]: row for row in types.iter_rows(named=True)}
    if len(by_type) < 2 or None in (row["activities_per_deal"] for row in by_type.values()):
        return []
    new, old = by_type["new"], by_type["expansion"]
    cells = types.select(unit="dimension_value", n=pl.col("won") + pl.col("lost"), hits="won")
    # One comparison: new business is what the other is compared with.
    cells = cells.with_columns(unit=pl.when(pl.col("unit") == "expansion").then("unit"))
    found = stands_out(cells, material=_READILY)
    contact = old["activities_per_deal"] / new["activities_per_deal"] if new["activities_per_deal"] else None

    def say(row: dict[str, Any]) -> str | None:
        if row["verdict"] == "low" or contact is None or contact >= _LITTLE_CONTACT:
            return None
        return (
            f"Existing customers are neglected: they buy more readily ({numbers.share(old['rate'], 0)} of "
            f"{numbers.number(row['n'])} deals are won, {numbers.share(new['rate'], 0)} of new ones) and get "
            f"{numbers.number(old['activities_per_deal'], 1)} activities a deal where new ones get "
            f"{numbers.number(new['activities_per_deal'], 1)}."
        )

    return [{**row, "unit": "Existing customers"} for row in _rows(found, say)]


def _wrong_titles(company: Company) -> list[Row]:
    numbers = company.numbers
    reach = company.ask("campaign_reach", as_of=company.as_of, who="brought").filter(
        (pl.col("kind") == "campaign") & pl.col("share").is_not_null() & (pl.col("known") > 0)
    )
    found = stands_out(reach.select(unit="dimension_value", n="known", hits="deciding"))

    def say(row: dict[str, Any]) -> str | None:
        if row["verdict"] == "high":
            return None
        return (
            f"“{row['unit']}” brings people who do not decide: {numbers.number(row['hits'])} of {numbers.number(row['n'])} "
            f"have a title that decides, {numbers.number(row['expected'])} would be expected of the other campaigns."
        )

    return _rows(found, say)


def _call_slump(company: Company) -> list[Row]:
    numbers = company.numbers
    weeks = company.ask(
        "weekly_calls",
        as_of=company.as_of,
        period_start=company.as_of - timedelta(days=_YEAR),
        period_end=company.as_of + timedelta(days=1),
    )
    if weeks.is_empty():
        return []
    usual = weeks["usual_calls"][0]
    if usual < _LEAST_CALLS:
        return [_row("Sales", "cannot tell")]
    slump = weeks.filter("is_slump")
    if slump.is_empty():
        return [_row("Sales", "ordinary")]
    first, last = slump["week"].min(), slump["week"].max()
    return [
        _row(
            "Sales",
            TOLD,
            f"Outbound calls slumped: {numbers.number(slump.height)} {plural(slump.height, 'week')} from {day(first)} on had "  # type: ignore[arg-type]
            f"{numbers.number(float(str(slump['calls'].mean())))} calls on average, the last of them that of {day(last)}, "  # type: ignore[arg-type]
            f"where {numbers.number(usual)} are usual.",
        )
    ]


_COVERAGE = "funnel_coverage"
_LEADS = "lead_to_close"
_CAMPAIGNS = "campaigns"
QUESTIONS = (
    Question("thin_quarter", "Did a quarter begin with too little pipeline?", _COVERAGE, _thin_quarter),
    Question("source_decay", "Have a source's leads become worse?", _LEADS, _source_decay),
    Question("slow_rep", "Does somebody answer leads late?", _LEADS, _slow_rep),
    Question("call_slump", "Did outbound calls slump?", _LEADS, _call_slump),
    Question("neglected_customers", "Are existing customers neglected?", _LEADS, _neglected_customers),
    Question("campaign_mismatch", "Do campaigns bring many leads that do not close?", _CAMPAIGNS, _campaign_mismatch),
    Question("email_phoned", "Are leads followed up in a way that does not suit them?", _CAMPAIGNS, _follow_up),
    Question("wrong_titles", "Do campaigns reach people who do not decide?", _CAMPAIGNS, _wrong_titles),
)
