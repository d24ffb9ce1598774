"""The weekly review's parts, each a heading, a sentence, a figure and the deals behind it, from the review's frames alone."""

import polars as pl
import streamlit as st

from charts.coverage_change import STEPS, pipeline_waterfall, steps_shown
from charts.goals import actual_by_day
from charts.numbers import day
from pages.meet.review.opened import choices_of
from reports.review import Review
from reports.review_document import action_lines, decision_lines, goal_cards, kpi_cards, said_lines
from store import open_store
from store.comments import add_comment
from ui.author import ask_author
from ui.choose import pick
from ui.define import define
from ui.files import download
from ui.messages import plain, show_empty
from ui.page import heading
from ui.records import drill_figure, show_figure, table
from ui.writing import keep_as

_LISTED = 8


def show_alerts(review: Review) -> None:
    """Show what fired; what is snoozed is said in one line."""
    frame = review.frames["alerts"]
    for text in frame.filter(~pl.col("is_snoozed"))["text"]:
        st.warning(plain(text), icon=":material/notifications_active:")
    quiet = frame.filter("is_snoozed")["title"].to_list()
    if quiet:
        st.caption(plain(f"Snoozed: {', '.join(quiet)}."))


def show_agreement(review: Review) -> None:
    """Say how each team kept the agreement in the last complete week; nothing where none is in force."""
    if review.agreement is not None:
        st.markdown(plain(review.agreement))
        st.page_link("pages/meet/agreement.py", label="Agreement", icon=":material/handshake:")


def show_goal(review: Review) -> None:
    """Show the shared goal with its pace."""
    with st.container(border=True):
        heading("The shared goal", f"Won amount, {review.asked.period}")
        goal, course = review.goal, review.frames["course"]
        if goal is None:
            show_empty(review.on_track)
        else:
            with st.container(horizontal=True):
                for card in goal_cards(review):
                    st.metric(
                        card.title,
                        card.value,
                        delta=" · ".join(card.beside) or None,
                        delta_color="off",
                        delta_arrow="off",
                        border=True,
                    )
        if course.height and course["actual_to_date"].null_count() < course.height:
            value = float(goal["goal"]) if goal is not None and goal["goal"] is not None else None
            fig = actual_by_day(course, value, review.numbers, is_money=True)
            show_figure(fig, "review_course", "Won by the end of each day, what would be on track, and where it leads")
        define("goal_progress", "goal_by_day")


def show_calls(review: Review) -> None:
    """Show what was called a week ago, and what came of it."""
    with st.container(border=True):
        heading("Called last week, and what came", f"Open deals due, as called on {day(review.asked.since)}")
        st.markdown(plain(review.called))
        calls = review.frames["calls"]
        if calls.height and not calls["deals"].null_count() and calls["forecast"].null_count() < calls.height:
            shown = calls.drop("since_date", "assumed_count")
            with st.expander("The calls in numbers"):
                table(shown, "forecast_by_category", "review_calls", "Forecast categories then and now", review.numbers)
        define("forecast_by_category")


def show_kpis(review: Review) -> None:
    """Show each team's KPIs as cards, and say those that are loud."""
    frame = review.frames["kpis"]
    with st.container(border=True):
        heading("KPIs", "The last complete week; what each team picked")
        if frame.is_empty():
            show_empty("No team has picked its KPIs yet: three to five each, on the KPIs page.")
            st.page_link("pages/measure/kpis.py", label="Pick KPIs", icon=":material/monitoring:")
            return
        for team in frame["team"].unique(maintain_order=True):
            st.markdown(f"**{team.capitalize()}**")
            with st.container(horizontal=True):
                for card in kpi_cards(review, team):
                    st.metric(
                        card.title,
                        card.value,
                        delta=" · ".join(card.beside[:2]),
                        delta_color="off",
                        delta_arrow="off",
                        border=True,
                        help="; ".join(card.beside[2:]),
                    )
        loud = frame.filter((pl.col("verdict") == "signal") | pl.col("judged").is_in(["missed", "outside"]))
        for text in loud["sentence"]:
            st.markdown(plain(f"• {text}"))
        define("metric_by_day", "xmr")


def show_changes(review: Review) -> None:
    """Show what moved the pipeline in the week, each step opening its deals, and the deals won, lost and pushed."""
    numbers, asked = review.numbers, review.asked
    with st.container(border=True):
        heading(
            "What changed since last week", f"{day(asked.since)} to {day(asked.as_of)}, amount in {numbers.currency}"
        )
        steps = steps_shown(review.frames["moved"])
        known = steps.height and steps["deals"].sum() and steps["amount"].null_count() < steps.height
        if known:
            ends = {"opening", "closing"}
            options = {
                row["step"]: STEPS[row["step"]]
                for row in steps.iter_rows(named=True)
                if row["deals"] and row["step"] not in ends
            }
            opened = drill_figure(
                pipeline_waterfall(steps, numbers),
                "review_moved",
                "Opening pipeline, what moved it, and closing pipeline",
                options,
            )
            if opened:
                deals = review.frames["movers"].filter(pl.col("step") == opened)
                _deals(review, deals, STEPS[opened], "pipeline_waterfall_records", "review_step", "change")
        lists = {
            "won": ("Won", review.frames["won"], "outcome_records", "amount_base"),
            "lost": ("Lost", review.frames["lost"], "outcome_records", "amount_base"),
            "pushed": ("Pushed out of the period", review.pushed, "pipeline_waterfall_records", "change"),
            "movers": ("Moved the pipeline most", review.movers, "pipeline_waterfall_records", "change"),
        }
        with st.container(horizontal=True):
            for title, frame, _, amount in lists.values():
                total = frame[amount].sum() if frame[amount].null_count() < frame.height else None
                st.metric(
                    title,
                    numbers.number(frame.height),
                    delta=numbers.money(total) if title != lists["movers"][0] else None,
                    delta_color="off",
                    delta_arrow="off",
                    border=True,
                )
        words = {name: f"{title} ({frame.height})" for name, (title, frame, _, _) in lists.items()}
        chosen = pick("Open the deals", {name: lists[name][0] for name in words}, "review_deals", "Choose a list")
        if chosen:
            title, frame, query, amount = lists[chosen]
            _deals(review, frame, title, query, "review_list", amount)
        with st.container(horizontal=True):
            download(review.frames["movers"], "review_movers", "pipeline_waterfall_records")
            define("pipeline_waterfall", "outcome_records")


