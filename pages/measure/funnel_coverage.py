"""Funnel coverage: is there enough pipeline for the goal?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from charts.coverage import (
    by_attention,
    coverage_by_value,
    goal_and_pipeline,
    months_shown,
    open_by_value,
    pipeline_by_month,
)
from charts.coverage_change import (
    STEPS,
    coverage_by_week,
    created_amount_by_week,
    created_by_week,
    pipeline_waterfall,
    steps_shown,
)
from charts.coverage_deals import ageing_by_stage, forecast_now_and_then
from charts.coverage_periods import coverage_by_period, outcomes_by_period, starts_and_ends
from charts.numbers import day
from reports.findings_coverage import (
    coverage_finding,
    creation_finding,
    days_left,
    is_nearly_over,
    missing_sentence,
    periods_finding,
    suspects_finding,
    waterfall_finding,
    weeks_finding,
)
from ui.ask import ask, ask_row
from ui.choose import choose, named, pick, section
from ui.define import define
from ui.filters import Filters
from ui.left_out import show_left_out
from ui.messages import plain, show_empty, show_finding
from ui.page import begin, heading
from ui.records import download, drill_figure, show_records, table

KINDS = {
    "due": "Open deals due in the period",
    "won": "Deals won in the period",
    "won_without_amount": "Deals won that add nothing: no amount, or a currency without a rate",
    "overdue": "Open deals whose close date has passed",
    "undated": "Open deals without a close date",
    "without_amount": "Open deals due that add nothing: no amount, or a currency without a rate",
    "unmapped": "Deals whose stage says neither open, won nor lost",
    "assumed": "Open deals whose state on this day is assumed",
}
COUNTS = {
    "due": "open_count",
    "won": "won_count",
    "won_without_amount": "won_without_amount_count",
    "overdue": "overdue_count",
    "undated": "undated_count",
    "without_amount": "without_amount_count",
    "unmapped": "unmapped_count",
    "assumed": "assumed_count",
}
DIMENSIONS = {
    "owner": "Owner",
    "segment": "Segment",
    "region": "Region",
    "team": "Team",
    "product": "Product",
    "business_type": "Type of business",
    "source": "Source",
    "month": "Month",
}
SECTIONS = {"now": "Now", "change": "Change", "deals": "Deals", "periods": "Periods"}
SUSPECTS = {
    "suspect": "Suspect deals that are due: pushed or silent",
    "pushed": "Pushed deals that are due",
    "silent": "Silent deals that are due",
    "overdue": "Overdue deals",
    "sound": "Deals that are due and not suspect",
}
OUTCOMES = {"won": "won", "lost": "lost", "slipped": "slipped past its end", "left": "still open, or gone"}
BIGGEST = 10


def leading(filters: Filters) -> Filters:
    """Return the filters of the period that leads the page: the next one in the last two weeks of a period."""
    if not is_nearly_over(filters.period_start, filters.period_end, filters.as_of):
        return filters
    periods = ask("coverage_by_period", **filters.params)
    if periods.height < 2 or filters.period_end is None:
        return filters
    left = days_left(filters.period_end, filters.as_of)
    which = choose(
        "Period that leads this page",
        {"next": "The next period", "this": "This period"},
        "coverage_period",
        "next",
        "In the last two weeks of a period the next one leads: what is to be done for it is to be done now",
    )
    ending = "is over" if left == 0 else f"has {left} {'day' if left == 1 else 'days'} left"
    following = periods.row(1, named=True)
    if which == "this":
        st.caption(f"{filters.period} {ending}; {following['period']} follows.")
        return filters
    st.caption(f"{filters.period} {ending}, so {following['period']}, the next, leads this page.")
    start, end = following["period_start"], following["period_end"]
    return replace(filters, period=following["period"], period_start=start, period_end=end, compared=None)


page = begin("Funnel coverage", "Is there enough pipeline for the goal?")
numbers = page.numbers
filters = leading(page.filters)
total = ask_row("funnel_coverage", **filters.params)
unmapped = (
    ask("pipeline_records", **filters.params, kind="unmapped")["stage"].value_counts(sort=True)["stage"].to_list()
    if total is not None and total["unmapped_count"]
    else []
)
show_finding(coverage_finding(total, numbers, filters.period_end, filters.as_of, unmapped))
if total is None:
    st.stop()


def key_figures(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """Show the page's numbers, each beside what it was in the period to compare with."""

    def was(text: str) -> dict[str, Any]:
        if before is None or filters.compared is None:
            return {}
        return {"delta": f"{text} in {filters.compared.period}", "delta_color": "off", "delta_arrow": "off"}

    edges = (row["band_low"], row["band_high"])
    weighted = ask("stage_ageing", **filters.params)
    with st.container(horizontal=True):
        st.metric(
            "Coverage to go",
            numbers.ratio_beside(row["coverage_to_go"], edges),
            border=True,
            help="open / (goal − won)",
            **was(numbers.ratio(before["coverage_to_go"]) if before else ""),
        )
        st.metric(
            "Coverage, full",
            numbers.ratio(row["coverage_full"]),
            border=True,
            help="(won + open) / goal",
            **was(numbers.ratio(before["coverage_full"]) if before else ""),
        )
        for label, column in (("Goal", "goal"), ("Won", "won_amount"), ("Open, due", "open_amount")):
            st.metric(
                label,
                numbers.money(row[column]),
                border=True,
                **was(numbers.money(before[column]) if before else ""),
            )
        known = weighted.height and not weighted["weighted_amount"].null_count()
        st.metric(
            "Open, weighted",
            numbers.money(weighted["weighted_amount"].sum() if known else None),
            border=True,
            help="Each open deal that is due times the chance that deals at its stage have: the share won of those that "
            "were there and are decided, or the CRM's own probability where these are too few. See Deals.",
        )
        st.metric(
            "Overdue",
            numbers.money(row["overdue_amount"]),
            border=True,
            help="Counted apart, in no coverage",
            **was(numbers.money(before["overdue_amount"]) if before else ""),
        )


