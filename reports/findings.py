"""One sentence a page, computed from the data: what it says, and how sure it is.

Each function takes the frames that the page shows and returns plain text. Where the data does not carry an answer,
the sentence says that, and what would.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, day, plural

Row = dict[str, Any]

# How many stages or measures a sentence names.
_MOST_NAMED = 4
# Values that say that nobody said: neither best nor worst, because nothing can be done about them.
_SAYS_NOTHING = frozenset(("unknown", "none", "n/a", "na", "not set", "unspecified", "undefined", "-", "--"))


def coverage_finding(
    row: Row | None,
    numbers: NumberFormat,
    period_end: date | None,
    as_of: date,
    unmapped_stages: Sequence[str | None] = (),
) -> str:
    """Say whether there is enough pipeline for the goal, from the one row of `funnel_coverage`.

    `unmapped_stages` are the stages of the deals that the row counts as unmapped, the most frequent first.
    """
    if row is None:
        return "No deal is left under these filters, so there is no pipeline to judge."
    unmapped = row["unmapped_count"]
    if not unmapped:
        return _coverage(row, numbers, period_end, as_of)
    listed = ", ".join(f"'{stage or 'blank'}'" for stage in unmapped_stages[:_MOST_NAMED])
    more = f" and {len(unmapped_stages) - _MOST_NAMED} more" if len(unmapped_stages) > _MOST_NAMED else ""
    named = f" ({listed}{more})" if listed else ""
    text = (
        f"{numbers.number(unmapped)} {plural(unmapped, 'deal is', 'deals are')} in no figure here, because "
        f"{plural(unmapped, 'its stage is', 'their stages are')} not known to be open, won or lost{named}."
    )
    # What is left out may change the verdict: where it outweighs what is counted, there is none.
    if unmapped >= (row["open_count"] or 0) + (row["won_count"] or 0):
        return f"{text} Until these are named under [stages] in the settings, nobody can say whether the pipeline is enough."
    return f"{_coverage(row, numbers, period_end, as_of)} {text}"


def _coverage(row: Row, numbers: NumberFormat, period_end: date | None, as_of: date) -> str:
    if row["assumed_count"]:
        return (
            f"How the pipeline looked on {day(as_of)} is not recorded: {numbers.number(row['assumed_count'])} open "
            f"{plural(row['assumed_count'], 'deal')} would be judged by what they became later, so coverage is a dash."
        )
    open_words = (
        f"{numbers.money(row['open_amount'])} of open pipeline in {numbers.number(row['open_count'])} "
        f"{plural(row['open_count'], 'deal')}"
    )
    if row["open_amount"] is None:
        open_words = f"Open pipeline in {numbers.number(row['open_count'])} {plural(row['open_count'], 'deal')} of unknown amount"
    if row["goal"] is None:
        won_words = (
            "what is won is not known" if row["won_amount"] is None else f"{numbers.money(row['won_amount'])} is won"
        )
        return (
            f"{open_words} is due, and {won_words}; no goal is set for exactly this "
            "period and these filters, so there is no coverage to judge. Set one on Shared goals."
        )
    if row["won_amount"] is None:
        why = (
            f"none of the {numbers.number(row['won_count'])} deals won in it carries an amount in a known rate"
            if row["won_count"]
            else "no deal in the exports was ever won or lost"
        )
        return (
            f"What is won of the goal of {numbers.money(row['goal'])} is not known, as {why}: there is no coverage "
            f"to judge. {open_words} is due."
        )
    if row["verdict"] == "met":
        return (
            f"The goal of {numbers.money(row['goal'])} is met: {numbers.money(row['won_amount'])} is won, and "
            f"{open_words} is still due."
        )
    left = row["goal"] - row["won_amount"]
    # The numbers are of the end of the as-of day, so the period's last day is over, too.
    if period_end is not None and period_end - timedelta(days=1) <= as_of:
        return (
            f"The period is over: {numbers.money(row['won_amount'])} was won of the goal of "
            f"{numbers.money(row['goal'])}, {numbers.money(left)} short."
        )
    if row["open_amount"] is None:
        return (
            f"{open_words} is due for the {numbers.money(left)} still missing from the goal of "
            f"{numbers.money(row['goal'])}: without amounts there is no coverage to judge."
        )
    edges = (row["band_low"], row["band_high"])
    band = f"{row['band_low']:g}–{row['band_high']:g}×"
    start = (
        f"Coverage to go is {numbers.ratio_beside(row['coverage_to_go'], edges)}: {open_words} is due for the "
        f"{numbers.money(left)} still missing from the goal of {numbers.money(row['goal'])}."
    )
    if row["verdict"] == "thin":
        return (
            f"{start} That is thin by the {band} rule: {numbers.money(row['missing_amount'])} more pipeline is needed."
        )
    if row["verdict"] == "above":
        return f"{start} That is above the {band} rule: look at whether all of it is real."
    return f"{start} That is inside the {band} rule."


def leads_finding(
    total: Row | None,
    own: Row | None,
    by_source: pl.DataFrame,
    alike: Row | None,
    horizon: int,
    numbers: NumberFormat,
    flag_under: int,
) -> str:
    """Say whether leads become customers.

    Parameters
    ----------
    total
        `lead_to_close` of the period's leads.
    own
        `lead_to_close_within` of the same leads: those of them that are old enough to tell.
    by_source, alike
        `lead_to_close_within` of the leads of one year that are old enough to tell, by source and in all.
    horizon
        Days that these had, at least.
    numbers
        How the company writes numbers.
    flag_under
        Sources with fewer leads are not ranked.
    """
    if total is None or not total["leads"]:
        return "No lead was created in this period under these filters."
    if total["won"] is None:
        opportunities = total["opportunities"]
        if opportunities is None:
            return f"{numbers.number(total['leads'])} leads were created; no deal is in the exports, so none can be followed."
        return (
            f"Of {numbers.number(total['leads'])} leads, {numbers.number(opportunities)} became an opportunity "
            f"({numbers.share(opportunities / total['leads'])}); what was won is not in the exports, so it is not known."
        )
    start = (
        f"Of {numbers.number(total['leads'])} leads created, {numbers.number(total['won'])} "
        f"{plural(total['won'], 'is', 'are')} won so far ({numbers.share(total['rate'])}, "
        f"95%: {numbers.interval(total['rate_low'], total['rate_high'])})."
    )
    start += _of_old_leads(total, own, alike, horizon, numbers)
    ranking = _best_and_worst(by_source, numbers, flag_under)
    return f"{start} {ranking}" if ranking else start


def _of_old_leads(total: Row, own: Row | None, alike: Row | None, horizon: int, numbers: NumberFormat) -> str:
    """Say what became of leads that had the time: of the period's own, or, where these are too young, of a year's."""
    if own is not None and own["leads"] and own["rate"] is not None:
        of = "All" if own["leads"] == total["leads"] else numbers.number(own["leads"])
        are = "is" if own["leads"] == 1 else "are"
        return (
            f" {of} of them {are} at least {horizon} days old: {numbers.share(own['rate'])} of these closed within "
            f"{horizon} days."
        )
    if alike is not None and alike["leads"] and alike["rate"] is not None:
        return (
            f" Not one of them is {horizon} days old yet; of the {numbers.number(alike['leads'])} leads of the year "
            f"before that, {numbers.share(alike['rate'])} closed within {horizon} days."
        )
    return ""


def _best_and_worst(by_source: pl.DataFrame, numbers: NumberFormat, flag_under: int) -> str:
    """Name the sources that surely close best and worst, by their intervals; apart from these, leads without one."""
    if by_source.is_empty():
        return ""
    says_nothing = pl.col("dimension_value").is_null() | pl.col("dimension_value").str.to_lowercase().is_in(
        list(_SAYS_NOTHING)
    )
    known = by_source.filter(pl.col("rate").is_not_null())
    ranked = known.filter(~says_nothing & (pl.col("leads") >= flag_under))
    unnamed = known.filter(says_nothing & (pl.col("leads") >= flag_under))
    text = ""
    if ranked.height >= 2:
        # By what is certain of each: a source with few leads is neither best nor worst by chance.
        best = ranked.sort("rate_low", descending=True).row(0, named=True)
        worst = ranked.sort("rate_high").row(0, named=True)
        if best["rate_low"] > worst["rate_high"]:
            text = (
                f"{best['dimension_value']} closes best ({_rate(best, numbers)}), "
                f"{worst['dimension_value']} surely worst ({_rate(worst, numbers)})"
            )
            lower = known.filter(~says_nothing & (pl.col("rate") < worst["rate"])).height
            if lower:
                text += (
                    f"; {lower} {plural(lower, 'source reads', 'sources read')} lower and "
                    f"{plural(lower, 'has', 'have')} too few leads to be sure"
                )
            text += "."
        else:
            text = "The sources cannot be told apart yet: their intervals overlap."
    if text and unnamed.height:
        leads, won = int(unnamed["leads"].sum()), int(unnamed["won"].sum())
        text += f" {numbers.number(leads)} leads have no known source ({numbers.share(won / leads)})."
    return text


def _rate(row: Row, numbers: NumberFormat) -> str:
    return f"{numbers.share(row['rate'])} of {numbers.number(row['leads'])}"


def goal_finding(
    row: Row | None,
    sourced: Row | None,
    numbers: NumberFormat,
    *,
    is_money: bool,
    elsewhere: Sequence[str] = (),
) -> str:
    """Say whether the shared goal is on track, from one row of `goal_progress` and marketing's sourced share.

    `elsewhere` names what else has a goal for this period and these filters.
    """

    def shown(value: Any) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    if row is None and elsewhere:
        return (
            "No goal of this kind is set for exactly this period and these filters. There is one for: "
            f"{', '.join(elsewhere)}."
        )
    if row is None:
        return (
            "No goal is set for exactly this period and these filters, so nothing can be on or off track. "
            "Type one in below, or import your quotas."
        )
    if row["actual"] is None:
        if row["without_amount_count"]:
            count = row["without_amount_count"]
            return (
                f"What was reached is not known: {numbers.number(count)} {plural(count, 'deal')} "
                f"{plural(count, 'counts', 'count')}, none with an amount in a known rate."
            )
        return "The period has not begun, or the exports do not record what this goal counts."
    if row["goal"] is None:
        return f"{shown(row['actual'])} was reached; the period was given no goal."
    if row["goal"] <= 0:
        return (
            f"{shown(row['actual'])} was reached; the goal is {shown(row['goal'])}, and a share of that says nothing. "
            "Set one above 0."
        )
    start = f"{shown(row['actual'])} of {shown(row['goal'])} is reached ({numbers.share(row['attainment'], 0)})"
    if row["attainment"] >= 1:
        text = f"{start}: the goal is met."
    elif row["expected_basis"] == "whole period":
        text = f"{start}: the period ended {shown(row['remaining'])} short."
    elif row["pace"] is None:
        text = f"{start}; it is too early in the period to tell a pace."
    else:
        basis = (
            f"as {numbers.share(row['expected_share'], 0)} is usual by this day (from {row['past_periods']} past periods)"
            if row["expected_basis"] == "past periods"
            else f"as {numbers.share(row['expected_share'], 0)} of the period has passed (history is too short for more)"
        )
        verdict = "on track" if row["pace"] >= 0.97 else "behind"
        verdict = "ahead" if row["pace"] > 1.03 else verdict
        text = f"{start}, {verdict}: pace {numbers.number(row['pace'], 2)}, {basis}."
    if sourced is not None and sourced["amount"] is not None and sourced["of_won"] is not None:
        text += (
            f" Marketing sourced {numbers.money(sourced['amount'])} of what is won "
            f"({numbers.share(sourced['of_won'], 0)})."
        )
    return text


def imports_finding(files: pl.DataFrame, findings: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say what is in the warehouse and what was wrong with it, from `import_files` and `import_findings`."""
    if files.is_empty():
        return "Nothing was imported yet: drop your CRM's exports here."
    read, rejected = int(files["rows_read"].sum()), int(files["rejected"].sum())
    cells, skipped = int(files["unreadable_cells"].sum()), int(files["skipped"].sum())
    text = (
        f"{numbers.number(read)} rows from {numbers.number(files.height)} {plural(files.height, 'file')}: "
        f"{numbers.number(int(files['loaded'].sum()))} loaded, {numbers.number(rejected)} rejected, "
        f"{numbers.number(skipped)} skipped."
    )
    if cells:
        were = plural(cells, "was", "were")
        text += f" {numbers.number(cells)} {plural(cells, 'cell')} could not be read and {were} left empty."
    if findings.height:
        things = plural(findings.height, "thing in the data is", "things in the data are")
        text += f" {findings.height} {things} odd: see below."
    return text