def _deals(review: Review, frame: pl.DataFrame, title: str, query: str, key: str, amount: str) -> None:
    """Show deals from the review's own frame: they are those of the figure, also when it is frozen."""
    count = f"{review.numbers.number(frame.height)} {'deal' if frame.height == 1 else 'deals'}"
    total = f", {review.numbers.money_exact(frame[amount].sum())} in all" if frame.height else ""
    st.markdown(f"**{plain(f'{title}: {count}{total}')}**")
    if frame.height:
        table(frame, query, key, title, review.numbers)
        download(frame, key, f"{query}_{key}", query, title)


def show_tightest(review: Review) -> None:
    """Show whether there is enough pipeline, and where the funnel is tightest."""
    with st.container(border=True):
        heading("Where the funnel is tightest", "Pipeline for the goal, and the step that costs most")
        st.markdown(plain(review.coverage))
        st.markdown(plain(review.tightest))
        with st.container(horizontal=True):
            st.page_link("pages/measure/funnel_coverage.py", label="Funnel coverage", icon=":material/filter_alt:")
            st.page_link("pages/measure/lead_to_close.py", label="Lead to close", icon=":material/conversion_path:")
            define("funnel_coverage", "weakest_step")


def show_stands_out(review: Review) -> None:
    """Show what stands out in the whole company, each with the page that opens it, and of what it cannot be told."""
    told = review.stands_out
    with st.container(border=True):
        heading("What stands out", "Beyond chance, and large enough to act on")
        if told.is_empty():
            show_empty("Nothing stands out: what differs is small, or may be chance.")
        for row in told.iter_rows(named=True):
            with st.container(gap="xsmall"):
                st.markdown(plain(f"• {row['text']}"))
                st.page_link(
                    f"pages/measure/{row['page']}.py",
                    label=f"Open in {row['page'].replace('_', ' ').capitalize()}",
                    icon=":material/open_in_new:",
                    query_params=choices_of(row["question"], row["unit"], review.asked.as_of),
                )
        st.caption(plain(review.not_told))
        define("stands_out", "changed_more")


def show_actions(review: Review) -> None:
    """Show open actions, those closed in the week, and decisions that are due, each with what became of its number."""
    with st.container(border=True):
        heading("Actions and decisions", "Open until closed; beside each what became of its KPI")
        actions, decisions = action_lines(review), decision_lines(review)
        if not actions and not decisions:
            show_empty("Nothing is open. Actions and decisions are written down in a huddle, and come back here.")
        for line in actions:
            st.markdown(plain(f"• {line}"))
        if decisions:
            st.markdown("**Decided, or to look back on**")
        for line in decisions:
            st.markdown(plain(f"• {line}"))
        said = said_lines(review)
        if said:
            st.markdown("**Customers said**")
        for line in said:
            st.markdown(plain(f"• {line}"))


def show_story(review: Review) -> None:
    """Show the client narratives as they are now; nothing where none is written."""
    frame = review.frames["narratives"]
    if frame.is_empty():
        return
    with st.container(border=True):
        heading("The story that both teams tell", "Client, problem, trend, product, proof")
        for row in frame.iter_rows(named=True):
            st.markdown(f"**{plain(row['client'])}**")
            for name in ("problem", "trend", "product", "proof"):
                st.markdown(plain(f"{name.capitalize()}: {row[name]}"))
            if row["changes"]:
                st.info(plain(row["changes"]), icon=":material/trending_up:")
            st.caption(plain(row["standing"]))


def show_notes(review: Review, *, is_live: bool) -> None:
    """Show what was noted in the last weeks and the comments on this review; offer to write one where it is live."""
    with st.container(border=True):
        heading(
            "Notes and comments", "What was noted on the time axes in four weeks, and what people say of this review"
        )
        for row in review.frames["notes"].iter_rows(named=True):
            st.markdown(plain(f"• {day(row['day'])}: {row['text']} ({row['by']})"))
        for row in review.frames["comments"].iter_rows(named=True):
            st.markdown(plain(f"{row['by']}, {row['at']}: {row['text']}"))
        if review.frames["notes"].is_empty() and review.frames["comments"].is_empty():
            st.caption("Nothing yet.")
        if not is_live:
            return
        with st.form("review_comment", border=False):
            st.text_area("Your comment", max_chars=500, height=80, key="review_comment_text")
            ask_author("review_comment_by")
            st.form_submit_button(
                "Comment", icon=":material/add_comment:", on_click=_comment, args=(review.asked.about,)
            )


def _comment(about: str) -> None:
    text = st.session_state.get("review_comment_text") or ""
    if keep_as("review_comment_by", lambda by: add_comment(open_store(), about, text, by), "The comment is kept."):
        st.session_state["review_comment_text"] = ""
