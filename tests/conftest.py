"""What all tests share: a home of their own, the hand-worked company, a small sample company, the real exports."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from filelock import FileLock
from plotly.io import to_json

import queries
from base.settings import load_settings
from charts.sketch import Sketch
from ingest import Options, import_exports
from ingest.derive import build_fingerprint, derive
from ingest.warehouse import import_lock, new_version, scratch_folder
from queries.warehouse import close_warehouses
from store import database
from tests.little import Row, sheet

TESTS = Path(__file__).parent
PROJECT = TESTS.parent
GOLDEN = TESTS / "golden"
EXAMPLES = PROJECT / "ingest" / "examples"
SHARED = PROJECT.parent / "shared" / "data"

Ask = Callable[..., pl.DataFrame]
Little = Callable[..., Ask]


def forget_caches() -> None:
    """Drop what the product keeps between calls, so that a test sees its own home alone."""
    close_warehouses()
    database._open.cache_clear()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give every test an empty home: none ever touches a person's data."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("SAME_PAGE_HOME", str(folder))
    forget_caches()
    yield folder
    forget_caches()


@pytest.fixture(autouse=True)
def figures_are_plotlys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every figure that a test shows against what plotly, which checks each word of it, makes of the same."""
    shown = Sketch.to_dict

    def checked(self: Sketch) -> dict[str, Any]:
        looked = None if self._is_begun else self.plain()
        found = shown(self)
        if looked is not None:
            theirs = go.Figure(data=looked["data"], layout=looked["layout"])
            assert json.loads(to_json(found, validate=False)) == json.loads(theirs.to_json())
        return found

    monkeypatch.setattr(Sketch, "to_dict", checked)


@pytest.fixture
def golden_settings(home: Path) -> None:
    """Put the hand-worked company's settings in force."""
    shutil.copy(GOLDEN / "settings.toml", home / "settings.toml")


def golden_exports() -> list[Path]:
    """Return the hand-worked company's exports."""
    return [GOLDEN / "salesforce", GOLDEN / "hubspot", GOLDEN / "goals.csv"]


def _built(root: Path, name: str, build: Callable[[Path], None]) -> Path:
    """Build a home once for all workers of a test run, and return it."""
    folder = root / name
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            building = root / f"{name}.building"
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SAME_PAGE_HOME", str(building))
                build(building)
            building.rename(folder)
    return folder


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def golden_home(shared_root: Path) -> Path:
    """Return a home into which the hand-worked company was imported."""

    def build(folder: Path) -> None:
        shutil.copy(GOLDEN / "settings.toml", folder / "settings.toml")
        import_exports(golden_exports())

    return _built(shared_root, "golden", build)


@pytest.fixture(scope="session")
def empty_home(shared_root: Path) -> Path:
    """Return a home whose warehouse was built from no export at all."""

    def build(_: Path) -> None:
        settings = load_settings()
        with import_lock(), scratch_folder() as scratch, new_version(scratch) as version:
            derive(version.connection, settings, lambda *_: None)
            version.publish(build_fingerprint(settings))

    return _built(shared_root, "empty", build)


@pytest.fixture(scope="session")
def sample_exports(shared_root: Path) -> Path:
    """Return the exports of a small sample company."""
    from data.make_sample import main  # noqa: PLC0415

    folder = shared_root / "sample_exports"
    with FileLock(shared_root / "sample_exports.lock"):
        if not folder.exists():
            arguments = ["--scale", "0.05", "--seed", "7", "--end", "2026-11-16", "--out", str(folder)]
            assert main(arguments) == 0
    return folder


@pytest.fixture(scope="session")
def sample_home(shared_root: Path, sample_exports: Path) -> Path:
    """Return a home into which a small sample company was imported."""
    return _built(shared_root, "sample", lambda _: _import([sample_exports]))


def _import(paths: list[Path], options: Options | None = None) -> None:
    import_exports(paths, options)


def _asker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv("SAME_PAGE_HOME", str(folder))
    forget_caches()

    def ask(name: str, inputs: Mapping[str, pl.DataFrame] | None = None, **params: Any) -> pl.DataFrame:
        return queries.run(name, params, inputs=inputs)

    return ask


@pytest.fixture
def golden(golden_home: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that asks the hand-worked company a question."""
    return _asker(golden_home, monkeypatch)


@pytest.fixture
def empty(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that asks an empty warehouse a question."""
    return _asker(empty_home, monkeypatch)


@pytest.fixture
def sample(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that asks the sample company a question."""
    return _asker(sample_home, monkeypatch)


@pytest.fixture
def little(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Little:
    """Return a function that imports a few rows (`deals=[deal(1)], leads=[...]`) and opens the company they make."""

    def company(settings: str | None = None, **files: list[Row]) -> Ask:
        if settings is not None:
            (home / "settings.toml").write_text(settings, encoding="utf-8")
        folder = tmp_path / "exports"
        folder.mkdir(exist_ok=True)
        paths = []
        for name, rows in files.items():
            path = folder / f"{name}.csv"
            path.write_text(sheet(*rows), encoding="utf-8")
            paths.append(path)
        _import(paths)
        return _asker(home, monkeypatch)

    return company


@pytest.fixture(scope="session")
def real_exports() -> Path:
    """Return the folder of real exports; skip where it does not stand beside the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the real exports are not beside the project ({SHARED})")
    return SHARED


@pytest.fixture(scope="session")
def real_homes(shared_root: Path, real_exports: Path) -> Mapping[str, Path]:
    """Return a home for each real export that ships with a worked example of a mapping."""
    sources = {
        "olist_funnel": sorted((real_exports / "olist_funnel").glob("olist_*_dataset.csv")),
        "maven_crm": [real_exports / "maven_crm"],
        "marketstar_sdr": [real_exports / "marketstar_sdr"],
    }
    return {
        name: _built(
            shared_root,
            name,
            lambda _, paths=paths, name=name: _import(paths, Options(mapping=EXAMPLES / f"{name}.toml")),
        )
        for name, paths in sources.items()
    }


@pytest.fixture
def real(real_homes: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Ask]:
    """Return a function that opens one real export, to ask it questions."""
    return lambda name: _asker(real_homes[name], monkeypatch)
