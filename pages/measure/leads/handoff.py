"""Lead to close, section Handoff: does sales accept what marketing passes, why not, and how fast does it answer?"""

import polars as pl
import streamlit as st

from charts.leads import rate_by_value
from charts.leads_handoff import answer_by_value, rejected_by_reason, waited
from pages.measure.leads.beside import beside, lead_row_before
from pages.measure.leads.dimensions import lead_dimensions
from reports.findings_leads import acceptance_finding, speed_finding
from ui.ask import ask, ask_row
from ui.choose import choose, named, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

_VIEWS = {"speed": "Speed to lead", "acceptance": "Acceptance", "reasons": "Why rejected"}
_CLOCKS = {"pass": "The pass to sales", "created": "The lead's creation"}
_VERDICTS = {
    "all": "All",
    "unanswered": "Not answered",
    "late": "Late",
    "in time": "In time",
    "not due": "Not due yet",
}
_STATES = {
    "all": "All",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "undecided": "Undecided",
    "past SLA": "Past the SLA",
    "recycled": "Recycled",
    "recovered": "Recovered",
}


def draw(page: Page) -> None:
    """Draw the section."""
    views = {"speed": _speed, "acceptance": _acceptance, "reasons": _reasons}
    views[choose("Look at", _VIEWS, "handoff", "speed")](page)


def _speed(page: Page) -> None:
    filters, numbers, about = page.filters, page.numbers, page.about
    dimensions = lead_dimensions()
    with st.container(border=True):
        dimension = choose("By", dimensions, "speed_by", "owner")
        clock = choose("From", _CLOCKS, "speed_from", "pass")
        name = dimensions[dimension].lower()
        asked = {**filters.lead_params, "clock": clock}
        total = ask_row("speed_to_lead", **asked)
        heading(
            "Speed to lead",
            f"From {_CLOCKS[clock].lower()} in {filters.period_words} to the first completed call, e-mail or meeting by a "
            "person; leads that nobody answered count for as long as they have waited",
        )
        by_value = ask("speed_to_lead", **asked, dimension=dimension)
        st.markdown(f"**{plain(speed_finding(total, by_value, numbers, about.flag_under))}**")
        if total is None:
            if clock == "pass":
                show_empty("No pass to sales is in the period; from the lead's creation there may be more to see.")
            return
        with st.container(horizontal=True):
            before = lead_row_before(page, "speed_to_lead", clock=clock)
            half, most = (waited(total[f"{at}_hours"], total[f"{at}_days"], numbers) for at in ("median", "p90"))
            st.metric(
                "Half answered within",
                half,
                border=True,
                **beside(page, before, lambda row: waited(row["median_hours"], row["median_days"], numbers)),
            )
            st.metric("Nine in ten within", most, border=True)
            st.metric("Never answered", numbers.number(total["unanswered"]), border=True, help="as of the day shown")
            kept = f"{numbers.number(total['in_time'])} of {numbers.number(total['in_time'] + total['late'])}"
            st.metric(
                f"SLA kept ({numbers.number(total['sla_hours'])} h)",
                numbers.share(total["sla_kept"]),
                border=True,
                help=f"{kept}; {numbers.number(total['not_due'])} are not due yet",
                **beside(page, before, lambda row: numbers.share(row["sla_kept"])),
            )
        opened = drill_figure(
            answer_by_value(by_value, numbers, about.flag_under),
            "waits_of",
            f"How long half of the leads waited for an answer, by {name}",
            named(by_value["dimension_value"].to_list()),
        )
        if opened is not None:
            verdict = choose("Which of them", _VERDICTS, "waits_verdict", "all")
            show_records(
                "first_response_records",
                {
                    **asked,
                    "dimension": dimension,
                    "dimension_value": [opened],
                    "verdict": None if verdict == "all" else verdict,
                },
                "waits_of",
                f"{_VERDICTS[verdict]}, {name} {opened or '(none)'}",
                numbers,
                None,
            )
        first = ["dimension_value", "median_hours", "sla_kept", "waits", "unanswered", "p90_hours"]
        table(
            by_value.select(*first, pl.exclude(*first, "is_small", "sla_hours")),
            "speed_to_lead",
            "speed_table",
            f"Speed to lead by {name}",
            numbers,
            {"dimension_value": dimensions[dimension]},
        )
        with st.container(horizontal=True):
            download(by_value, "speed", f"speed_to_lead_by_{name}")
            define("speed_to_lead", "first_response_records")


