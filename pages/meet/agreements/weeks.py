"""Agreement, section Week by week: blocks that open their records, and what broken promises may cost."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from charts.agreement import Block, blocks_by_week
from charts.look import named
from charts.numbers import DASH, NumberFormat, day
from pages.meet.agreements.numbers import Found
from reports.agreement import MATURE_DAYS, AgreementWeeks, kept_and_broken_won
from reports.findings_agreement import came, cell_words, money_at_stake, states_of_team
from reports.promises import PROMISES, promise_sentence, shown_promise
from store.agreements import TEAMS
from ui.ask import computed
from ui.choose import choose
from ui.define import define
from ui.files import download
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import drill_figure, show_records

_VERDICTS = {"all": "All", "broken": "Broke it", "kept": "Kept it", "open": "In no share"}
_STATES = {"kept": "✓ kept", "broken": "✗ broken", "not due": "… not yet due", "nothing": "– nothing to judge"}


def draw(page: Page, found: Found) -> None:
    """Draw the section."""
    weeks = found.weeks
    if weeks is None or weeks.rows.is_empty():
        show_empty("There is nothing to judge yet. What each side could promise stands under The agreement.")
        return
    _teams(page, weeks)
    _promises(page, weeks)
    _stakes(page, weeks)


def _teams(page: Page, weeks: AgreementWeeks) -> None:
    """Show two rows of blocks: marketing above, sales below."""
    with st.container(border=True):
        heading(
            "Who would have kept the suggested promises" if weeks.is_suggested else "Who kept the promises",
            "Each block is a team's week: promises kept of those judged. One broken promise makes it ✗",
        )
        blocks = []
        for team in TEAMS:
            for row in states_of_team(weeks.rows, team, weeks.weeks):
                judged = row["kept"] + row["broken"]
                waiting = f", {row['not due']} not yet due" if row["not due"] else ""
                none = f", {row['nothing']} with nothing to judge" if row["nothing"] else ""
                if row["promises"]:
                    blocks.append(
                        Block(
                            team.capitalize(),
                            row["week"],
                            row["state"],
                            f"{row['kept']}/{judged}" if judged else "",
                            f"<b>{team.capitalize()}</b>, week to {day(row['week'] + timedelta(days=6))}<br>"
                            f"{row['kept']} kept, {row['broken']} broken{waiting}{none}",
                            f"{team}|{row['week'].isoformat()}",
                        )
                    )
        options = {block.key: f"{block.row}, week of {block.week.isoformat()}" for block in blocks}
        opened = drill_figure(
            blocks_by_week(blocks, [team.capitalize() for team in TEAMS], page.numbers),
            "agreement_week",
            "Weeks in which marketing and sales kept their promises, broke one, or cannot be judged yet",
            options,
        )
        if opened:
            team, week = opened.split("|")
            for row in weeks.of_week(date.fromisoformat(week), team).iter_rows(named=True):
                st.markdown(plain(f"{_STATES[row['state']][0]} {cell_words(row, page.numbers)}"))
        define("promises_kept", "promises_by_week")


def _promises(page: Page, weeks: AgreementWeeks) -> None:
    """Show each promise's weeks; a block opens the leads, passes and waits that it counts."""
    numbers, rows = page.numbers, weeks.rows
    with st.container(border=True):
        heading(
            "Promise by promise",
            "What came in the week: leads and MQL a week, shares of the week's passes. Marketing above, sales below",
        )
        names = [name for name in PROMISES if name in rows["promise"].to_list()]
        of_marketing = sum(PROMISES[name].team == "marketing" for name in names)
        blocks = [
            Block(
                _row_name(row["promise"]),
                row["week"],
                row["state"],
                _short(row, numbers),
                "<br>".join(named(part) for part in _folded(cell_words(row, numbers))),
                f"{row['promise']}|{row['week'].isoformat()}",
            )
            for row in rows.iter_rows(named=True)
        ]
        options = {
            block.key: f"{block.row}, week of {block.week.isoformat()}" for block in blocks if block.state != "nothing"
        }
        opened = drill_figure(
            blocks_by_week(blocks, [_row_name(name) for name in names], numbers, gap_after=of_marketing),
            "agreement_promise",
            "Each promise week by week: kept, broken, not yet due, or nothing to judge, with what came",
            options,
        )
        if opened:
            _records(page, weeks, *opened.split("|"))
        for version in weeks.versions:
            words = [promise_sentence(promise, version.terms, numbers) for promise in version.terms.promises]
            title = "Suggested" if weeks.is_suggested else f"Version {version.number}, from {day(version.valid_from)}"
            with st.expander(f"{title}: what the promises say"):
                st.markdown("\n".join(f"- {plain(text)}" for text in words))
                st.caption(
                    "A promise with a time limit is judged once its limit has passed for the last moment of the week. "
                    "What went back before the limit, or is not decided, is in no share."
                )
        with st.container(horizontal=True):
            download(_table(rows), "agreement_weeks", "promises_by_week", title="Promises week by week")
            define("promises_by_week", "promise_records")


def _row_name(name: str) -> str:
    return f"{PROMISES[name].title} (%)" if PROMISES[name].is_share else PROMISES[name].title


