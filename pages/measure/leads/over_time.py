"""Lead to close, section Over time: the curve, the cohorts, and whether leads have become better or worse."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from charts.leads import STAGE_NAMES, won_by_age
from charts.leads_time import cohort_key, cohort_name, lately_and_before, reached_by_cohort
from estimators import at_risk, watched_until
from pages.measure.leads.dimensions import lead_dimensions
from reports.findings_leads import change_finding
from ui.ask import ask, ask_row, curve
from ui.choose import choose, named
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_figure, show_records, table

_MOST_CURVES = 6
_VIEWS = {"change": "Lately against before", "cohorts": "Cohorts", "curve": "How long it takes"}
_CHANGE_DAYS = {"sal": 30, "sql": 60, "opportunity": 60, "won": 120}
_STAGES = ("mql", "sal", "sql", "opportunity", "won")
_AGES = (0, 30, 60, 90, 180, 365, 540)


def draw(page: Page) -> None:
    """Draw the section."""
    views = {"change": _change, "cohorts": _cohorts, "curve": _curve}
    views[choose("Look at", _VIEWS, "leads_time", "change")](page)


def _change(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    dimensions = lead_dimensions()
    with st.container(border=True):
        dimension = choose("By", dimensions, "change_by", "source")
        stage = choose("That became", {name: STAGE_NAMES[name] for name in _CHANGE_DAYS}, "change_stage", "opportunity")
        days = _CHANGE_DAYS[stage]
        name = dimensions[dimension].lower()
        asked = {**filters.lead_scope, "stage": stage, "days": days}
        frame = ask("lead_change", **asked, dimension=dimension)
        heading(
            f"Have leads become better or worse, by {name}?",
            f"Share that reached {STAGE_NAMES[stage]} within {days} days: leads of the last five months that are {days} days "
            "old, beside those of the twelve months before (the period does not limit this)",
        )
        if frame.is_empty():
            show_empty(
                f"No lead is {days} days old yet, or the exports do not record who reached {STAGE_NAMES[stage]}."
            )
            return
        st.markdown(f"**{plain(change_finding(frame, stage, days, numbers, name))}**")
        opened = drill_figure(
            lately_and_before(frame, numbers, page.about.flag_under),
            "changed",
            f"Share of leads that reached {STAGE_NAMES[stage]} by {name}, lately and before",
            named(frame["dimension_value"].to_list()),
        )
        if opened is not None:
            sides = {"lately": "Lately", "before": "Before"}
            side = choose("Which", sides, "changed_side", "lately")
            row = frame.row(0, named=True)
            start, end = (
                (row["lately_start"], row["lately_end"])
                if side == "lately"
                else (row["before_start"], row["lately_start"])
            )
            show_records(
                "lead_records",
                {
                    **asked,
                    "period_start": start,
                    "period_end": end,
                    "dimension": dimension,
                    "dimension_value": [opened],
                },
                "changed",
                f"{STAGE_NAMES[stage]} within {days} days, {sides[side].lower()}, {name} {opened or '(none)'}",
                numbers,
                None,
            )
        columns = ["dimension_value", "lately_rate", "before_rate", "change", "is_different"]
        table(
            frame.select(*columns, pl.exclude(*columns, "before_start", "lately_start", "lately_end")),
            "lead_change",
            "change_table",
            f"Leads lately and before by {name}",
            numbers,
            {"dimension_value": dimensions[dimension]},
        )
        with st.container(horizontal=True):
            download(frame, "change", f"lead_change_by_{name}")
            define("lead_change", "lead_records")


def _cohorts(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        stage = choose("That became", {name: STAGE_NAMES[name] for name in _STAGES}, "cohort_stage", "opportunity")
        grain = choose("Cohorts of a", {"month": "Month", "quarter": "Quarter"}, "cohort_grain", "month")
        # Two years of whole cohorts, whatever the period: a table of one quarter says nothing.
        asked = {**filters.lead_scope, "stage": stage, "period_start": _two_years(filters.as_of)}
        frame = ask("lead_cohorts", **asked, grain=grain)
        heading(
            f"Cohorts: share that reached {STAGE_NAMES[stage]}",
            "Leads by when they were created (how many), and the share that came so far within so many days. Hatched: not all "
            "of the cohort is that old yet, so there is no figure (the period does not limit this)",
        )
        if frame.is_empty():
            show_empty(
                f"No lead was created in two years, or the exports do not record who reached {STAGE_NAMES[stage]}."
            )
            return
        is_quarter = grain == "quarter"
        cells = {
            cohort_key(row["cohort"], row["days"]): row
            for row in frame.filter(pl.col("is_mature")).sort("cohort", descending=True).iter_rows(named=True)
        }
        opened = drill_figure(
            reached_by_cohort(frame, numbers, is_quarter=is_quarter),
            "cohort",
            f"Share of each cohort of leads that reached {STAGE_NAMES[stage]} within so many days",
            {
                key: f"{cohort_name(row['cohort'], is_quarter=is_quarter)}, within {row['days']} days"
                for key, row in cells.items()
            },
        )
        if opened is not None:
            row = cells[opened]
            show_records(
                "lead_records",
                {**asked, "period_start": row["cohort"], "period_end": row["cohort_end"], "days": row["days"]},
                "cohort",
                f"{STAGE_NAMES[stage]} within {row['days']} days, of the leads of "
                f"{cohort_name(row['cohort'], is_quarter=is_quarter)}",
                numbers,
                None,
            )
        with st.container(horizontal=True):
            download(frame, "cohorts", f"lead_cohorts_{stage}_by_{grain}")
            define("lead_cohorts", "lead_records")


def _two_years(as_of: date) -> date:
    return date(as_of.year - 2, as_of.month, 1)


def _curve(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    dimensions = lead_dimensions()
    with st.container(border=True):
        heading(
            "How long it takes",
            "Share of leads won within so many days of creation. Leads that are still young count for as long as they "
            f"were watched; dashed: fewer than {page.about.flag_under} leads are that old",
        )
        curve_of = choose(
            "Leads", {"period": "The period's", "two_years": "Of the last two years"}, "curve_of", "two_years"
        )
        splits = {"": "All in one", **dimensions, "month": "Month of creation"}
        dimension = choose("By", splits, "curve_by", "") or None
        period = (
            {"period_start": filters.period_start, "period_end": filters.period_end}
            if curve_of == "period"
            else {"period_start": filters.as_of - timedelta(days=730)}
        )
        asked = {**filters.lead_scope, **period, "dimension": dimension}
        curves = curve(**asked)
        if curves.is_empty():
            show_empty(
                "No outcome of a deal is in the exports, or no lead has a creation date: there is no curve to draw."
            )
            return
        survival = ask("lead_survival", **asked)
        shown = _shown(curves, dimension)
        won_days = curves.filter(pl.col("won") > 0)["day"]
        horizon = min(max(int(won_days.quantile(0.98) or 30), 30), 540) if won_days.len() else 90
        show_figure(
            won_by_age(curves, numbers, shown, horizon, watched_until(survival, page.about.flag_under)),
            "curve",
            "Share of leads won within so many days of creation",
        )
        _at_risk(survival, shown, horizon)
        whole = ask_row("lead_to_close", **filters.lead_scope, **period)
        if whole is not None and whole["won_undated"]:
            st.caption(
                f"{numbers.number(whole['won_undated'])} won without a close date: left out, as nobody knows when."
            )
        groups = curves["dimension_value"].n_unique()
        if groups > len(shown):
            which = "newest" if dimension == "month" else "largest"
            st.caption(f"The {len(shown)} {which} of {groups} are drawn; the file has all.")
        with st.container(horizontal=True):
            download(curves, "curves", "kaplan_meier")
            define("kaplan_meier", "at_risk", "lead_survival")


def _shown(curves: pl.DataFrame, dimension: str | None) -> list[str | None]:
    """Return the groups to draw: the largest; of months, the newest."""
    at_start = curves.filter(pl.col("day") == pl.col("day").min().over("dimension_value"))
    if dimension == "month":
        return at_start.sort("dimension_value", descending=True)["dimension_value"].to_list()[:_MOST_CURVES]
    return at_start.sort("at_risk", descending=True)["dimension_value"].to_list()[:_MOST_CURVES]


def _at_risk(survival: pl.DataFrame, shown: list[str | None], horizon: int) -> None:
    """Show how many leads each curve stands on at some ages."""
    ages = [day for day in _AGES if day <= horizon]
    wide = (
        at_risk(survival, ages)
        .filter(pl.col("dimension_value").is_in(shown, nulls_equal=True))
        .with_columns(pl.col("dimension_value").fill_null("All leads" if len(shown) == 1 else "(none)"))
        .pivot("day", index="dimension_value", values="at_risk")
        .rename({"dimension_value": "Leads still watched after", **{str(day): f"{day} days" for day in ages}})
    )
    st.dataframe(wide, hide_index=True, key="at_risk", alt="How many leads each curve stands on at some ages")