key_figures(total, ask_row("funnel_coverage", **filters.compared.params) if filters.compared else None)


def show_now() -> None:
    """Show what is won and open against the goal, what is missing, and where."""
    aside = [
        f"{numbers.number(total[column])} {words}"
        for column, words in (
            ("undated_count", "open without a close date"),
            ("without_amount_count", "due without an amount or a rate"),
        )
        if total[column]
    ]
    if aside:
        st.caption("Counted apart, in no coverage: " + "; ".join(aside) + ". Open them below.")
    show_left_out("pipeline", filters.params, "left_out", numbers)
    if total["won_without_amount_count"]:
        st.caption(
            f"Of the {numbers.number(total['won_count'])} won, {numbers.number(total['won_without_amount_count'])} "
            "without an amount or a rate: in the count, not in the amount. Open them below."
        )
    if total["is_goal_set_later"]:
        st.caption("This goal was set after the as-of day: it was not known then.")
    with st.container(border=True):
        heading(
            "What is won and what is open, against the goal", f"Amount in {numbers.currency}, {filters.period_words}"
        )
        kinds = {kind: words for kind, words in KINDS.items() if total[COUNTS[kind]]}
        if total["won_amount"] or total["open_amount"] or total["goal"]:
            opened = drill_figure(
                goal_and_pipeline(total, numbers),
                "pipeline",
                f"Won {numbers.money(total['won_amount'])} and open {numbers.money(total['open_amount'])} "
                f"against a goal of {numbers.money(total['goal'])}",
                kinds,
            )
        else:
            show_empty("Nothing is won, nothing is due and no goal is set in this period: there is nothing to draw.")
            opened = pick("Open the records behind", kinds, "pipeline", "Choose here") if kinds else None
        if opened:
            params = {**filters.params, "kind": opened}
            show_records("pipeline_records", params, "pipeline", KINDS[opened], numbers, "amount_base")
        if total["goal"] is not None:
            missing = missing_sentence(ask_row("pipeline_missing", **filters.params), numbers)
            if missing is not None:
                st.markdown(plain(missing))
        define("funnel_coverage", "pipeline_records", "pipeline_missing")
    fields = {
        name: name.removeprefix("custom: ")
        for name in ask("filter_values")["filter"].unique(maintain_order=True)
        if name.startswith("custom: ")
    }
    with st.container(border=True):
        dimension = choose("Coverage by", {**DIMENSIONS, **fields}, "coverage_by", "owner")
        if dimension == "month":
            show_months()
        else:
            show_values(dimension, {**DIMENSIONS, **fields}[dimension])


