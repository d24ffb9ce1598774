"""Thirty people at once: `python -m tests.bench.load --scale 10 --home DIR --json OUT`.

Each is a websocket that speaks Streamlit's protocol, stands on Funnel coverage and clicks another value of a filter
every two seconds for a minute. A rerun lasts from the click until the server says that the script has finished.

Targets: p95 of a rerun under 1 s, no error, memory of the server below 1 GB.
"""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.homes import arguments, home_of, kept_in, machine, median, p95, write
from tests.browser.conftest import serving_process

PAGE = "funnel_coverage"
FILTERS = ("Segment", "Region", "Owner", "Source")
TARGETS = {"p95_ms": 1000.0, "errors": 0, "peak_mb": 1024.0}
_PATIENCE_SECONDS = 60.0


@dataclass
class Seen:
    """What the visitors saw."""

    reruns: list[float] = field(default_factory=list)
    first_ms: list[float] = field(default_factory=list)
    bytes_in: int = 0
    errors: list[str] = field(default_factory=list)


class Visitor:
    """One session: what it is shown, and what it has chosen."""

    def __init__(self, socket: ClientConnection, seed: int) -> None:
        self.socket = socket
        self.chance = random.Random(seed)
        self.filters: dict[str, tuple[str, list[str]]] = {}
        self.states: dict[str, list[str]] = {}
        self.page_hash = ""
        self.bytes_in = 0

    async def rerun(self) -> None:
        """Ask for a run with what is chosen, and wait until the script has finished."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_script_hash = self.page_hash
        if not self.page_hash:
            message.rerun_script.page_name = PAGE
        for widget, values in self.states.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = widget
            state.string_array_value.data[:] = values
        await self.socket.send(message.SerializeToString())
        while True:
            data = await asyncio.wait_for(self.socket.recv(), _PATIENCE_SECONDS)
            assert isinstance(data, bytes)
            self.bytes_in += len(data)
            said = ForwardMsg()
            said.ParseFromString(data)
            kind = said.WhichOneof("type")
            if kind == "new_session":
                self.page_hash = said.new_session.page_script_hash
            elif kind == "navigation":
                self.page_hash = said.navigation.page_script_hash
            elif kind == "delta" and said.delta.WhichOneof("type") == "new_element":
                self._look(said.delta.new_element)
            elif kind == "script_finished":
                if said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return
                if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    raise AssertionError(f"the script ended with {said.script_finished}")

    def _look(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise AssertionError(element.exception.message)
        if kind == "alert" and element.alert.format == element.alert.ERROR:
            raise AssertionError(element.alert.body)
        if kind == "multiselect" and element.multiselect.label in FILTERS:
            self.filters[element.multiselect.label] = (element.multiselect.id, list(element.multiselect.options))

    def click(self) -> None:
        """Choose one value of one filter, or none; what was chosen before is let go."""
        widget, options = self.filters[self.chance.choice([name for name in FILTERS if name in self.filters])]
        self.states = {each: [] for each, _ in self.filters.values()}
        if self.chance.random() < 0.9:
            self.states[widget] = [self.chance.choice(options)]


async def visit(address: str, seed: int, seconds: float, every: float, seen: Seen) -> None:
    """Come, click for so many seconds, and leave."""
    await asyncio.sleep(every * random.Random(seed).random())
    url = address.replace("http://", "ws://") + "/_stcore/stream"
    try:
        async with connect(url, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            visitor = Visitor(socket, seed)
            began = time.perf_counter()
            await visitor.rerun()
            seen.first_ms.append(1000 * (time.perf_counter() - began))
            assert visitor.filters, "the page has no filters"
            end = time.perf_counter() + seconds
            due = time.perf_counter() + every
            while due < end:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                visitor.click()
                clicked = time.perf_counter()
                await visitor.rerun()
                seen.reruns.append(1000 * (time.perf_counter() - clicked))
                due = max(due + every, time.perf_counter())
            seen.bytes_in += visitor.bytes_in
    except Exception as error:  # what goes wrong for a visitor is a finding of the bench
        seen.errors.append(f"{type(error).__name__}: {error}")


def memory_mb(process: int, what: str) -> float:
    """Return how much memory a process holds (VmRSS), or ever held (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what)).split()[1]) / 1024


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process has used."""
    parts = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / 100


async def crowd(address: str, visitors: int, seconds: float, every: float) -> Seen:
    """Let so many visitors come at once."""
    seen = Seen()
    await asyncio.gather(*(visit(address, seed, seconds, every, seen) for seed in range(visitors)))
    return seen


def measure(home: Path, visitors: int, seconds: float, every: float) -> dict[str, Any]:
    """Serve a home, let the visitors click, and return the figures."""
    with serving_process(home) as (address, process):
        before = memory_mb(process, "VmRSS")
        began, cpu = time.perf_counter(), cpu_seconds(process)
        seen = asyncio.run(crowd(address, visitors, seconds, every))
        took, used = time.perf_counter() - began, cpu_seconds(process) - cpu
        after, peak = memory_mb(process, "VmRSS"), memory_mb(process, "VmHWM")
    if not seen.reruns:
        raise AssertionError(f"no visitor got an answer: {seen.errors[:3]}")
    return {
        "visitors": visitors,
        "reruns": len(seen.reruns),
        "per_second": round(len(seen.reruns) / took, 1),
        "p50_ms": round(median(seen.reruns)),
        "p95_ms": round(p95(seen.reruns)),
        "max_ms": round(max(seen.reruns)),
        "first_p50_ms": round(median(seen.first_ms)),
        "cpu_ms_per_run": round(1000 * used / (len(seen.reruns) + len(seen.first_ms))),
        "kb_per_run": round(seen.bytes_in / 1024 / (len(seen.reruns) + len(seen.first_ms))),
        "errors": len(seen.errors),
        "error_words": sorted(set(seen.errors))[:5],
        "start_mb": round(before),
        "end_mb": round(after),
        "peak_mb": round(peak),
    }


def table(scale: float, found: dict[str, Any]) -> str:
    """Return the figures of one scale as a table."""
    lines = [f"scale {scale:g}"]
    for name, value in found.items():
        target = TARGETS.get(name)
        verdict = "" if target is None else f"   target {target:g}: {'met' if value <= target else 'MISSED'}"
        lines.append(f"  {name.replace('_', ' '):<16} {value}{verdict}")
    return "\n".join(lines)


def main() -> int:
    """Run what the command line asks for."""
    assert __doc__
    parser = arguments("load", __doc__)
    parser.set_defaults(scale=[10.0])
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two clicks of a visitor")
    given = parser.parse_args()
    found = {}
    with kept_in(given.home) as folder:
        for scale in given.scale:
            home = home_of(scale, folder)
            found[f"{scale:g}"] = measure(home, given.visitors, given.seconds, given.every)
            print(table(scale, found[f"{scale:g}"]), end="\n\n", flush=True)
    print(machine())
    write(given.json, {"load": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
