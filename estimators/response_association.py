"""Response time beside the won rate: leads answered sooner against leads of the same kind answered later."""

import math

import polars as pl

from estimators.check import Z, need
from estimators.header import EstimatorColumn, EstimatorHeader

HEADER = EstimatorHeader(
    name="response_association",
    title="Answered sooner, won more often?",
    definition=(
        "Leads answered sooner are compared with leads of the same source and segment answered later. The matched "
        "rate is what each group would have won had it held the same kinds of leads as all groups together. This is "
        "an association, not a cause: the leads that look best may be the ones that are answered first. A kind of lead "
        "that one group lacks is left out of its comparison."
    ),
    grain="One row per response group, the quickest first.",
    direction="higher",
    source="Mantel and Haenszel (1959), common risk difference; variance of Sato (1989)",
    inputs=("leads by response group, source and segment",),
    columns={
        "response": EstimatorColumn("text", "How long the first answer took"),
        "leads": EstimatorColumn("count", "Leads in this group"),
        "won": EstimatorColumn("count", "Of these, won"),
        "rate": EstimatorColumn("share", "won / leads"),
        "matched_leads": EstimatorColumn("count", "Of the leads, those of a kind that the quickest group has too"),
        "difference": EstimatorColumn("share", "Won rate less the quickest group's, leads of one kind compared"),
        "low": EstimatorColumn("share", "Lower end of the 95% interval of the difference"),
        "high": EstimatorColumn("share", "Upper end of the 95% interval of the difference"),
        "verdict": EstimatorColumn("text", "up, down, or cannot tell: the interval holds 0; a dash for the quickest"),
    },
)


def response_association(frame: pl.DataFrame) -> pl.DataFrame:
    """Return how the won rate goes with response time, among leads of the same kind.

    Parameters
    ----------
    frame
        One row per `response` (a group of response times, in words), `position` (its order, the quickest lowest),
        `source` and `segment`: how many `leads` there are and how many were `won`.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes. No rows for an empty frame.

    Raises
    ------
    EstimatorError
        A column is missing, or a count is negative.
    """
    title = "Response times cannot be compared"
    need(frame, ("response", "position", "source", "segment", "leads", "won"), title, not_negative=("leads", "won"))
    kinds = ["source", "segment"]
    summed = (
        frame.group_by("response", "position", *kinds).agg(pl.col("leads", "won").sum()).filter(pl.col("leads") > 0)
    )
    groups = summed.group_by("response", "position").agg(pl.col("leads", "won").sum()).sort("position", "response")
    quickest = summed.filter(pl.col("position") == pl.col("position").min())
    rows = []
    for number, group in enumerate(groups.iter_rows(named=True)):
        own = summed.filter(pl.col("response") == group["response"])
        row = {"response": group["response"], "leads": group["leads"], "won": group["won"]}
        row |= {"rate": group["won"] / group["leads"], "matched_leads": group["leads"], "difference": None}
        row |= {"low": None, "high": None, "verdict": None}
        if number:
            row |= _difference(own.join(quickest, on=kinds, how="inner", nulls_equal=True, suffix="_quick"))
        rows.append(row)
    kinds_of = {"text": pl.String, "share": pl.Float64, "count": pl.Int64}
    return pl.DataFrame(rows, schema={name: kinds_of[column.unit] for name, column in HEADER.columns.items()})


def _difference(pairs: pl.DataFrame) -> dict[str, object]:
    """Return the common risk difference over kinds of leads, and its interval."""
    if pairs.is_empty():
        return {"matched_leads": 0}
    n, m, won, quick = (pairs[name].to_numpy().astype(float) for name in ("leads", "leads_quick", "won", "won_quick"))
    weight = (n * m / (n + m)).sum()
    difference = float(((won * m - quick * n) / (n + m)).sum() / weight)
    # Sato's variance holds for few large kinds of leads and for many small ones.
    p = (n * n * quick - m * m * won + n * m * (m - n) / 2) / (n + m) ** 2
    q = (won * (m - quick) + quick * (n - won)) / (2 * (n + m))
    variance = float((difference * p.sum() + q.sum()) / weight**2)
    spread = Z * math.sqrt(max(variance, 0.0))
    low, high = difference - spread, difference + spread
    verdict = "up" if low > 0 else "down" if high < 0 else "cannot tell"
    return {"matched_leads": int(n.sum()), "difference": difference, "low": low, "high": high, "verdict": verdict}