def show_values(dimension: str, label: str) -> None:
    """Show coverage by the values of a dimension, those first who need attention."""
    by_value = by_attention(ask("funnel_coverage", **filters.params, dimension=dimension))
    options = named(by_value["dimension_value"].to_list())
    if by_value["goal"].null_count() == by_value.height:
        heading(f"Open pipeline by {label.lower()}", f"Amount in {numbers.currency}, {filters.period_words}")
        st.caption(
            f"No {label.lower()} has a goal of its own for exactly this period, so there is no coverage to judge."
        )
        shown = by_value.filter(pl.col("open_amount").is_not_null() & (pl.col("open_count") > 0))
        if shown.is_empty():
            show_empty("No open deal that is due carries an amount, or how it looked on this day is not recorded.")
            opened = pick("Open the records behind", options, "due_by", "Choose here")
        else:
            alt = f"Open pipeline by {label.lower()}"
            opened = drill_figure(open_by_value(shown, numbers), "due_by", alt, options)
    else:
        heading(f"Coverage to go by {label.lower()}", "Times what is still missing from each one's own goal")
        alt = f"Coverage to go by {label.lower()}, against the band of the rule"
        opened = drill_figure(coverage_by_value(by_value, numbers), "due_by", alt, options)
    if opened is not None:
        show_records(
            "pipeline_records",
            {**filters.params, "kind": "due", "dimension": dimension, "dimension_value": [opened]},
            "due_by",
            f"Open deals due, {label.lower()} {opened or '(none)'}",
            numbers,
            "amount_base",
        )
    shown = by_value.select(
        "dimension_value",
        "verdict",
        "coverage_to_go",
        "missing_amount",
        "goal",
        "won_amount",
        "open_amount",
        "open_count",
        "coverage_full",
        "overdue_amount",
        "overdue_count",
    )
    names = {"dimension_value": label, "missing_amount": "Missing pipeline"}
    table(shown, "funnel_coverage", "coverage_table", f"Coverage by {label.lower()}", numbers, names)
    with st.container(horizontal=True):
        download(by_value, "coverage_by", f"funnel_coverage_by_{dimension.replace(': ', '_')}")
        define("funnel_coverage")


def show_months() -> None:
    """Show won, open and overdue amounts by close month."""
    by_month = ask("funnel_coverage", **filters.params, dimension="month")
    heading("Pipeline by close month", f"Amount in {numbers.currency}; overdue deals stand in the month they were due")
    first = min(filters.period_start or filters.as_of, filters.as_of)
    months = months_shown(by_month, f"{first:%Y-%m}")
    if months.is_empty():
        show_empty("No won or open deal has a close date in this period.")
    else:
        labels = {
            f"{kind}:{row['month']}": f"{kind.capitalize()}, {row['month']}"
            for kind in ("won", "open", "overdue")
            for row in months.iter_rows(named=True)
            if row[f"{kind}_count"]
        }
        alt = "Won, open and overdue amounts by close month"
        opened = drill_figure(pipeline_by_month(months, numbers), "month", alt, labels)
        if opened:
            kind, month = opened.split(":")
            chosen = {
                "kind": "due" if kind == "open" else kind,
                "dimension": "month",
                "dimension_value": months.filter(pl.col("month") == month)["months"][0].to_list(),
            }
            params = {**filters.params, **chosen}
            show_records("pipeline_records", params, "month", labels[opened], numbers, "amount_base")
    with st.container(horizontal=True):
        download(by_month, "by_month", "funnel_coverage_by_month")
        define("funnel_coverage")


