"""How fast every question is that a page asks: `python -m tests.bench.queries --scale 1 10 --home DIR --json OUT`.

The pages themselves say what they ask: each is opened with several filters, each of its choices is taken once, and all
that reaches the warehouse is written down. Such questions (of each query a dozen at most: looking back asks one two
hundred times) are then asked again and again, in mixed order and without any cache of results. With `--first` only what
pages ask when they are opened, which at scale 100 is an affair of minutes. Beside each query stands a bare aggregate:
`count(*)` and `max()` over the same columns of the same tables, once each, which is about what reading them costs.

Targets: median at most 50 ms up to scale 10 and 200 ms at scale 100, p95 at most double. On a machine that does other
things meanwhile the processor time says more than the clock.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.bench.homes import arguments, home_of, kept_in, machine, median, p95, write
from tests.bench.ingest import PROJECT

MEASURE = ("funnel_coverage", "lead_to_close", "shared_goals", "campaigns", "kpis")
MEET = ("weekly_review", "huddle")
DATA = ("imports", "health", "definitions")
# What a visitor may have chosen when a page is opened; values that the sample has at every scale.
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"region": "West"},
    {"segment": "Enterprise", "period": "Last 4 quarters"},
    {"period": "This year", "as_of": "2026-06-30"},
)
_MOST_STATES = 40
_DEEPEST = 2
_MOST_QUESTIONS = 12
Question = tuple[str, tuple[tuple[str, Any], ...]]


@dataclass
class Measured:
    """What one query cost, over all its questions."""

    questions: set[Question] = field(default_factory=set)
    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    slowest: tuple[float, Question | None] = (0.0, None)


def record(*, is_first: bool) -> dict[Question, Any]:
    """Run every page as visitors do (or open it only), and return each question that was asked, with its inputs."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415

    import ui.ask  # noqa: PLC0415

    asked: dict[Question, Any] = {}
    answer = ui.ask.run

    def listening(name: str, params: Any = None, **given: Any) -> Any:
        key = tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in dict(params or {}).items()))
        asked[name, key] = given.get("inputs")
        return answer(name, params, **given)

    ui.ask.run = listening  # type: ignore[assignment]

    def visit(path: str, state: dict[str, str]) -> dict[str, list[str]]:
        """Open a page as a link does; return what there is to choose on it."""
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=300)
        for name, value in state.items():
            app.query_params[name] = value
        app.switch_page(path).run()
        if app.exception:
            raise AssertionError(f"{path} with {state}: {app.exception[0].value}")
        found = {}
        for element in app.main:
            if element.type == "button_group":
                found[element.key] = list(element.options)
            elif element.type == "selectbox":
                found[element.key] = list(element.options)[:1]  # records behind a figure: the first is one of many
        return found

    def crawl(path: str, filters: dict[str, str]) -> None:
        """Take every choice of a page once, also those that only appear when another was taken."""
        seen: set[str] = set()
        waiting: list[dict[str, str]] = [{}]
        for _ in range(_MOST_STATES):
            if not waiting:
                return
            state = waiting.pop(0)
            for key, options in visit(path, {**filters, **state}).items():
                if key is not None and key not in seen and len(state) < _DEEPEST:
                    seen.add(key)
                    waiting += [{**state, key: option} for option in options]

    for name in MEASURE:
        for number, filters in enumerate(FILTERS):
            if number == 0 and not is_first:
                crawl(f"pages/measure/{name}.py", filters)
            else:
                visit(f"pages/measure/{name}.py", filters)
    for name in DATA:
        visit(f"pages/data/{name}.py", {})
    for name in MEET:
        visit(f"pages/meet/{name}.py", {})
    return asked


def scanned(cursor: Any, sql: str, params: dict[str, Any]) -> dict[str, set[str]]:
    """Return the tables that a query reads, with the columns that it reads of each."""
    plan = json.loads(cursor.execute(f"explain (format json) {sql}", params).fetchall()[0][1])

    def nodes(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for node in tree:
            yield node
            yield from nodes(node.get("children", []))

    found: dict[str, set[str]] = {}
    for node in nodes(plan):
        info = node.get("extra_info", {})
        table = str(info.get("Table", ""))
        if node.get("name", "").strip() == "SEQ_SCAN" and ".crm." in f".{table}":
            read = info.get("Projections", [])
            columns = [read] if isinstance(read, str) else read
            found.setdefault(table.rsplit(".", 1)[-1], set()).update(filter(None, columns))
    return found


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)


def _some(asked: Iterable[Question]) -> list[Question]:
    """Return at most so many questions of each query, chosen by chance but the same each time."""
    by_name: dict[str, list[Question]] = {}
    for question in asked:
        by_name.setdefault(question[0], []).append(question)
    chance = random.Random(0)
    return [
        question for of_one in by_name.values() for question in chance.sample(of_one, min(len(of_one), _MOST_QUESTIONS))
    ]


