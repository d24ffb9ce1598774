"""How often the diagnoses name what is planted, and how often something else: `python -m tests.bench.plants --seeds 20`.

For each seed two sample companies are made, one with all planted truths and one without any. At least nine of ten plants
should be named by the right diagnosis, with at most one false alarm a company; what is below the noise should read
"cannot tell". The table is the one in README.
"""

import argparse
from collections import Counter
from pathlib import Path

from data.world.plants import NAMES
from tests.bench.homes import kept_in, write
from tests.plants import Fared, fared, make_world

VERDICTS = ("named", "cannot tell", "missed")


def table(planted: list[Fared], empty: list[Fared]) -> str:
    """Return the table of hits and alarms as Markdown."""
    lines = [
        "| Planted | Named | Cannot tell | Missed | False alarms with plants | without any |",
        "|---|---|---|---|---|---|",
    ]

    def alarms(worlds: list[Fared], name: str) -> int:
        return sum(alarm.startswith(f"{name}:") for world in worlds for alarm in world.alarms)

    every: Counter[str] = Counter()
    for name in NAMES:
        verdicts = Counter(world.verdicts[name] for world in planted)
        every += verdicts
        counts = " | ".join(str(verdicts[verdict]) for verdict in VERDICTS)
        lines.append(f"| `{name}` | {counts} | {alarms(planted, name)} | {alarms(empty, name)} |")
    counts = " | ".join(str(every[verdict]) for verdict in VERDICTS)
    in_all = [sum(len(world.alarms) for world in worlds) for worlds in (planted, empty)]
    lines.append(f"| in all | {counts} | {in_all[0]} | {in_all[1]} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table for so many seeds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.plants")
    parser.add_argument("--seeds", type=int, default=20, help="companies of each kind")
    parser.add_argument("--scale", type=float, default=1.0, help="sample scale; 1 is 20,000 leads")
    parser.add_argument("--home", type=Path, help="keep the companies in this folder, to use them again")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there, too")
    given = parser.parse_args()
    with kept_in(given.home) as folder:
        found: dict[bool, list[Fared]] = {True: [], False: []}
        for seed in range(1, given.seeds + 1):
            for planted, worlds in found.items():
                kind = "planted" if planted else "empty"
                world = make_world(folder / f"{kind}-{given.scale:g}-{seed}", seed, planted=planted, scale=given.scale)
                worlds.append(fared(world))
                for name, verdict in worlds[-1].verdicts.items():
                    if verdict != "named":
                        print(f"seed {seed}: {name} reads {verdict}", flush=True)
                for alarm in worlds[-1].alarms:
                    print(f"seed {seed}, {kind}: false alarm, {alarm}", flush=True)
                for also in worlds[-1].consequences:
                    print(f"seed {seed}: also told, {also}", flush=True)
    print(table(found[True], found[False]))
    most = max(len(world.alarms) for worlds in found.values() for world in worlds)
    print(f"False alarms in one company at most: {most}")
    write(
        given.json,
        {
            kind: [vars(world) for world in worlds]
            for kind, worlds in (("planted", found[True]), ("empty", found[False]))
        },
    )


if __name__ == "__main__":
    main()
