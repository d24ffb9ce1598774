"""An import in a process of its own that is killed: at a moment, or before the n-th thing that it does to its home."""

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

# A server that has everything loaded and has used none of it forks each import in a few milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["ingest"])
_CHANGES = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"))


def _import(home: str, paths: list[str], before_change: int | None) -> None:
    os.environ["SAME_PAGE_HOME"] = home
    if before_change is not None:
        sys.addaudithook(_Killer(home, before_change))
    from ingest import import_exports  # noqa: PLC0415

    import_exports([Path(path) for path in paths])


class _Killer:
    """Ends the process, as a power cut would, just before it makes its n-th change to a folder."""

    def __init__(self, folder: str, before_change: int) -> None:
        self.folder = folder
        self.left = before_change

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Count the events that change something below the folder."""
        if event not in _CHANGES or not str(arguments[0]).startswith(self.folder):
            return
        if event == "open" and not set(str(arguments[1] or "")) & set("wax+"):
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def importing(home: Path, paths: list[Path], before_change: int | None = None) -> Iterator[multiprocessing.Process]:
    """Start an import and give its process; whatever is left of it is killed at the end."""
    process = _CONTEXT.Process(target=_import, args=(str(home), [str(path) for path in paths], before_change))
    process.start()
    try:
        yield process  # type: ignore[misc]
    finally:
        process.kill()
        process.join()


def import_killed_after(home: Path, paths: list[Path], seconds: float) -> bool:
    """Import, and kill it after some seconds; tell whether it was still running."""
    with importing(home, paths) as process:
        process.join(seconds)
        return process.exitcode is None


def import_killed_before_change(home: Path, paths: list[Path], number: int) -> bool:
    """Import, and kill it just before its n-th change to its home; tell whether there was one."""
    with importing(home, paths, number) as process:
        process.join(120)
        return process.exitcode == -signal.SIGKILL


def seconds_of_import(home: Path, paths: list[Path]) -> float:
    """Import undisturbed, and return how long the process lived."""
    began = time.perf_counter()
    with importing(home, paths) as process:
        process.join(120)
        assert process.exitcode == 0
    return time.perf_counter() - began