def show_change() -> None:
    """Show what moved the pipeline between two days, coverage week by week, and the deals created."""
    with st.container(border=True):
        before = filters.compared.as_of if filters.compared else filters.as_of - timedelta(days=7)
        since = st.date_input(
            "From the end of",
            value=min(before, filters.as_of - timedelta(days=1)),
            max_value=filters.as_of - timedelta(days=1),
            min_value=min(page.about.first_date or before, before),
            key="since",
            bind="query-params",
            help="The first of the two days; the second is the as-of day. The period stays the same.",
        )
        asked = {**filters.params, "since": since if isinstance(since, date) else before}
        steps = ask("pipeline_waterfall", **asked)
        heading(
            "What moved the open pipeline",
            f"Amount in {numbers.currency}, deals due in {filters.period_words}, "
            f"from {day(asked['since'])} to {day(filters.as_of)}",
        )
        st.markdown(plain(waterfall_finding(steps, numbers, filters.as_of, page.about.history_from)))
        shown = steps_shown(steps)
        if shown["deals"].sum():
            options = {row["step"]: STEPS[row["step"]] for row in shown.iter_rows(named=True) if row["deals"]}
            options |= {"unchanged": STEPS["unchanged"]}
            alt = "Opening pipeline, what moved it, and closing pipeline"
            opened = drill_figure(pipeline_waterfall(shown, numbers), "step", alt, options)
            if opened:
                params = {**asked, "step": opened}
                show_records("pipeline_waterfall_records", params, "step", STEPS[opened], numbers, "change")
        with st.container(horizontal=True):
            download(steps, "waterfall", "pipeline_waterfall")
            define("pipeline_waterfall", "pipeline_waterfall_records")
    left, right = st.columns(2)
    with left, st.container(border=True):
        show_weeks()
    with right, st.container(border=True):
        show_created()


def show_weeks() -> None:
    """Show coverage as it stood at the end of each of the last weeks."""
    weeks = ask("coverage_by_week", **filters.params)
    heading("Coverage, week by week", f"To go, {filters.period}, as it stood then against the goal of then")
    st.markdown(plain(weeks_finding(weeks, numbers)))
    days = {value.isoformat(): day(value) for value in weeks["day"]}
    if weeks["coverage_to_go"].null_count() < weeks.height:
        alt = "Coverage to go at the end of each of the last twelve weeks, against the band of the rule"
        opened = drill_figure(coverage_by_week(weeks, numbers), "week", alt, days)
        if opened:
            params = {**filters.params, "as_of": date.fromisoformat(opened), "kind": "due"}
            what = f"Open deals due on {days[opened]}"
            show_records("pipeline_records", params, "week", what, numbers, "amount_base")
    with st.container(horizontal=True):
        download(weeks, "by_week", "coverage_by_week")
        define("coverage_by_week")


def show_created() -> None:
    """Show the deals created week by week, beside what is usual and what is needed."""
    weeks = ask("pipeline_created_by_week", **filters.scope)
    missing = ask_row("pipeline_missing", **filters.params)
    heading("Pipeline created a week", "Deals, or their amount at the end of the week in which they were created")
    if weeks.is_empty():
        show_empty("No deal was created in the last twenty-six weeks.")
        return
    st.markdown(plain(creation_finding(weeks, missing, numbers)))
    measure = choose("Count", {"deals": "Deals", "amount": "Amount"}, "created_in", "deals")
    needed = missing["needed_per_week"] if missing is not None else None
    fig = (
        created_by_week(weeks, numbers)
        if measure == "deals"
        else created_amount_by_week(weeks, None if needed is None else float(needed), numbers)
    )
    options = {
        row["week_start"].isoformat(): f"Week of {day(row['week_start'])}" for row in weeks.iter_rows(named=True)
    }
    opened = drill_figure(fig, "created", "Deals created in each of the last twenty-six weeks", options)
    if opened:
        params = {**filters.scope, "week_start": date.fromisoformat(opened)}
        what = f"Deals created in the {options[opened].lower()}"
        show_records("pipeline_created_records", params, "created", what, numbers, "amount_base")
    with st.container(horizontal=True):
        download(weeks, "created", "pipeline_created_by_week")
        define("pipeline_created_by_week", "pipeline_missing")