def left_out_sentence(frame: pl.DataFrame, numbers: NumberFormat) -> str | None:
    """Say what a page leaves out and why, from `left_out`; None where it leaves out nothing."""
    parts = []
    for reason, one, many in (
        (
            "unmapped",
            "deal whose stage says neither open, won nor lost",
            "deals whose stage says neither open, won nor lost",
        ),
        (
            "no_rate",
            "deal in a currency without a rate, in no amount",
            "deals in a currency without a rate, in no amount",
        ),
        ("unknown_lead_status", "lead with a status of unknown meaning", "leads with a status of unknown meaning"),
    ):
        rows = frame.filter(pl.col("reason") == reason)
        if rows.is_empty():
            continue
        count = int(rows["records"].sum())
        named = [
            f"{row['what']} {numbers.number(row['amount'] if reason == 'no_rate' else row['records'])}"
            for row in rows.head(4).iter_rows(named=True)
        ]
        more = f", and {rows.height - 4} more" if rows.height > 4 else ""
        parts.append(f"{numbers.number(count)} {plural(count, one, many)} ({', '.join(named)}{more})")
    return f"Left out here: {'; '.join(parts)}." if parts else None


def health_finding(
    findings: pl.DataFrame, meanings: pl.DataFrame, suggestions: pl.DataFrame, numbers: NumberFormat
) -> str:
    """Say how healthy the imported data is, from `import_findings`, `word_meanings` and `value_suggestions`."""
    unknown = meanings.filter((pl.col("unmapped_ever") > 0) & pl.col("meaning").is_null())
    if findings.is_empty() and unknown.is_empty() and suggestions.is_empty():
        return "Nothing in the exports is odd, as far as the product looks, and every stage and status is known."
    parts = []
    if unknown.height:
        left_out = int(unknown["unmapped_records"].sum())
        words = plural(unknown.height, "stage or status is", "stages or statuses are")
        parts.append(
            f"{numbers.number(unknown.height)} {words} of unknown meaning, so {numbers.number(left_out)} "
            f"{plural(left_out, 'record is', 'records are')} left out: say below what they mean."
        )
    if findings.height:
        most = findings.sort("records", descending=True).row(0, named=True)
        parts.append(
            f"{numbers.number(findings.height)} {plural(findings.height, 'thing is', 'things are')} odd; most often: "
            f"{most['title']} ({numbers.number(most['records'])}), and {most['effect']}."
        )
    if suggestions.height:
        parts.append(
            f"{numbers.number(suggestions.height)} {plural(suggestions.height, 'value looks', 'values look')} like another."
        )
    return " ".join(parts)