def _acceptance(page: Page) -> None:
    filters, numbers, about = page.filters, page.numbers, page.about
    dimensions = lead_dimensions()
    with st.container(border=True):
        dimension = choose("By", dimensions, "acceptance_by", "source")
        name = dimensions[dimension].lower()
        total = ask_row("acceptance", **filters.lead_params)
        heading(
            "Acceptance",
            f"accepted / (accepted + rejected), of the passes to sales in {filters.period_words}, with 95% interval",
        )
        reasons = ask("rejection_reasons", **filters.lead_params)
        st.markdown(f"**{plain(acceptance_finding(total, reasons, numbers))}**")
        if total is None:
            return
        before = lead_row_before(page, "acceptance")
        with st.container(horizontal=True):
            st.metric(
                "Accepted",
                numbers.share(total["rate"]),
                border=True,
                help=f"{numbers.number(total['accepted'])} of {numbers.number(total['accepted'] + total['rejected'])}",
                **beside(page, before, lambda row: numbers.share(row["rate"])),
            )
            st.metric("Undecided", numbers.number(total["undecided"]), border=True, help="and not past the SLA")
            st.metric(
                f"Past the SLA ({numbers.days(total['decision_days'])})",
                numbers.number(total["past_sla"]),
                border=True,
                help="not decided in time",
            )
            st.metric(
                "Recycle yield, so far",
                numbers.share(total["recycle_yield"]),
                border=True,
                help=f"{numbers.number(total['recovered'])} of {numbers.number(total['recycled'])} that went back to "
                "marketing were later accepted or won",
                **beside(page, before, lambda row: numbers.share(row["recycle_yield"])),
            )
        by_value = ask("acceptance", **filters.lead_params, dimension=dimension)
        decided = by_value.with_columns(won=pl.col("accepted"), leads=pl.col("accepted") + pl.col("rejected"))
        opened = drill_figure(
            rate_by_value(
                decided,
                numbers,
                about.flag_under,
                about.unranked_under,
                ("accepted", "decided passes", "Passes accepted (%), with 95% interval"),
            ),
            "passes_of",
            f"Share of passes that sales accepted, by {name}",
            named(by_value["dimension_value"].to_list()),
        )
        if opened is not None:
            state = choose("Which of them", _STATES, "passes_state", "all")
            asked = {**filters.lead_params, "dimension": dimension, "dimension_value": [opened]}
            show_records(
                "handoff_records",
                {**asked, "state": None if state == "all" else state},
                "passes_of",
                f"{_STATES[state]}, {name} {opened or '(none)'}",
                numbers,
                None,
            )
        first = ["dimension_value", "rate", "accepted", "rejected", "undecided", "past_sla"]
        table(
            by_value.select(*first, pl.exclude(*first, "is_small", "decision_days")),
            "acceptance",
            "acceptance_table",
            f"Acceptance by {name}",
            numbers,
            {"dimension_value": dimensions[dimension]},
        )
        with st.container(horizontal=True):
            download(by_value, "acceptance", f"acceptance_by_{name}")
            define("acceptance", "handoff_records")


def _reasons(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    dimensions = lead_dimensions()
    with st.container(border=True):
        dimension = choose("By", dimensions, "reasons_by", "source")
        name = dimensions[dimension].lower()
        frame = ask("rejection_reasons", **filters.lead_params, dimension=dimension)
        heading(
            "Why sales rejects", f"Passes to sales in {filters.period_words} that were rejected, by the reason given"
        )
        if frame.is_empty():
            show_empty("No pass of this period was rejected, or no decision of sales is in the exports.")
            return
        order = frame.group_by("dimension_value").agg(pl.col("rejected").sum()).sort("rejected", descending=True)
        of = pick(f"Only {name}", named(order["dimension_value"].to_list()), "reasons_of", "All")
        shown = frame if of is None else frame.filter(pl.col("dimension_value").eq_missing(of or None))
        opened = drill_figure(
            rejected_by_reason(shown, numbers),
            "reason",
            "How many passes were rejected for each reason",
            {reason or "": reason or "(no reason given)" for reason in shown["reason"]},
        )
        if opened is not None:
            asked = {**filters.lead_params, "dimension": dimension, "state": "rejected", "reason": [opened]}
            show_records(
                "handoff_records",
                {**asked, "dimension_value": None if of is None else [of]},
                "reason",
                f"Rejected: {opened or '(no reason given)'}",
                numbers,
                None,
            )
        table(
            shown,
            "rejection_reasons",
            "reasons_table",
            f"Reasons of rejection by {name}",
            numbers,
            {"dimension_value": dimensions[dimension]},
        )
        with st.container(horizontal=True):
            download(frame, "reasons", f"rejection_reasons_by_{name}")
            define("rejection_reasons", "handoff_records")
