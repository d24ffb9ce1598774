"""The SLA and the win rate in settings.toml: what they are without a word, and exact about what is wrong."""

from pathlib import Path

import pytest

from base.errors import SettingsError
from base.settings import BusinessHours, load_settings
from tests.conftest import GOLDEN, PROJECT

TEXT = (PROJECT / "settings.toml").read_text(encoding="utf-8")
HOURS = '\n[sla.business_hours]\nopens = "09:00"\ncloses = "17:30"\n'


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_settings_without_an_sla_have_the_usual_one() -> None:
    settings = load_settings(GOLDEN / "settings.toml")
    assert (settings.first_response_hours, settings.decision_days, settings.win_rate_days) == (24, 5, 180)
    assert settings.business_hours is None


def test_business_hours_are_of_working_days_unless_said(tmp_path: Path) -> None:
    assert load(tmp_path, TEXT + HOURS).business_hours == BusinessHours(9 * 3600, 17 * 3600 + 1800, "1111100")  # type: ignore[attr-defined]
    sunday = TEXT + HOURS + 'days = ["sunday"]\n'
    assert load(tmp_path, sunday).business_hours == BusinessHours(9 * 3600, 17 * 3600 + 1800, "0000001")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT.replace("first_response_hours = 24", "first_response_hours = 0"), "is 0, and should be from 1 to 8760"),
        (TEXT.replace("decision_days = 5", 'decision_days = "soon"'), r"sla\.decision_days: is 'soon'"),
        (TEXT.replace('basis = "count"', 'basis = "luck"'), "should be one of count, value, cohort, within"),
        (TEXT + HOURS.replace('"09:00"', '"nine"'), r"business_hours\.opens: is 'nine', and should be a time of day"),
        (TEXT + HOURS.replace('"17:30"', '"08:00"'), "should close after it opens"),
        (TEXT + HOURS + 'days = ["someday"]\n', r"business_hours\.days: is \['someday'\]"),
        (TEXT + HOURS + "lunch = 1\n", "lunch is not known"),
        (TEXT.replace("decision_days = 5", "decision_days = 5\ndecision_day = 5"), "decision_day: is not a setting"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load(tmp_path, text)
