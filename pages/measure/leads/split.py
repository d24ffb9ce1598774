"""Lead to close, section Leads or selling?: what a change of the won rate came with, part by part."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from charts.leads_split import PART_NAMES, points, rate_to_rate
from charts.numbers import day
from pages.measure.leads.dimensions import lead_dimensions
from reports.findings_split import part_table, response_finding, split_finding, units_finding
from reports.splits import HORIZONS, Split, against_others, response, sides_of, two_periods
from ui.ask import computed
from ui.choose import choose, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records

_NO_OTHERS = ("channel",)


def draw(page: Page) -> None:
    """Draw the section."""
    words = {str(days): f"{days} days" for days in HORIZONS}
    days = int(
        choose("Won within", words, "split_days", str(HORIZONS[-1]), "Every lead had so many days, on both sides")
    )
    _periods(page, days)
    _others(page, days)
    _response(page, days)


def _span(span: tuple[date, date]) -> str:
    return f"{day(span[0])} to {day(span[1] - timedelta(days=1))}"


def _periods(page: Page, days: int) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        split: Split = computed(two_periods, scope=filters.lead_scope, days=days)
        after, before = _span(split.sides.after), _span(split.sides.before)
        heading(
            "From rate to rate",
            f"Leads won within {days} days: created {before}, beside {after} (the period does not limit this). Grey, ?: could be "
            "chance",
        )
        finding = split_finding(split.parts, numbers, f"the leads created {after}", f"those created {before}")
        st.markdown(f"**{plain(finding)}**")
        if split.parts.is_empty():
            define("leads_or_selling")
            return
        sides = {"before": f"Leads created {before}", "after": f"Leads created {after}"}
        opened = drill_figure(
            rate_to_rate(split.parts, "Before", "Lately", numbers),
            "split",
            "The won rate before, what each part added or took, and the won rate lately",
            sides | {part: f"{PART_NAMES[part]}: both sides' leads" for part in split.parts["part"]},
        )
        if opened is not None:
            _records(page, split, opened, days, sides)
        st.markdown("**By source**")
        st.caption("Points of the won rate; added up over the sources they are the bars above. ▲▼: more than chance.")
        by_source = part_table(split.by_source, "source", "Source", numbers)
        st.dataframe(by_source, hide_index=True)
        with st.container(horizontal=True):
            download(split.parts, "split", "leads_or_selling")
            download(split.by_source, "split_sources", "leads_or_selling_by_source")
            define("leads_or_selling", "leads_or_selling_by_source", "leads_or_selling_cells")


def _records(page: Page, split: Split, opened: str, days: int, sides: dict[str, str]) -> None:
    """Show the leads behind a part: those of one side, won ones first; a part is a comparison of the two."""
    side = (
        opened
        if opened in sides
        else choose("Which side", {"before": "Before", "after": "Lately"}, "split_side", "after")
    )
    start, end = split.sides.before if side == "before" else split.sides.after
    reached = choose("Show", {"lead": "All leads", "won": f"Won within {days} days"}, "split_reached", "won")
    params = {**page.filters.lead_scope, "period_start": start, "period_end": end, "days": days, "stage": reached}
    show_records("lead_records", params, "split_records", sides[side], page.numbers, None)


def _others(page: Page, days: int) -> None:
    filters, numbers = page.filters, page.numbers
    dimensions = {name: words for name, words in lead_dimensions().items() if name not in _NO_OTHERS}
    with st.container(border=True):
        dimension = choose("Each against the rest, by", dimensions, "split_by", "owner")
        name = dimensions[dimension].lower()
        frame: pl.DataFrame = computed(against_others, scope=filters.lead_scope, days=days, dimension=dimension)
        sides = sides_of(filters.as_of, days)
        from_stage = (
            " From the qualified lead (SQL) on, because before it owners differ by what they are for."
            if dimension in ("owner", "team")
            else ""
        )
        heading(
            f"Each {name} against the rest, with leads of the same kind",
            f"Points of the won rate, leads created {_span((sides.before[0], sides.after[1]))}.{from_stage}",
        )
        st.markdown(f"**{plain(units_finding(frame, numbers, name))}**")
        if frame.is_empty():
            show_empty(f"No lead is {days} days old, or only one {name} has leads.")
            return
        whole = frame.group_by("unit", maintain_order=True).agg(
            pl.col("after_leads").first(), pl.col("after").first(), pl.col("before").first()
        )
        # Before the stage from which units are compared there is nothing to tell.
        nothing = frame.group_by("part").agg(pl.col("value").abs().max()).filter(pl.col("value") == 0)["part"]
        told = part_table(
            frame.filter(~pl.col("part").is_in(nothing.implode())), "unit", dimensions[dimension], numbers
        )
        shown = told.with_columns(
            Leads=pl.Series([numbers.number(count) for count in whole["after_leads"]]),
            Won=pl.Series([numbers.share(rate) for rate in whole["after"]]),
            Rest=pl.Series([numbers.share(rate) for rate in whole["before"]]),
        ).select(
            dimensions[dimension], "Leads", "Won", "Rest", pl.exclude(dimensions[dimension], "Leads", "Won", "Rest")
        )
        order = whole.with_row_index("place").sort(pl.col("after") - pl.col("before"))["place"].to_list()
        st.dataframe(shown[order], hide_index=True, height=min(80 + 35 * shown.height, 520))
        units = {value or "": value or "(none)" for value in whole["unit"]}
        chosen = pick(f"Open the leads of one {name}", units, "split_unit", "Choose here")
        if chosen is not None:
            params = {
                **filters.lead_scope,
                "period_start": sides.before[0],
                "period_end": sides.after[1],
                "dimension": dimension,
                "dimension_value": [chosen],
                "days": days,
                "stage": "won",
            }
            show_records(
                "lead_records", params, "split_unit_records", f"Won within {days} days: {units[chosen]}", numbers, None
            )
        with st.container(horizontal=True):
            download(frame, "split_units", f"leads_or_selling_by_{name}")
            define("leads_or_selling", "leads_or_selling_cells")


def _response(page: Page, days: int) -> None:
    numbers = page.numbers
    with st.container(border=True):
        heading("Response time beside it", "An association: it is in no bar above, because it does not say why")
        frame: pl.DataFrame = computed(response, scope=page.filters.lead_scope, days=days)
        st.markdown(f"**{plain(response_finding(frame, numbers))}**")
        if frame.is_empty():
            return
        st.dataframe(
            pl.DataFrame(
                [
                    {
                        "First answer": row["response"],
                        "Leads": numbers.number(row["leads"]),
                        "Won": numbers.number(row["won"]),
                        "Won rate": numbers.share(row["rate"]),
                        "Against the quickest, same kind": ""
                        if row["difference"] is None
                        else points(numbers, row["difference"]),
                        "95% interval": ""
                        if row["low"] is None
                        else f"{points(numbers, row['low'])} to {points(numbers, row['high'])}",
                        "Says": row["verdict"] or "",
                    }
                    for row in frame.iter_rows(named=True)
                ]
            ),
            hide_index=True,
        )
        sides = sides_of(page.filters.as_of, days)
        params = {**page.filters.lead_scope, "period_start": sides.before[0], "period_end": sides.after[1]}
        if st.toggle("Open the waits behind it", key="split_waits"):
            show_records(
                "first_response_records", params, "split_waits_records", "Waits for a first answer", numbers, None
            )
        with st.container(horizontal=True):
            download(frame, "split_response", "response_association")
            define("response_association", "lead_response_cells")
