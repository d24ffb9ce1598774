"""Leads or selling, in words: which part of a change came with the leads, which with the selling, and which cannot be told."""

import polars as pl

from charts.leads_split import PART_NAMES, points
from charts.numbers import NumberFormat, plural
from estimators.leads_or_selling import LEAD_PARTS

MEANINGS = {
    "source_mix": "the mix of sources",
    "lead_quality": "the quality of the leads",
    "acceptance": "acceptance by sales",
    "qualification": "qualification",
    "closing": "closing",
}


def split_finding(parts: pl.DataFrame, numbers: NumberFormat, after: str, before: str) -> str:
    """Say whether it is the leads or the selling, part by part with intervals, from `leads_or_selling` of one unit.

    Parameters
    ----------
    parts
        Its five rows; none where one side has no leads.
    numbers
        How the company writes numbers.
    after, before
        What the two sides are, in words that follow "of": "the leads of May to October".
    """
    if parts.is_empty():
        return (
            "Leads or selling cannot be told: one of the two sides has no leads that are old enough, or came before the first "
            "win on record."
        )
    row = parts.row(0, named=True)
    change = row["after"] - row["before"]
    moved = "as many as" if abs(change) < 5e-5 else f"{points(numbers, abs(change), is_signed=False)} points "
    moved += "" if abs(change) < 5e-5 else ("fewer than" if change < 0 else "more than")
    text = f"{numbers.share(row['after'])} of {after} were won, {moved} of {before} ({numbers.share(row['before'])}). "
    told = parts.filter(pl.col("verdict").is_in(["up", "down"])).sort(pl.col("value").abs(), descending=True)
    unknown = parts.filter(pl.col("verdict") == "cannot tell")["part"].to_list()
    if told.is_empty():
        return f"{text}Whether that is the leads or the selling cannot be told: each part could be chance."
    text += f"{verdict(parts)} "
    said = [
        f"{points(numbers, one['value'])} points ({points(numbers, one['low'])} to {points(numbers, one['high'])}) came with "
        f"{MEANINGS[one['part']]}"
        for one in told.iter_rows(named=True)
    ]
    text += f"Of the change, {'; '.join(said)}"
    if unknown:
        names = [MEANINGS[part] for part in unknown]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        text += f"; {listed} cannot be told from chance"
    return text + "."


def verdict(parts: pl.DataFrame) -> str:
    """Say in a few words whether it is the leads or the selling."""
    told = parts.filter(pl.col("verdict").is_in(["up", "down"]))
    change = parts["after"][0] - parts["before"][0]
    way = "down" if change < 0 else "up"
    same = told.filter(pl.col("verdict") == way)
    leads = float(same.filter(pl.col("part").is_in(LEAD_PARTS))["value"].sum())
    selling = float(same.filter(~pl.col("part").is_in(LEAD_PARTS))["value"].sum())
    if same.is_empty():
        return "What can be told goes against the change as a whole."
    if not selling:
        return "It is the leads, not the selling."
    if not leads:
        return "It is the selling, not the leads."
    more = "the leads" if abs(leads) >= abs(selling) else "the selling"
    return f"It is both, and more so {more}."


def units_finding(frame: pl.DataFrame, numbers: NumberFormat, one: str) -> str:
    """Say which units sell surely better or worse than the rest with leads of the same kind."""
    loud = frame.filter(pl.col("stands_out") & ~pl.col("part").is_in(LEAD_PARTS) & pl.col("unit").is_not_null())
    if loud.is_empty():
        return f"No {one} can be told from the others once the same kinds of leads are compared."
    parts = [
        f"{row['unit']}: {points(numbers, row['value'])} points ({points(numbers, row['low'])} to "
        f"{points(numbers, row['high'])}) in {MEANINGS[row['part']]}"
        for row in loud.sort("value").head(4).iter_rows(named=True)
    ]
    more = f", and {loud.height - 4} more" if loud.height > 4 else ""
    return f"With leads of the same kind as the others: {'; '.join(parts)}{more}."


def response_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how the won rate goes with response time, from `response_association`; an association, and said to be one."""
    if frame.height < 2:
        return "Response times cannot be compared: too few leads have a recorded first answer."
    told = frame.filter(pl.col("verdict").is_in(["up", "down"]))
    quick = frame.row(0, named=True)
    start = f"Of leads answered {quick['response']}, {numbers.share(quick['rate'])} were won"
    if told.is_empty():
        return f"{start}; leads of the same kind that were answered later do not differ from that more than by chance."
    said = [
        f"{row['response']}, {points(numbers, row['difference'])} points ({points(numbers, row['low'])} to "
        f"{points(numbers, row['high'])})"
        for row in told.iter_rows(named=True)
    ]
    return (
        f"{start}; of the same kind of leads answered {'; '.join(said)}. That is an association: it does not say why."
    )


def coming_finding(cured: pl.DataFrame, coming: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say what share of leads will ever be won and what today's open leads will still bring."""
    if cured.is_empty() or cured["ever_won"][0] is None:
        won = 0 if cured.is_empty() else cured["won"][0]
        return f"Too few wins ({won}) to tell what share will ever be won: it takes ten."
    row = cured.row(0, named=True)
    text = (
        f"{numbers.share(row['won_so_far'])} of {numbers.number(row['leads'])} leads are won so far; "
        f"{numbers.share(row['ever_won'])} ({numbers.interval(row['low'], row['high'])}) will be, sooner or later"
    )
    if not row["is_mature"]:
        text += ", as far as can be told: leads were not watched long enough to see the wins run out"
    total = coming.filter(pl.col("span") == "in all")
    if total.height:
        one = total.row(0, named=True)
        text += (
            f". Today's open leads will still bring {numbers.number(one['expected'], 0)} won "
            f"{plural(round(one['expected']), 'deal')} in twelve months ({numbers.number(one['low'], 0)} to "
            f"{numbers.number(one['high'], 0)})"
        )
    return text + "."


def part_table(frame: pl.DataFrame, unit: str, title: str, numbers: NumberFormat) -> pl.DataFrame:
    """Return a row per unit and a column per part, each with its interval, for people to read."""
    rows = []
    for value in frame[unit].unique(maintain_order=True):
        mine = frame.filter(pl.col(unit).eq_missing(pl.lit(value, dtype=pl.String)))
        row = {title: value or "(none)"}
        for one in mine.iter_rows(named=True):
            if one["value"] is None:
                row[PART_NAMES[one["part"]]] = "not recorded"
                continue
            mark = {"up": "▲ ", "down": "▼ "}.get(one["verdict"] or "", "")
            interval = f"({points(numbers, one['low'])} to {points(numbers, one['high'])})"
            row[PART_NAMES[one["part"]]] = f"{mark}{points(numbers, one['value'])} {interval}"
        rows.append(row)
    return pl.DataFrame(rows)