def show_deals() -> None:
    """Show which of the pipeline is real: suspects, the biggest deals, ageing by stage, the forecast."""
    with st.container(border=True):
        row = ask_row("coverage_without_suspects", **filters.params)
        heading("With and without suspects", f"Open deals due in {filters.period_words}")
        st.markdown(plain(suspects_finding(row, numbers)))
        opened = pick("Open the records behind", SUSPECTS, "suspects", "Choose here")
        if opened:
            params = {**filters.params, "kind": opened}
            show_records("open_deals", params, "suspects", SUSPECTS[opened], numbers, "amount_base")
        st.markdown(f"**The {BIGGEST} biggest open deals**")
        biggest = ask("open_deals", **filters.params).head(BIGGEST)
        if biggest.is_empty():
            show_empty("No open deal is due in this period under these filters.")
        else:
            early = ("name", "amount_base", "owner", "close_date", "stage", "forecast")
            shown = biggest.drop("record_id", "last_activity_date", "is_overdue", "created_date")
            shown = shown.select(*early, pl.exclude(*early))
            table(shown, "open_deals", "biggest", "The biggest open deals that are due", numbers)
        with st.container(horizontal=True):
            download(biggest, "biggest", "biggest_open_deals")
            define("coverage_without_suspects", "open_deals")
    left, right = st.columns(2)
    with left, st.container(border=True):
        show_ageing()
    with right, st.container(border=True):
        show_forecast()


def show_ageing() -> None:
    """Show how long open deals have been at their stage, beside won deals, and what they are worth by its chance."""
    stages = ask("stage_ageing", **filters.params)
    heading("Ageing and worth by stage", "Open deals due, by how their stay compares with won deals at that stage")
    if stages.is_empty() or stages["deals"].null_count():
        show_empty("No open deal is due in this period, or how it looked on this day is not recorded.")
    else:
        options = named(stages["stage"].to_list())
        alt = "Open deals by stage, by how long they have been there"
        opened = drill_figure(ageing_by_stage(stages, numbers), "stage_of", alt, options)
        if opened is not None:
            params = {**filters.params, "kind": "due", "stage": [opened]}
            what = f"Open deals due at {opened or '(none)'}"
            show_records("open_deals", params, "stage_of", what, numbers, "amount_base")
        configured = stages.filter(pl.col("chance_from") == "configured")["stage"].to_list()
        if configured:
            st.caption(
                plain(f"At {', '.join(configured)} too few deals are decided: the chance is the CRM's own probability.")
            )
        shown = stages.select(
            "stage",
            "deals",
            "amount",
            "chance",
            "weighted_amount",
            "median_days",
            "won_median_days",
            "won_p80_days",
            "won_p90_days",
            "chance_from",
            "decided",
            "won_deals",
        )
        table(shown, "stage_ageing", "stage_table", "Open deals by stage, their chance and their age", numbers)
    with st.container(horizontal=True):
        download(stages, "stages", "stage_ageing")
        define("stage_ageing")


