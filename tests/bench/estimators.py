"""How fast the estimators are, and how often their intervals hold the truth: `python -m tests.bench.estimators`.

A 95% interval should hold the truth in 93% to 97% of simulated cases. Name some of them to run only these.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

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
    lead_indicators,
    leads_or_selling,
    markov_attribution,
    past_surprises,
    plain_chances,
    required_coverage,
    response_association,
    shapley_attribution,
    six_twelve,
    wins_to_come,
    xmr,
)
from tests.estimators.worlds import FunnelWorld, LeadWorld, QuarterWorld, drifting, true_parts, weekly_metrics

Line = tuple[str, str, str]


def taken_by(call: Callable[[], object], times: int = 5) -> str:
    """Return the median time of a call, by the clock and of the processor, which says more on a busy machine."""
    clock, processor = [], []
    for _ in range(times):
        start, worked = time.perf_counter(), time.process_time()
        call()
        clock.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return f"{statistics.median(clock):.0f} ms ({statistics.median(processor):.0f} ms of processor)"


def bench_leads_or_selling(cases: int) -> Iterator[Line]:
    """Speed on a hundred cells and thirty reps; coverage in worlds with three changes at once."""
    world = FunnelWorld(seed=2, leads=20_000)
    cells = world.draw(np.random.default_rng(0))
    yield "leads or selling, 15 cells a side", "speed", taken_by(lambda: leads_or_selling(cells))
    reps = pl.concat(
        FunnelWorld(seed=2, leads=700).draw(np.random.default_rng(n)).with_columns(unit=pl.lit(f"rep {n}"))
        for n in range(30)
    ).drop("side")
    sides = against_the_rest(reps)
    yield (
        "leads or selling, 30 reps against the rest",
        "speed",
        f"{taken_by(lambda: leads_or_selling(sides), 1)}",
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

    yield f"chance of the goal, {now.height:,} deals", "speed", taken_by(answer)
    taken = taken_by(lambda: deals_that_matter(chances, past, won=0, goal=goal))
    yield f"deals that matter, {now.height:,} deals", "speed", taken
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
    yield "cure fraction, 200,000 leads", "speed", taken_by(lambda: cure_fraction(leads))
    yield "wins to come, 200,000 leads", "speed", taken_by(lambda: wins_to_come(leads, month))
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

        yield f"{name}, 100,000 paths", "speed", taken_by(answer, 3)
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


def bench_response_association(cases: int) -> Iterator[Line]:
    """Coverage of the difference at matched mix, over many small kinds of leads."""
    rng, held = np.random.default_rng(3), 0
    for _ in range(cases):
        base, sizes = rng.uniform(0.05, 0.4, 40), rng.integers(3, 12, (2, 40))
        rows = [
            {"response": name, "position": n, "source": f"s{k}", "segment": None, "leads": int(sizes[n, k])}
            | {"won": int(rng.binomial(sizes[n, k], base[k] + 0.05 * (n == 0)))}
            for n, name in enumerate(("at once", "later"))
            for k in range(40)
        ]
        row = response_association(pl.DataFrame(rows)).row(1, named=True)
        held += row["low"] <= -0.05 <= row["high"]
    yield "response time, 40 kinds of leads", f"coverage of 95% in {cases} cases", f"{held / cases:.1%}"


def bench_week(cases: int) -> Iterator[Line]:
    """Speed of the week's figures; how often XmR cries wolf where nothing happens, and sees a step where there is one."""
    rng = np.random.default_rng(1)
    monday = date(2023, 1, 2)
    weeks = [monday + timedelta(weeks=n) for n in range(104)]
    days = [monday + timedelta(days=n) for n in range(1100)]
    daily = pl.DataFrame({"day": days, "value": rng.poisson(5, 1100).astype(float)})
    yield "6-12 view, three years of days", "speed", taken_by(lambda: six_twelve(daily, days[-1]))
    frame = pl.DataFrame({"week": weeks, "value": rng.normal(100, 10, 104)})
    yield "XmR, two years of weeks", "speed", taken_by(lambda: xmr(frame))
    alarms, seen = 0, 0
    for _ in range(cases):
        calm = rng.normal(100, 10, 36)
        found = xmr(pl.DataFrame({"week": weeks[:36], "value": calm}), baselines=[(weeks[0], weeks[23])])
        alarms += found["fired"][24:].count()
        stepped = np.concatenate((calm[:24], calm[24:] + 20))
        found = xmr(pl.DataFrame({"week": weeks[:36], "value": stepped}), baselines=[(weeks[0], weeks[23])])
        seen += found["fired"][24:].count() > 0
    told = f"{alarms / cases / 12:.1%} of routine weeks; a step of 2 deviations seen within 12 weeks {seen / cases:.0%}"
    yield "XmR, baseline of 24 weeks", f"signals in {cases} series", told


def bench_lead_indicators(cases: int) -> Iterator[Line]:
    """Speed; coverage of a known correlation, of weeks that remember and that do not; false alarms of drifting numbers."""
    rng = np.random.default_rng(1)
    many = weekly_metrics(**{f"m{n}": drifting(rng, 156, 0.5) for n in range(30)}, won=drifting(rng, 156, 0.5))
    yield "lead indicators, 30 metrics, 13 lags, 3 years", "speed", taken_by(lambda: lead_indicators(many, "won"), 3)
    truth = 6 / np.pi * np.arcsin(0.25)
    for memory in (0.0, 0.6, 0.8):
        held = 0
        for _ in range(cases):
            first = drifting(rng, 104, memory)
            second = 0.5 * first + np.sqrt(0.75) * drifting(rng, 104, memory)
            row = lead_indicators(weekly_metrics(a=first, won=second), "won", lags=(0, 0)).row(0, named=True)
            held += row["low"] <= truth <= row["high"]
        yield f"lead indicators, memory {memory}", f"coverage of 95% in {cases} cases", f"{held / cases:.1%}"
    alarms = 0
    for _ in range(cases // 4):
        series = {f"m{n}": drifting(rng, 104, 0.7) for n in range(6)}
        found = lead_indicators(weekly_metrics(**series, won=drifting(rng, 104, 0.7)), "won")
        alarms += (found["verdict"] != "cannot tell").any()
    yield "lead indicators, six that drift", f"worlds of {cases // 4} with an alarm", f"{alarms / (cases // 4):.1%}"


BENCHES: dict[str, Callable[[int], Iterator[Line]]] = {
    "leads_or_selling": bench_leads_or_selling,
    "required_coverage": bench_required_coverage,
    "chance_of_goal": bench_chance_of_goal,
    "cure_fraction": bench_cure_fraction,
    "attribution": bench_attribution,
    "response_association": bench_response_association,
    "week": bench_week,
    "lead_indicators": bench_lead_indicators,
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
