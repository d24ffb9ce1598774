"""How fast the estimators are, and how often their intervals hold the truth: `python -m tests.bench.estimators`.

A 95% interval should hold the truth in 93% to 97% of simulated cases. Name some of them to run only these.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from estimators import against_the_rest, leads_or_selling
from tests.estimators.worlds import FunnelWorld, true_parts

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


BENCHES: dict[str, Callable[[int], Iterator[Line]]] = {"leads_or_selling": bench_leads_or_selling}


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
