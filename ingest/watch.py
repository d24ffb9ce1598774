"""Watching a folder: new exports are imported as they land, once each, with a report beside them.

The folder is looked at again and again, which works on synced and network drives too. A file is taken when it has
stopped growing; files that land together are one import. Which files were taken is written in the reports
themselves, so that it is known after a restart: removing a report has its file taken again.
"""

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.errors import SamePageError, SettingsError, WarehouseError
from ingest.errors import IngestError, TryAgainError
from ingest.files import REPORT_SUFFIX, is_hidden
from ingest.run import Options, import_exports

# What programs call a file that they have not finished, and the marks that they set beside an open one.
_UNFINISHED = re.compile(
    r"(\.(part|partial|crdownload|download|tmp|temp|filepart|opdownload)|~)$|^~\$|^(desktop\.ini|thumbs\.db)$",
    re.IGNORECASE,
)
_CHUNK = 1 << 20
# A file that never stops growing does not keep the others waiting for ever.
_PATIENCE = 20
_CONTENT = re.compile(r"^Content: ([0-9a-f]{64})$", re.MULTILINE)

State = tuple[int, int]
Say = Callable[[str], None]


@dataclass
class _Candidate:
    """A file that was seen: its size and time when last looked at, and for how many looks it has been as it is."""

    state: State
    looks: int = 0


class Watcher:
    """Takes what is new in a folder.

    Parameters
    ----------
    folder
        The folder; its folders are watched too.
    options
        What is known about its exports beyond their content.
    say
        Called with each line for people.
    """

    def __init__(self, folder: Path, options: Options | None = None, say: Say = print) -> None:
        self.folder = folder
        self.options = options or Options()
        self.say = say
        self._seen: dict[Path, _Candidate] = {}
        self._done: dict[Path, State] = {}
        self._last_trouble = ""
        self._waited = 0

    def look(self) -> int:
        """Look once, and import what is new and has stopped growing; return how many files were taken.

        Whatever goes wrong is said, once for as long as it lasts, and tried again at the next look.
        """
        try:
            fresh = self._fresh()
            if fresh:
                self._take(fresh)
        except SamePageError as error:
            self._tell_trouble(str(error))
            return 0
        except OSError as error:
            self._tell_trouble(f"{error.filename or self.folder} cannot be read: {error.strerror or error}.")
            return 0
        self._last_trouble = ""
        return len(fresh)

    def _fresh(self) -> dict[Path, str]:
        """Return the files to be taken now, with the hash of what they hold."""
        waiting = self._waiting()
        ready = [path for path, candidate in waiting.items() if candidate.looks > 0]
        if not ready:
            return {}
        self._waited += 1
        if len(ready) < len(waiting) and self._waited < _PATIENCE:
            return {}  # what lands together is one import
        self._waited = 0
        return {path: digest for path in ready if (digest := self._unreported(path)) is not None}

    def _tell_trouble(self, trouble: str) -> None:
        """Say what keeps files waiting, once for as long as it lasts."""
        if trouble != self._last_trouble:
            self.say(f"{_now()}  {trouble} It is tried again.")
        self._last_trouble = trouble

    def _waiting(self) -> dict[Path, _Candidate]:
        """Return the files that were not taken yet, with what is known of their growth."""
        check_folder(self.folder)
        found: dict[Path, _Candidate] = {}
        for path in sorted(self.folder.rglob("*")):
            if is_hidden(path, self.folder) or _UNFINISHED.search(path.name):
                continue
            try:
                status = path.stat()
                is_file = path.is_file()
            except OSError:
                continue  # it went while we looked
            state = (status.st_size, status.st_mtime_ns)
            if not is_file or self._done.get(path) == state:
                continue
            earlier = self._seen.get(path)
            if earlier is not None and earlier.state == state:
                found[path] = _Candidate(state, earlier.looks + 1)
            else:
                found[path] = _Candidate(state)
        self._seen = found
        return found

    def _unreported(self, path: Path) -> str | None:
        """Return a file's content hash, or None where a report beside it says that this content was taken."""
        digest = _digest(path)
        try:
            known = _CONTENT.findall(report_path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            known = []
        if digest in known:
            self._done[path] = self._seen[path].state
            return None
        return digest

    def _take(self, fresh: dict[Path, str]) -> None:
        """Import files together; where that fails, find out by checks which are to blame, and import the others."""
        paths = list(fresh)
        try:
            self._import(paths, fresh)
        except TryAgainError:
            raise
        except IngestError as error:
            good = [path for path in paths if len(paths) > 1 and self._passes(path, fresh)]
            if len(paths) == 1 or len(good) == len(paths):
                for path in paths:
                    self._report(path, fresh[path], [str(error)])
            elif good:
                self._take({path: fresh[path] for path in good})

    def _passes(self, path: Path, fresh: dict[Path, str]) -> bool:
        try:
            import_exports([path], self.options, is_dry_run=True)
        except (TryAgainError, SettingsError, WarehouseError, OSError):
            raise
        except Exception as error:
            self._report(path, fresh[path], [str(error)])
            return False
        return True

    def _import(self, paths: Sequence[Path], fresh: dict[Path, str]) -> None:
        try:
            report = import_exports(paths, self.options)
        except (SamePageError, OSError):
            raise
        except Exception as error:
            # A file that brings out a fault of ours must not end the watch: its report says so.
            raise IngestError(
                "The import failed", f"{type(error).__name__}: {error}. Nothing was changed; please report this."
            ) from error
        for path in paths:
            self._report(path, fresh[path], report.of_files({path.name}).lines())

    def _report(self, path: Path, digest: str, lines: Sequence[str]) -> None:
        """Write the report beside a file, and say its first line."""
        self._done[path] = self._seen[path].state
        text = "\n".join([f"{path.name}, {_now()}", *lines, "", f"Content: {digest}", ""])
        try:
            report_path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            self.say(f"{_now()}  The report beside {path.name} cannot be written ({error.strerror or error}).")
        self.say(f"{_now()}  {lines[0] if lines else path.name}")


def report_path(path: Path) -> Path:
    """Return where the report on a file stands: beside it."""
    return path.with_name(path.name + REPORT_SUFFIX)


def watch(folder: Path, options: Options | None = None, *, every: float = 10.0, say: Say = print) -> None:
    """Watch a folder until it is interrupted.

    Parameters
    ----------
    folder
        The folder.
    options
        What is known about its exports beyond their content.
    every
        Seconds between two looks.
    say
        Called with each line for people.

    Raises
    ------
    IngestError
        The folder is not there.
    """
    check_folder(folder)
    watcher = Watcher(folder, options, say)
    watcher.look()
    say(f"Watching {folder} for new exports, every {every:g} s. Ctrl-C ends it.")
    while True:
        time.sleep(every)
        watcher.look()


def check_folder(folder: Path) -> None:
    """Raise `IngestError` where a folder is not there."""
    if not folder.is_dir():
        raise IngestError("There is no such folder", f"{folder} is not a folder. Check the path and try again.")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