def _short(row: dict[str, Any], numbers: NumberFormat) -> str:
    """Return what came as a block on a phone holds it: a share in hundredths, whose sign stands with the row's name."""
    if row["actual"] is None or row["state"] == "nothing":
        return ""
    return shown_promise(row["promise"], row["actual"], numbers).removesuffix("%")


def _records(page: Page, weeks: AgreementWeeks, name: str, week: str) -> None:
    """Show the records behind one promise's week."""
    first = date.fromisoformat(week)
    row = weeks.of_week(first).filter(pl.col("promise") == name)
    version = weeks.terms_in(first)
    if row.is_empty() or version is None:
        return
    words = PROMISES[name]
    st.markdown(f"**{plain(cell_words(row.row(0, named=True), page.numbers))}**")
    verdict = choose("Which of them", _VERDICTS, "agreement_verdict", "all") if words.is_share else "all"
    show_records(
        "promise_records",
        {
            "as_of": page.filters.as_of,
            "period_start": first,
            "period_end": first + timedelta(days=7),
            "promise": name,
            "verdict": None if verdict == "all" else verdict,
            **version.terms.limits,
        },
        "agreement_records",
        f"{words.records}, {_VERDICTS[verdict].lower()}",
        page.numbers,
        None,
    )


def _stakes(page: Page, weeks: AgreementWeeks) -> None:
    """Show what each broken promise may cost, and what the price rests on."""
    numbers = page.numbers
    with st.container(border=True):
        heading(
            "What broken promises may cost",
            "An estimate: what is short × our own mature won rate × the average amount of a deal won from a lead",
        )
        broken = weeks.rows.filter(pl.col("state") == "broken").sort("week", "money", descending=True, nulls_last=True)
        if broken.is_empty():
            show_empty("No promise was broken in these weeks.")
        else:
            st.dataframe(
                _stakes_table(broken, numbers),
                hide_index=True,
                key="agreement_stakes",
                alt="Broken promises, priced",
                placeholder=DASH,
                column_config={"Week to": st.column_config.DateColumn(format="D MMM YYYY")},
            )
        st.caption(
            plain(
                f"Amounts carry the 95% interval of the rate alone; an average deal from a lead is "
                f"{numbers.money(weeks.average)}. They are not added up: a lead that is missing is also an MQL that is "
                "missing. What is late may still be won: of decisions, answers and attempts only an association with the "
                "won rate is known, leads of the same source and segment compared, and not its cause."
            )
        )
        version = weeks.versions[-1]
        won = computed(kept_and_broken_won, terms=version.terms, as_of=page.filters.as_of)
        for line in _association(won, numbers):
            st.markdown(plain(f"• {line}"))
        with st.container(horizontal=True):
            download(broken, "agreement_stakes", "promises_by_week_broken", title="What broken promises may cost")
            define("goal_steps", "goal_won_sizes", "promise_outcomes", "response_association")


def _stakes_table(broken: pl.DataFrame, numbers: NumberFormat) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "Week to": row["week"] + timedelta(days=6),
                "Team": row["team"].capitalize(),
                "Promise": PROMISES[row["promise"]].title,
                "Came": came(row, numbers),
                "Promised": f"{row['bound']} {shown_promise(row['promise'], row['promised'], numbers)}",
                "Of": row["counted"],
                "Short": row["short"],
                "May cost (95%)": money_at_stake(row, numbers),
                "Won rate lost": _rate(row, numbers),
                "From": row["price_n"],
            }
            for row in broken.iter_rows(named=True)
        ]
    )


def _rate(row: dict[str, Any], numbers: NumberFormat) -> str:
    if row["rate"] is None:
        return DASH
    return f"{numbers.share(row['rate'])} ({numbers.interval(row['rate_low'], row['rate_high'])})"


def _association(won: pl.DataFrame, numbers: NumberFormat) -> list[str]:
    """Say how the won rate goes with each of sales' promises."""
    lines = []
    for name in (name for name in PROMISES if PROMISES[name].stage is None):
        mine = won.filter(pl.col("promise") == name)
        kept, broken = (mine.filter(pl.col("response") == side) for side in ("kept", "broken"))
        if kept.is_empty() or broken.is_empty() or broken["difference"][0] is None:
            lines.append(f"{PROMISES[name].title}: too few leads {MATURE_DAYS} days old on one of the sides to tell.")
            continue
        row = broken.row(0, named=True)
        points = f"{numbers.number(abs(100 * row['difference']), 1)} points"
        ends = f"95% {numbers.number(100 * row['low'], 1)} to {numbers.number(100 * row['high'], 1)}"
        told = {
            "down": f"{points} less where it was broken ({ends})",
            "up": f"{points} more where it was broken ({ends})",
        }.get(row["verdict"], f"cannot tell ({ends})")
        lines.append(
            f"{PROMISES[name].title}: {numbers.share(kept['rate'][0])} of {numbers.number(kept['leads'][0])} leads were won "
            f"after it was kept, {numbers.share(row['rate'])} of {numbers.number(row['leads'])} after it was broken; of one "
            f"kind: {told}."
        )
    return lines


def _table(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop("is_share")


def _folded(text: str, width: int = 60) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
