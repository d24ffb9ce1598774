"""How fast the estimators are, and how often their intervals hold the truth: `python -m tests.bench.estimators`.

A 95% interval should hold the truth in 93% to 97% of simulated cases. Name some of them to run only these.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from estimators import (
    against_the_rest,
    brier,
    calibration,
    chance_of_goal,
    crps,
    cure_fraction,
    deal_chances,
    deals_that_matter,
    forecast_score,
    goal_distribution,
    leads_or_selling,
    markov_attribution,
    past_surprises,
    plain_chances,
    required_coverage,
    shapley_attribution,
    wins_to_come,
)
from tests.estimators.worlds import FunnelWorld, LeadWorld, QuarterWorld, true_parts

Line = tuple[str, str, str]


def milliseconds(call: Callable[[], object], times: int = 5) -> float:
    """Return the median time of a call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def bench_leads_or_selling(cases: int) -> Iterator[Line]:
    """Speed on a hundred cells and thirty reps; coverage in worlds with three changes at once."""
    world = FunnelWorld(seed=2, leads=20_000)
    cells = world.draw(np.random.default_rng(0))
    yield "leads or selling, 15 cells a side", "speed", f"{milliseconds(lambda: leads_or_selling(cells)):.0f} ms"
    reps = pl.concat(
        FunnelWorld(seed=2, leads=700).draw(np.random.default_rng(n)).with_columns(unit=pl.lit(f"rep {n}"))
        for n in range(30)
    ).drop("side")
    sides = against_the_rest(reps)
    yield (
        "leads or selling, 30 reps against the rest",
        "speed",
        f"{milliseconds(lambda: leads_or_selling(sides), 1):.0f} ms",
    )
    for leads in (600, 3000, 12_000):
        world = FunnelWorld(seed=2, leads=leads, acceptance=0.8, source_shift=0.3, segment_shift=0.2, closing=0.9)
        truth = true_parts(world)
        held = np.zeros(len(truth))
        for number in range(cases):
            parts = leads_or_selling(world.draw(np.random.default_rng(number)), draws=400, seed=number)
            held += ((parts["low"] <= truth) & (truth <= parts["high"])).to_numpy()
        shares = ", ".join(f"{part} {share:.1%}" for part, share in zip(parts["part"], held / cases, strict=True))
        yield f"leads or selling, {leads:,} leads a side", f"coverage of 95% in {cases} cases", shares


def bench_required_coverage(cases: int) -> Iterator[Line]:
    """How often the coverage for 80% and for even odds is enough in a period that it has not seen."""
    rng = np.random.default_rng(1)
    for periods in (4, 8, 12):
        even, most = 0, 0
        for drawn in rng.lognormal(-1.2, 0.5, (cases * 5, periods + 1)):
            past = pl.DataFrame({"yield": drawn[:-1], "yield_of_due": drawn[:-1]})
            row = required_coverage(past).row(0, named=True)
            even += drawn[-1] * row["required_even"] >= 1
            most += drawn[-1] * row["required_80"] >= 1
        kept = f"even {even / cases / 5:.1%}, 80% {most / cases / 5:.1%}"
        yield f"required coverage, {periods} periods", f"odds kept in {cases * 5:,} periods", kept


def bench_chance_of_goal(cases: int) -> Iterator[Line]:
    """Speed with 5,000 open deals; then as many simulated quarters, each with ten before it, scored like a backtest."""
    rng = np.random.default_rng(1)
    large = QuarterWorld(1, deals=5000)
    history, yields = large.past(rng, 12)
    now = large.quarter(rng)[0]
    chances, past = deal_chances(history, now), past_surprises(history, yields)
    goal = float((chances["amount"] * chances["chance"]).sum()) * 1.1

    def answer() -> pl.DataFrame:
        return chance_of_goal(deal_chances(history, now), past_surprises(history, yields), won=0, goal=goal)

    yield f"chance of the goal, {now.height:,} deals", "speed", f"{milliseconds(answer):.0f} ms"
    taken = milliseconds(lambda: deals_that_matter(chances, past, won=0, goal=goal))
    yield f"deals that matter, {now.height:,} deals", "speed", f"{taken:.0f} ms"
    for periods in (6, 10):
        yield from _simulated_quarters(cases, periods)


