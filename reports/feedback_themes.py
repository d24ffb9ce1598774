"""What customers keep saying: themes of feedback counted, in all and month by month."""

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from charts.numbers import plural
from store.feedback import CustomerFeedback

NO_THEME = "(no theme)"


def theme_counts(said: Sequence[CustomerFeedback]) -> pl.DataFrame:
    """Return how often each theme was heard, how often in how many accounts, and how many of these marketing has not answered.

    Returns
    -------
    polars.DataFrame
        One row per `theme`, the one heard most often first: `heard`, `accounts` (named ones), `unanswered`, `last_heard`
        (a date, UTC). Empty where nothing was said.
    """
    schema = {
        "theme": pl.String,
        "heard": pl.Int64,
        "accounts": pl.Int64,
        "unanswered": pl.Int64,
        "last_heard": pl.Date,
    }
    rows = []
    for theme in dict.fromkeys(item.theme or NO_THEME for item in said):
        mine = [item for item in said if (item.theme or NO_THEME) == theme]
        rows.append(
            (
                theme,
                len(mine),
                len({item.account.casefold() for item in mine if item.account}),
                sum(item.status == "open" for item in mine),
                max(item.at for item in mine).date(),
            )
        )
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("heard", "theme", descending=[True, False])


def themes_by_month(said: Sequence[CustomerFeedback]) -> pl.DataFrame:
    """Return how often each theme was heard in each month, from the first month heard of to the last, without gaps.

    Returns
    -------
    polars.DataFrame
        One row per `month` (its first day, UTC) and `theme` with `heard`; 0 where a theme was not heard in a month.
        Empty where nothing was said.
    """
    schema = {"month": pl.Date, "theme": pl.String, "heard": pl.Int64}
    if not said:
        return pl.DataFrame(schema=schema)
    months = pl.DataFrame(
        [(item.at.date().replace(day=1), item.theme or NO_THEME) for item in said], ["month", "theme"], orient="row"
    )
    every = pl.DataFrame(
        {"month": pl.date_range(months["month"].min(), months["month"].max(), "1mo", eager=True)}  # type: ignore[arg-type]
    ).join(months.select("theme").unique(), how="cross")
    counted = months.group_by("month", "theme").agg(heard=pl.len().cast(pl.Int64))
    return (
        every.join(counted, on=["month", "theme"], how="left")
        .with_columns(pl.col("heard").fill_null(0))
        .sort("month", "theme")
    )


def heard(said: Sequence[CustomerFeedback], theme: str | None, until: datetime | date | None = None) -> int:
    """Return how often a theme was heard, up to a moment (UTC) where one is given."""
    if theme is None:
        return 0
    mine = [item for item in said if (item.theme or "").casefold() == theme.casefold()]
    if until is None:
        return len(mine)
    if isinstance(until, datetime):
        return sum(item.at <= until for item in mine)
    return sum(item.at.date() <= until for item in mine)


def said_finding(said: Sequence[CustomerFeedback], since: str) -> str:
    """Say in a sentence what customers said, which theme came most often, and how much marketing has not answered.

    Parameters
    ----------
    said
        What they said.
    since
        Since when, in words: "since 9 Nov 2026".
    """
    if not said:
        return f"No word of a customer was written down {since}."
    counts = theme_counts(said)
    named = counts.filter(pl.col("theme") != NO_THEME)
    text = f"{len(said)} {plural(len(said), 'thing')} customers said {since}"
    if named.height:
        row = named.row(0, named=True)
        text += f", most often about {row['theme']} ({row['heard']})"
    unanswered = int(counts["unanswered"].sum())
    if unanswered == 0:
        return f"{text}; marketing has answered all."
    return f"{text}; {unanswered} still {plural(unanswered, 'waits', 'wait')} for marketing's answer."
