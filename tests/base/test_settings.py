"""settings.toml: read, checked, and exact about what is wrong with it."""

from pathlib import Path

import pytest

from base.errors import SettingsError
from base.home import home, settings_path, store_dir, warehouse_dir
from base.settings import load_settings
from tests.conftest import PROJECT

TEXT = (PROJECT / "settings.toml").read_text(encoding="utf-8")


def test_the_settings_that_ship_can_be_used() -> None:
    settings = load_settings(PROJECT / "settings.toml")
    assert settings.band == (3.0, 5.0)
    assert settings.segments[-1].below is None


def test_every_place_of_state_obeys_one_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAME_PAGE_HOME", str(tmp_path / "elsewhere"))
    assert home() == tmp_path / "elsewhere"
    assert {warehouse_dir().parent, store_dir().parent} == {home()}
    monkeypatch.delenv("SAME_PAGE_HOME")
    assert home() == PROJECT / "data"


def test_a_homes_own_settings_come_first(home: Path) -> None:
    assert settings_path() == PROJECT / "settings.toml"
    (home / "settings.toml").write_text(TEXT.replace('currency = "USD"', 'currency = "CHF"'), encoding="utf-8")
    assert load_settings().currency == "CHF"


def test_any_change_changes_the_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(TEXT.replace("flag_under = 30", "flag_under = 31"), encoding="utf-8")
    assert load_settings(path).fingerprint() != load_settings(PROJECT / "settings.toml").fingerprint()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"America/New_York"', '"Mars/Base"'), r"company\.time_zone: 'Mars/Base' is not a time zone"),
        (("band = [3.0, 5.0]", "band = [5.0, 3.0]"), r"coverage\.band: is \[5\.0, 3\.0\]"),
        (("fiscal_year_start_month = 1", "fiscal_year_start_month = 13"), "is 13, and should be from 1 to 12"),
        (("EUR = 1.08", 'EUR = "a lot"'), r"currency_rates\.EUR"),
        (("EUR = 1.08", "EUR = [{ from = 2026-01-01 }]"), r"currency_rates\.EUR: is .*should be like"),
        (
            ("EUR = 1.08", "EUR = [{ rate = 1 }, { rate = 2 }]"),
            r"currency_rates\.EUR: has two rates from the beginning",
        ),
        (("EUR = 1.08", 'EUR = [{ from = "May", rate = 1 }]'), r"currency_rates\.EUR: begins 'May'"),
        (("EUR = 1.08", "EUR = nan"), r"currency_rates\.EUR: is nan"),
        (("EUR = 1.08", "EUR = 1.08\neur = 1.1"), r"currency_rates\.eur: is there twice"),
        (('currency = "USD"', 'currency = "EUR"'), "EUR: is the company's own currency and needs no rate"),
        (('"Webinar" = "Events"', '"Webinar" = "Events"\n"webinar" = "Web"'), r"channels\.Webinar: is there twice"),
        (('"Germany" = "International"', '"Germany" = "D"\n"germany" = "E"'), r"regions\.Germany: is there twice"),
        (("below = 1000", "below = 50"), "entry 2: below is 50, and should be more"),
        (("below = 1000", "bellow = 1000"), "entry 2: bellow is not known"),
        (("below = 1000", ""), "entry 2: needs below"),
        (('week_starts_on = "monday"', 'week_starts_on = "mon"'), "should be one of monday"),
        (("flag_under = 30", "flag_undr = 30"), r"small_samples\.flag_under: is missing"),
        (("[stages]", '[stages]\nWon = "wun"'), r"stages\.Won: is 'wun'"),
        (("[stages]", "[stagse]"), "stagse: is not a section"),
        (("flag_under = 30", "flag_under = 30\nextra = 1"), r"small_samples\.extra: is not a setting"),
        (("[company]", "[company"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    path = tmp_path / "settings.toml"
    assert change[0] in TEXT
    path.write_text(TEXT.replace(*change, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        load_settings(path)


def test_missing_settings_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is missing"):
        load_settings(tmp_path / "none.toml")
