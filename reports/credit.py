"""Attribution that argues back: data-driven credit beside the rule models, where all agree, and what one alone loves."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from charts.numbers import NumberFormat
from estimators import markov_attribution, model_agreement, shapley_attribution
from reports.asking import Ask

PATH_SIGN = "\x1f"
RULES = ("first", "last", "linear", "u", "w", "full", "decay")


@dataclass(frozen=True)
class Credit:
    """Credit of channels (campaigns, vehicles): Markov and Shapley with intervals, and how all models place them."""

    markov: pl.DataFrame
    shapley: pl.DataFrame
    agreement: pl.DataFrame
    paths: int
    converted: int


def credit(ask: Ask, *, as_of: date, dimension: str) -> Credit:
    """Return data-driven credit beside the rule models, of the whole company up to a day.

    Parameters
    ----------
    ask
        Asks a query.
    as_of
        The day.
    dimension
        channel, campaign or vehicle.
    """
    paths = ask("touch_paths", as_of=as_of, step_of=dimension)
    listed = paths.with_columns(pl.col("path").str.split(PATH_SIGN))
    markov, shapley = markov_attribution(listed), shapley_attribution(listed)
    rules = ask("campaign_models", as_of=as_of, dimension=dimension).filter(pl.col("kind") == "campaign")
    parts = [
        rules.select(
            model=pl.lit(name),
            channel="dimension_value",
            credit=pl.col(f"{name}_amount").cast(pl.Float64).fill_null(0.0),
        )
        for name in RULES
    ]
    parts += [
        frame.select(model=pl.lit(name), channel="channel", credit="share")
        for name, frame in (("markov", markov), ("shapley", shapley))
    ]
    every = pl.concat(parts).with_columns(pl.col("channel").fill_null("(none)"))
    return Credit(
        markov,
        shapley,
        model_agreement(every),
        int((paths["converted"] + paths["lost"]).sum()),
        int(paths["converted"].sum()),
    )


def sure_to_differ(found: Credit) -> pl.DataFrame:
    """Return the channels whose place by Markov and by Shapley differs by more than chance, with both."""
    both = found.markov.select("channel", "share", "low", "high", "rank", "best_rank", "worst_rank").join(
        found.shapley.select("channel", "share", "low", "high", "rank", "best_rank", "worst_rank"),
        on="channel",
        suffix="_shapley",
    )
    return both.filter(
        (pl.col("best_rank") > pl.col("worst_rank_shapley")) | (pl.col("worst_rank") < pl.col("best_rank_shapley"))
    )


def credit_finding(found: Credit, numbers: NumberFormat, one: str) -> str:
    """Say on what all models agree, what one alone loves, and what the paths say comes first."""
    if found.markov.is_empty():
        return f"No won deal has an answered touch, so no {one} can be credited by its paths."
    loved = found.agreement.filter(pl.col("verdict") == "by all")["channel"].to_list()
    alone = found.agreement.filter(pl.col("verdict") == "by one only")
    first = found.markov.row(0, named=True)
    places = _places(first)
    text = (
        f"By the paths of {numbers.number(found.converted)} won deals and {numbers.number(found.paths - found.converted)} that "
        f"did not come to one, {first['channel']} goes most with winning: {numbers.share(first['share'], 0)} of the credit "
        f"({numbers.interval(first['low'], first['high'])}; {places})"
    )
    if loved:
        text += f". All nine models have {_listed(loved)} in their first third"
    else:
        text += f". There is no {one} that all nine models have in their first third"
    if alone.height:
        named = [f"{row['channel']} ({row['loved_by']})" for row in alone.head(3).iter_rows(named=True)]
        text += f"; {_listed(named)} {'owes' if alone.height == 1 else 'owe'} a place there to one model alone"
    return f"{text}. That goes with winning; it need not bring it."


def _places(row: dict[str, int]) -> str:
    if row["best_rank"] == row["worst_rank"]:
        return f"place {row['rank']} in nearly all draws"
    return f"place {row['best_rank']} to {row['worst_rank']} in 95% of the draws"


def _listed(names: list[str]) -> str:
    shown = names[:4]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(shown) + more
