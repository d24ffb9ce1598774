"""How fast an import is, beside a bare load of the same files: `python -m tests.bench.ingest --scale 1 10 --json OUT`.

Side by side in one run, each in a process of its own, in turns, several times:

- bare: DuckDB loads the CSVs as they are into a file (`read_csv`, every column text), and nothing else
- raw: our reading: found, told, hashed, checked against an independent count, personal data replaced, kept
- whole: a whole import, derived tables included

Targets: raw at most 3 times bare at scale 10, whole at most 8 times; peak memory of ours below 4 GB at scale 100 (7 GB
of CSV), which is measured once, for it takes its time. The times are medians; on a machine that does other things
meanwhile the processor time says more than the clock.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
TARGETS = {"raw": 3.0, "whole": 8.0}
_MEMORY_TARGET_MB = 4096
_ONCE_FROM_SCALE = 50


def csv_files(exports: Path) -> list[Path]:
    """Return the CSV files of a sample."""
    return sorted(exports.rglob("*.csv"))


def bare(exports: Path, home: Path) -> None:
    """Load every file as text, by DuckDB's own means."""
    with duckdb.connect(str(home / "bare.duckdb")) as connection:
        for number, path in enumerate(csv_files(exports)):
            connection.execute(f"create table t{number} as select * from read_csv(?, all_varchar = true)", [str(path)])
        connection.execute("checkpoint")


def raw(exports: Path, home: Path) -> None:
    """Read every file as an import does, up to the raw rows."""
    from ingest.files import find_exports  # noqa: PLC0415
    from ingest.run import Options, open_reader, read_all  # noqa: PLC0415
    from ingest.warehouse import new_version, workplace  # noqa: PLC0415

    with workplace(is_dry_run=False) as scratch, new_version(scratch) as version:
        reader = open_reader(version, scratch, Options())
        read_all(reader, list(find_exports([exports], scratch)))
        version.connection.execute("checkpoint")


def whole(exports: Path, home: Path) -> None:
    """Import every file."""
    from ingest import import_exports  # noqa: PLC0415

    assert import_exports([exports]).is_changed


KINDS: dict[str, Callable[[Path, Path], None]] = {"bare": bare, "raw": raw, "whole": whole}


def measure(kind: str, exports: Path) -> dict[str, float]:
    """Do one kind of work in this process, in an empty home, and return seconds and peak memory."""
    with tempfile.TemporaryDirectory(prefix="same-page-bench-") as folder:
        os.environ["SAME_PAGE_HOME"] = folder
        began, cpu = time.perf_counter(), time.process_time()
        KINDS[kind](exports, Path(folder))
        return {
            "seconds": time.perf_counter() - began,
            "cpu_seconds": time.process_time() - cpu,
            "peak_mb": peak_mb(),
        }


def peak_mb() -> float:
    """Return the most memory that this process, or one that it started, ever held."""
    children = _megabytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    status = Path("/proc/self/status")  # what getrusage says counts the process that started this one, too
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return max(int(line.split()[1]) / 1024, children)
    return max(_megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), children)


def _megabytes(size: int) -> float:
    return size / (1 << 20) if sys.platform == "darwin" else size / 1024


def child(kind: str, exports: Path) -> dict[str, float]:
    """Measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.ingest", "--one", kind, str(exports)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def bench(scale: float, exports: Path, repeats: int) -> dict[str, object]:
    """Measure every kind of work at one scale, in turns, and return the medians and their ratios."""
    runs: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    repeats = 1 if scale >= _ONCE_FROM_SCALE else repeats
    for _ in range(repeats):
        for kind in KINDS:
            runs[kind].append(child(kind, exports))
    found: dict[str, object] = {"scale": scale, "repeats": repeats, "mb": size_mb(exports)}
    for kind, measured in runs.items():
        medians = {key: round(statistics.median(run[key] for run in measured), 2) for key in measured[0]}
        base = runs["bare"]
        medians["times_bare"] = round(_ratio(measured, base, "seconds"), 2)
        medians["times_bare_cpu"] = round(_ratio(measured, base, "cpu_seconds"), 2)
        found[kind] = medians
    return found


def _ratio(measured: list[dict[str, float]], base: list[dict[str, float]], key: str) -> float:
    """Return the median of the ratios of runs that stood side by side."""
    return statistics.median(run[key] / other[key] for run, other in zip(measured, base, strict=True))


def size_mb(exports: Path) -> float:
    """Return how large the sample's files are."""
    return round(sum(path.stat().st_size for path in csv_files(exports)) / 1e6, 1)


def make(scale: float, folder: Path) -> Path:
    """Make the sample of a scale, unless it is there."""
    exports = folder / f"sample-{scale:g}"
    if not (exports / "truth.json").exists():
        arguments = ["--scale", f"{scale:g}", "--seed", "7", "--end", "2026-11-16", "--out", str(exports)]
        subprocess.run(
            [sys.executable, "-m", "data.make_sample", *arguments], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL
        )
    return exports


def table(found: list[dict[str, object]]) -> str:
    """Return the results as a table."""
    lines = ["scale     MB   what    seconds  × bare    cpu s  × bare   peak MB   target"]
    for row in found:
        for kind in KINDS:
            cell = row[kind]
            assert isinstance(cell, dict)
            target = ""
            if kind in TARGETS:
                is_light = cell["peak_mb"] <= _MEMORY_TARGET_MB
                target = (
                    f"≤ {TARGETS[kind]:g}× {'met' if cell['times_bare'] <= TARGETS[kind] else 'MISSED'}, "
                    f"≤ {_MEMORY_TARGET_MB} MB {'met' if is_light else 'MISSED'}"
                )
            lines.append(
                f"{row['scale']:>5g} {row['mb']:>6}   {kind:<6} {cell['seconds']:>8.2f} {cell['times_bare']:>7.2f} "
                f"{cell['cpu_seconds']:>8.2f} {cell['times_bare_cpu']:>7.2f} {cell['peak_mb']:>9.0f}   {target}"
            )
    return "\n".join(lines)


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ingest", description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, nargs="+", default=[1.0], help="sample scales; 1 is 20,000 leads")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--exports", type=Path, help="keep the samples in this folder, to use them again")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there, too")
    parser.add_argument("--one", nargs=2, metavar=("KIND", "EXPORTS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one[0], Path(given.one[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="same-page-bench-") as folder:
        root = given.exports or Path(folder)
        found = [bench(scale, make(scale, root), given.repeats) for scale in given.scale]
    print(table(found))
    machine = f"{os.cpu_count()} × {platform.processor() or platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, DuckDB {duckdb.__version__}, load {os.getloadavg()[0]:.1f} at the end")
    if given.json:
        given.json.write_text(json.dumps({"machine": machine, "duckdb": duckdb.__version__, "runs": found}, indent=2))
    late = [row for row in found if any(row[kind]["peak_mb"] > _MEMORY_TARGET_MB for kind in TARGETS)]  # type: ignore[index]
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
