"""KPIs, section Pick KPIs: three to five, each with a why, an owner and a band; what moved ahead of won revenue."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.numbers import NumberFormat
from estimators import by_week, last_week_end, lead_indicators, repeated_picks
from reports.kpi_numbers import TeamKpis
from reports.kpi_states import as_stored, as_typed
from store import audit, open_store
from store.kpis import LEAST, MOST, Baseline, Pick, baselines, lock_baseline, picks, set_picks
from ui.author import ask_author
from ui.define import define
from ui.kpis import metric_days
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.writing import keep_as

TARGET = "won_amount"
_ASKED = "kpi_evidence_asked"
_BASELINE_WEEKS = 26


def draw(page: Page, kpis: TeamKpis) -> None:
    """Draw the picking, what speaks for a candidate, and who changed what."""
    with st.container(border=True):
        heading(f"What {kpis.team} watches", f"{LEAST} to {MOST} metrics, agreed by the whole team")
        st.caption(
            "A short list that all share is looked at in every meeting; a long one is looked at by nobody. So fewer than three "
            "or more than five cannot be kept."
        )
        _form(page, kpis)
        _changes(kpis)
    _evidence(page, kpis)


def _form(page: Page, kpis: TeamKpis) -> None:
    standing = {pick.metric: pick for pick in kpis.picks}
    order = sorted(
        kpis.known, key=lambda name: (kpis.known[name].team not in (kpis.team, "shared"), kpis.known[name].title)
    )
    chosen = st.multiselect(
        "Metrics",
        order,
        default=[name for name in standing if name in kpis.known],
        format_func=lambda name: f"{kpis.known[name].title} ({kpis.known[name].team})",
        key=f"kpi_chosen_{kpis.team}",
        placeholder="Choose three to five",
    )
    with st.form("kpi_picks", border=False):
        for name in chosen:
            was, metric = standing.get(name), kpis.known[name]
            unit = " (%)" if metric.unit == "share" else ""
            st.markdown(f"**{plain(metric.title)}**")
            left, middle, low, high = st.columns([3, 2, 1, 1])
            left.text_input(
                "Why: what would you do if it moved?", was.why if was else "", key=f"kpi_why_{name}", max_chars=400
            )
            middle.text_input("Who looks after it", was.owner if was else "", key=f"kpi_owner_{name}", max_chars=100)
            for column, edge, stands in (
                (low, "from", was.band_low if was else None),
                (high, "to", was.band_high if was else None),
            ):
                column.number_input(
                    f"Band {edge}{unit}",
                    value=as_typed(metric.unit, stands),
                    key=f"kpi_band_{edge}_{name}",
                    placeholder="none",
                )
        ask_author("kpi_picks_by")
        st.form_submit_button(
            "Keep these KPIs", icon=":material/save:", on_click=_keep, args=(page, kpis, tuple(chosen))
        )


def _keep(page: Page, kpis: TeamKpis, chosen: tuple[str, ...]) -> None:
    """Keep what the form holds as what the team watches from now on."""
    standing = {pick.metric: pick for pick in kpis.picks}
    of = st.session_state

    def picked(name: str) -> Pick:
        was, unit = standing.get(name), kpis.known[name].unit
        edges = [as_stored(unit, of.get(f"kpi_band_{edge}_{name}")) for edge in ("from", "to")]
        why, owner = (of.get(f"kpi_{part}_{name}") or "" for part in ("why", "owner"))
        return Pick(name, why, owner, *edges, id=was.id if was else None, version=was.version if was else None)

    def keep(by: str) -> None:
        set_picks(open_store(), kpis.team, [picked(name) for name in chosen], by, kpis.seen)
        _lock_new(page, kpis, by)

    keep_as("kpi_picks_by", keep, f"Kept: what {kpis.team} watches.")


def _lock_new(page: Page, kpis: TeamKpis, by: str) -> None:
    """Lock the limits of what is new: learned from the half year before it was picked, they hold until somebody resets them."""
    engine = open_store()
    ids = [pick.id for pick in picks(engine, kpis.team) if pick.id is not None]
    locked = {line.pick_id for line in baselines(engine, ids)}
    last = last_week_end(page.filters.as_of, kpis.calendar.week_start) - timedelta(days=6)
    for pick_id in ids:
        if pick_id not in locked:
            first = last - timedelta(weeks=_BASELINE_WEEKS - 1)
            lock_baseline(engine, Baseline(pick_id, first, last, "The half year before it was picked", by))


def _changes(kpis: TeamKpis) -> None:
    """Show who changed the team's picks; what is picked again gets its goals and limits back."""
    ids = {pick.id for pick in kpis.picks}
    changes = [
        change
        for change in audit(open_store(), "kpi_pick")
        if change.row_id in ids or (change.after or {}).get("team") == kpis.team
    ][:12]
    if not changes:
        return
    with st.expander("Who changed what"):
        for change in changes:
            name = (change.after or change.before or {}).get("metric", "")
            title = kpis.known[name].title if name in kpis.known else name
            st.markdown(plain(f"{change.at:%d %b %Y %H:%M} UTC: {change.by} {change.action} {title}"))


def _evidence(page: Page, kpis: TeamKpis) -> None:
    """Show which numbers moved ahead of won revenue, and which picks say the same; computed when it is asked for."""
    with st.container(border=True):
        heading("What speaks for a candidate", "Which weekly numbers moved ahead of won revenue, by our own history")
        if not st.toggle("Look through all metrics", key=_ASKED):
            return
        names = list(kpis.known)
        days = metric_days(page, names, kpis.own)
        over = {name: kpis.known[name].over for name in names}
        weeks = by_week(days, over, page.filters.as_of, kpis.calendar.week_start).filter(
            pl.col("week") >= page.filters.as_of.replace(year=page.filters.as_of.year - 3, day=1)
        )
        if weeks.filter(pl.col("metric") == TARGET).is_empty():
            show_empty("The exports record no won revenue by day, so nothing can be compared with it.")
            return
        same = {"won_count", "average_won_amount", "new_business_amount", "expansion_amount", "win_rate_by_value"}
        found = lead_indicators(weeks.filter(~pl.col("metric").is_in(same)), TARGET)
        told = found.filter(pl.col("verdict").is_in(["moves ahead", "moves against"]))
        if told.is_empty():
            st.markdown("No weekly number moved ahead of won revenue more than chance would explain.")
        st.dataframe(_candidates(found, kpis, page.numbers), hide_index=True)
        picked = [pick.metric for pick in kpis.picks]
        pairs = repeated_picks(weeks.filter(pl.col("metric").is_in(picked))).filter(pl.col("verdict") == "repeats")
        for row in pairs.iter_rows(named=True):
            first, second = kpis.known[row["first"]].title, kpis.known[row["second"]].title
            st.markdown(
                plain(
                    f"{first} and {second} say the same (their weekly changes go together at "
                    f"{page.numbers.number(row['correlation'], 2)} over {row['weeks']} weeks): one could make room."
                )
            )
        define("lead_indicators", "repeated_picks")


def _candidates(found: pl.DataFrame, kpis: TeamKpis, numbers: NumberFormat) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "Metric": kpis.known[row["metric"]].title,
                "Says": row["verdict"] or "too few weeks",
                "Weeks ahead": row["lag"],
                "Rank correlation": numbers.number(row["correlation"], 2),
                "95% interval": f"{numbers.number(row['low'], 2)} to {numbers.number(row['high'], 2)}"
                if row["low"] is not None
                else "",
                "Weeks compared": row["weeks"],
            }
            for row in found.iter_rows(named=True)
        ]
    )