def measure(repeats: int, *, is_first: bool) -> dict[str, Any]:
    """Record what the pages of this home ask, ask it again, and return the figures by query."""
    from queries import current_version, find, run  # noqa: PLC0415
    from queries.run import INPUT_SCHEMAS, newest_date  # noqa: PLC0415
    from queries.warehouse import open_warehouse  # noqa: PLC0415

    asked = record(is_first=is_first)
    version = current_version()
    found: dict[str, Measured] = {}
    by_question: dict[Question, list[float]] = {}
    order = _some(asked)
    for turn in range(repeats + 1):
        random.Random(turn).shuffle(order)
        for question in order:
            name, params = question
            clock, cpu = _timed(lambda: run(name, dict(params), inputs=asked[question], version=version))  # noqa: B023
            if turn == 0:
                continue  # the first turn reads the file into memory
            one = found.setdefault(name, Measured())
            one.questions.add(question)
            one.clock.append(clock)
            one.cpu.append(cpu)
            by_question.setdefault(question, []).append(clock)
    for question, clocks in by_question.items():
        one = found[question[0]]
        one.slowest = max(one.slowest, (median(clocks), question), key=lambda pair: pair[0])

    rows = []
    connection = open_warehouse(version)
    for name, one in sorted(found.items()):
        header = find(name).header
        slowest_ms, slowest = one.slowest
        assert slowest is not None
        params = dict(slowest[1])
        values = {key: params.get(key) for key in header.params}
        if "as_of" in values and values["as_of"] is None:
            values["as_of"] = newest_date(version)
        cursor = connection.cursor()
        for wanted in header.inputs:
            import polars as pl  # noqa: PLC0415

            cursor.register(wanted, pl.DataFrame(schema=INPUT_SCHEMAS[wanted]).to_arrow())
        tables = scanned(cursor, find(name).sql, {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()})
        bare = [
            f"select count(*), {', '.join(f'max({chr(34)}{column}{chr(34)})' for column in sorted(columns)) or 1} "
            f"from crm.{table}"
            for table, columns in tables.items()
        ]
        bare_ms = median(
            [_timed(lambda: [cursor.execute(sql).fetchall() for sql in bare])[0] for _ in range(repeats)]  # noqa: B023
        )
        cursor.close()
        rows.append(
            {
                "query": name,
                "questions": len(one.questions),
                "p50_ms": round(median(one.clock), 1),
                "p95_ms": round(p95(one.clock), 1),
                "cpu_p50_ms": round(median(one.cpu), 1),
                "slowest_p50_ms": round(slowest_ms, 1),
                "slowest": {k: v for k, v in params.items() if v is not None},
                "tables": len(tables),
                "bare_ms": round(bare_ms, 2),
                "times_bare": round(median(one.clock) / bare_ms, 1) if tables else None,
            }
        )
    return {"repeats": repeats, "asked": len(order), "queries": rows}


def target_ms(scale: float) -> float:
    """Return how long the median may take at a scale."""
    return 50.0 if scale <= 10 else 200.0


def table(scale: float, found: dict[str, Any]) -> str:
    """Return the figures of one scale as a table, the slowest on top."""
    most = target_ms(scale)
    lines = [
        f"scale {scale:g}: {found['asked']} questions, each {found['repeats']} times; target {most:g} / {2 * most:g} ms",
        f"{'query':<34} {'asked':>5} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'worst':>8} {'bare ms':>8} {'× bare':>7}",
    ]
    for row in sorted(found["queries"], key=lambda row: -row["p50_ms"]):
        verdict = "" if row["p50_ms"] <= most and row["p95_ms"] <= 2 * most else "MISSED"
        ratio = "-" if row["times_bare"] is None else f"{row['times_bare']:.1f}"
        lines.append(
            f"{row['query']:<34} {row['questions']:>5} {row['p50_ms']:>8.1f} {row['p95_ms']:>8.1f} "
            f"{row['cpu_p50_ms']:>8.1f} {row['slowest_p50_ms']:>8.1f} {row['bare_ms']:>8.2f} {ratio:>7} {verdict}"
        )
    return "\n".join(lines)


def main() -> int:
    """Run what the command line asks for."""
    assert __doc__
    parser = arguments("queries", __doc__)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--first", action="store_true", help="only what pages ask when they are opened")
    parser.add_argument("--one", action="store_true", help="measure the home of this process, as JSON")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.repeats, is_first=given.first), default=str))
        return 0
    found = {}
    with kept_in(given.home) as folder:
        for scale in given.scale:
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "tests.bench.queries", "--one", "--repeats", str(given.repeats)),
                    *(["--first"] if given.first else []),
                ],
                cwd=PROJECT,
                env={**os.environ, "SAME_PAGE_HOME": str(home_of(scale, folder))},
                check=True,
                capture_output=True,
                text=True,
            )
            found[f"{scale:g}"] = json.loads(done.stdout.splitlines()[-1])
            print(table(scale, found[f"{scale:g}"]), end="\n\n", flush=True)
    print(machine())
    write(given.json, {"queries": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