def _simulated_quarters(cases: int, periods: int) -> Iterator[Line]:
    world, rng = QuarterWorld(1), np.random.default_rng(periods)
    inside, said, deals, money = 0, [], [], []
    for number in range(cases):
        history, yields = world.past(rng, periods)
        now, new, *_ = world.quarter(rng)
        chances, past = deal_chances(history, now), past_surprises(history, yields)
        ended = float(now.filter("is_won")["amount"].sum()) + new
        plain = plain_chances(history, now)
        naive = float((plain["amount"] * plain["plain_chance"]).sum())
        goal = naive * rng.uniform(0.6, 1.8)
        row = chance_of_goal(chances, past, won=0, goal=goal).row(0, named=True)
        inside += row["p10"] <= ended <= row["p90"]
        said.append({"chance": row["chance"], "came": ended >= goal})
        both = pl.DataFrame({"chance": chances["chance"], "plain_chance": plain["plain_chance"], "came": now["is_won"]})
        deals.append(brier(both.with_columns(period=pl.lit(number))))
        error = crps(goal_distribution(chances, past, won=0, steps=400), ended)
        money.append({"period": number, "error": error, "plain_error": abs(ended - naive)})
    name = f"chance of the goal, {periods} past periods"
    yield name, f"P10-P90 (80%) in {cases} quarters", f"{inside / cases:.1%}"
    bands = calibration(pl.DataFrame(said), bands=5)
    held = bands.filter((pl.col("low") <= pl.col("said")) & (pl.col("said") <= pl.col("high"))).height
    told = ", ".join(f"{row['said']:.0%}: {row['came']:.0%} of {row['times']}" for row in bands.iter_rows(named=True))
    yield name, f"said: came ({held} of {bands.height} bands hold)", told
    for what, errors in (
        ("Brier against stage base rates", pl.concat(deals)),
        ("CRPS against weighted", pl.DataFrame(money)),
    ):
        row = forecast_score(errors).row(0, named=True)
        gain = f"gain {row['gain']:.1%} ({row['low']:.1%} to {row['high']:.1%})"
        yield name, what, f"{row['error']:.4g} against {row['plain_error']:.4g}, {gain}"


def bench_cure_fraction(cases: int) -> Iterator[Line]:
    """Speed; coverage of the share ever won, watched for long and for a short time, and of the wins of next month."""
    month = pl.DataFrame({"span": ["month"], "first_day": [1], "last_day": [30]})
    leads = LeadWorld(leads=200_000).draw(np.random.default_rng(0))
    yield "cure fraction, 200,000 leads", "speed", f"{milliseconds(lambda: cure_fraction(leads)):.0f} ms"
    yield "wins to come, 200,000 leads", "speed", f"{milliseconds(lambda: wins_to_come(leads, month)):.0f} ms"
    for watched in (150, 400):
        world, held, came = LeadWorld(watched=watched), 0, 0
        for number in range(cases):
            rng = np.random.default_rng(number)
            leads = world.draw(rng)
            row = cure_fraction(leads).row(0, named=True)
            held += row["low"] <= world.ever_won <= row["high"]
            waiting = leads.filter(pl.col("censored") > 0)
            age = np.repeat(waiting["day"].to_numpy(), waiting["censored"].to_numpy())
            found = wins_to_come(leads, month, draws=400).row(0, named=True)
            came += found["low"] <= world.come(rng, age, 1, 30) <= found["high"]
        shares = f"ever won {held / cases:.1%}, wins of the next month {came / cases:.1%}"
        yield f"cure fraction, watched up to {watched} days", f"coverage of 95% in {cases} cases", shares


def bench_attribution(cases: int) -> Iterator[Line]:
    """Speed on 100,000 different journeys over twenty channels; coverage of shares where the truth is known."""
    rng = np.random.default_rng(1)
    journeys = [[f"c{k:02}" for k in rng.integers(0, 20, rng.integers(1, 9))] for _ in range(100_000)]
    walked = pl.DataFrame({"path": journeys, "converted": rng.binomial(1, 0.1, 100_000)})
    walked = walked.with_columns(lost=1 - pl.col("converted"))
    for name, model in (("Markov", markov_attribution), ("Shapley", shapley_attribution)):

        def answer(model: Callable[..., pl.DataFrame] = model) -> pl.DataFrame:
            return model(walked)

        yield f"{name}, 100,000 paths", "speed", f"{milliseconds(answer, 3):.0f} ms"
    kinds = [["a"], ["b"], ["a", "b"], ["b", "a", "c"], ["c", "a"]]
    often, chance = np.array([0.3, 0.25, 0.2, 0.15, 0.1]), np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    both = np.concatenate((often * chance, often * (1 - chance)))
    for name, model in (("Markov", markov_attribution), ("Shapley", shapley_attribution)):
        whole = pl.DataFrame({"path": kinds, "converted": both[:5] * 1e9, "lost": both[5:] * 1e9})
        truth = dict(model(whole, draws=2).select("channel", "share").rows())
        held = 0
        for number in range(cases):
            counts = rng.multinomial(2000, both)
            found = model(
                pl.DataFrame({"path": kinds, "converted": counts[:5], "lost": counts[5:]}), draws=400, seed=number
            )
            held += sum(row["low"] <= truth[row["channel"]] <= row["high"] for row in found.iter_rows(named=True))
        yield f"{name}, shares of three channels", f"coverage of 95% in {cases} cases", f"{held / 3 / cases:.1%}"


BENCHES: dict[str, Callable[[int], Iterator[Line]]] = {
    "leads_or_selling": bench_leads_or_selling,
    "required_coverage": bench_required_coverage,
    "chance_of_goal": bench_chance_of_goal,
    "cure_fraction": bench_cure_fraction,
    "attribution": bench_attribution,
}


def main() -> None:
    """Run the benches and print a line for each result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="only these")
    parser.add_argument("--cases", type=int, default=400, help="simulated cases behind each coverage")
    arguments = parser.parse_args()
    for name in arguments.names or BENCHES:
        for what, kind, result in BENCHES[name](arguments.cases):
            print(f"{what:<48} {kind:<32} {result}", flush=True)


if __name__ == "__main__":
    main()