def show_forecast() -> None:
    """Show what is called commit, best case and pipeline, beside what was called a week ago and what became of it."""
    calls = ask("forecast_by_category", **filters.params)
    since = filters.as_of - timedelta(days=7)
    heading("Forecast categories", f"Open deals due, as called on {day(filters.as_of)} and on {day(since)}")
    if calls.is_empty() or calls["deals"].null_count():
        show_empty("No open deal is due in this period, or how it looked on one of the two days is not recorded.")
    elif calls["forecast"].null_count() == calls.height:
        show_empty("The exports name no forecast category.")
    else:
        options = {
            f"{when}:{name or ''}": f"{(name or '(none)').capitalize()}, called so {'now' if when == 'now' else 'then'}"
            for when in ("now", "then")
            for name in calls["forecast"]
        }
        alt = "Open deals by forecast category, now and a week before"
        opened = drill_figure(forecast_now_and_then(calls, numbers), "forecast", alt, options)
        if opened:
            when, name = opened.split(":", 1)
            params = {**filters.params, "forecast": [name], "on_day": since if when == "then" else None}
            show_records("forecast_records", params, "forecast", options[opened], numbers, "amount_base")
        shown = calls.drop("since_date", "assumed_count")
        table(shown, "forecast_by_category", "forecast_table", "Forecast categories now and a week before", numbers)
    with st.container(horizontal=True):
        download(calls, "forecast", "forecast_by_category")
        define("forecast_by_category", "forecast_records")


def show_periods() -> None:
    """Show this and the next periods, and how past periods began and ended."""
    with st.container(border=True):
        coming = ask("coverage_by_period", **page.filters.params)
        heading("This and the next periods", "Coverage to go, each by its own goal")
        if coming.is_empty():
            show_empty("No deal is in the exports.")
            return
        bounds = {row["period"]: (row["period_start"], row["period_end"]) for row in coming.iter_rows(named=True)}
        options = {period: f"Open deals due in {period}" for period in bounds}
        alt = "Coverage to go of this and the next periods, against the band of the rule"
        opened = drill_figure(coverage_by_period(coming, numbers), "due_in", alt, options)
        if opened:
            start, end = bounds[opened]
            params = {**filters.scope, "period_start": start, "period_end": end, "kind": "due"}
            show_records("pipeline_records", params, "due_in", options[opened], numbers, "amount_base")
        shown = coming.drop("period_start", "period_end", "is_goal_set_later", "assumed_count", "band_low", "band_high")
        names = {"missing_amount": "Missing pipeline"}
        table(shown, "coverage_by_period", "periods_table", "Coverage of this and the next periods", numbers, names)
        with st.container(horizontal=True):
            download(coming, "periods", "coverage_by_period")
            define("coverage_by_period")
    starts = ask("period_starts", **page.filters.params)
    with st.container(border=True):
        heading("How periods began, and what came of it", "Open and due at the start of the period / its goal")
        st.markdown(plain(periods_finding(starts, numbers)))
        show_starts(starts)


def show_starts(starts: pl.DataFrame) -> None:
    """Show coverage at the start of periods beside what was made of the goal, and what became of the deals."""
    if starts.is_empty():
        show_empty("No period has begun since the first deal was created.")
        return
    bounds = {row["period"]: (row["period_start"], row["period_end"]) for row in starts.iter_rows(named=True)}
    left, right = st.columns(2)
    with left:
        began = {period: f"Deals due when {period} began" for period in bounds}
        alt = "Coverage at the start of each period, and the share of its goal that was won"
        opened = drill_figure(starts_and_ends(starts, numbers), "began", alt, began)
    with right:
        ended = {f"{kind}:{period}": f"{period}: {words}" for period in bounds for kind, words in OUTCOMES.items()}
        ends = None
        if starts["due_count"].sum():
            alt = "What became of the deals that were due when each period began"
            ends = drill_figure(outcomes_by_period(starts, numbers), "became", alt, ended)
    for key, choice, words in (("began", opened, began), ("became", ends, ended)):
        if choice:
            kind, _, period = choice.rpartition(":")
            start, end = bounds[period]
            params = {**filters.scope, "period_start": start, "period_end": end, "outcome": kind or None}
            show_records("period_start_records", params, key, words[choice], numbers, "amount_base")
    shown = starts.drop("period_start", "period_end", "band_low", "band_high")
    table(shown, "period_starts", "starts_table", "How periods began and what came of it", numbers)
    with st.container(horizontal=True):
        download(starts, "starts", "period_starts")
        define("period_starts", "period_start_records")


{"now": show_now, "change": show_change, "deals": show_deals, "periods": show_periods}[section(SECTIONS, "coverage")]()
