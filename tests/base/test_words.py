"""Words that people decide: kept with author and time, laid over the settings, undone, never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from base.errors import SettingsError
from base.home import words_path
from base.settings import load_settings
from base.words import Word, decide, decisions_in_force, read_decisions, shown_as, undo, words_in_force

ENTRY = '[[decided]]\nkind = "stage"\ntheirs = "A"\nours = "open"\nby = "Ann"\nat = 2026-05-01T00:00:00Z\n'
WON = Word("stage", "Gewonnen", "won", "hubspot")


def test_without_a_file_nothing_is_decided(home: Path) -> None:
    assert read_decisions() == ()
    assert load_settings().decided == ()


def test_a_decision_is_kept_with_its_author_and_time(home: Path) -> None:
    decide([WON], " Ann Lee ", datetime(2026, 5, 1, 12, tzinfo=UTC))
    decision = read_decisions()[0]
    assert (decision.word, decision.by, decision.at) == (WON, "Ann Lee", datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert load_settings().decided == (WON,)
    assert 'by = "Ann Lee"' in words_path().read_text(encoding="utf-8")


def test_the_newest_on_a_word_counts_and_undone_the_one_before_it_does(home: Path) -> None:
    decide([WON], "Ann")
    decide([Word("stage", "GEWONNEN", "lost", "hubspot")], "Bo")
    assert [word.ours for word in words_in_force()] == ["lost"]
    undo(2, "Ann")
    assert words_in_force() == (WON,)
    undo(1, "Ann")
    assert words_in_force() == ()
    assert [decision.undone_by for decision in read_decisions()] == ["Ann", "Ann"]
    with pytest.raises(SettingsError, match="nothing to undo"):
        undo(1, "Ann")


def test_the_fingerprint_changes_with_a_decision_and_not_with_its_author_or_a_refusal(home: Path) -> None:
    before = load_settings().fingerprint()
    decide([Word("refused", "Acme", "Acme Inc", field="account")], "Ann")
    assert load_settings().fingerprint() == before
    decide([WON], "Ann")
    after = load_settings().fingerprint()
    assert after != before
    decide([WON], "Bo")
    assert load_settings().fingerprint() == after
    for number in (2, 3):
        undo(number, "Bo")
    assert load_settings().fingerprint() == before


def test_comments_that_a_person_wrote_stay(home: Path) -> None:
    decide([WON], "Ann")
    path = words_path()
    path.write_text(path.read_text(encoding="utf-8") + "# agreed with sales on Monday\n", encoding="utf-8")
    decide([Word("stage", "Verloren", "lost")], "Bo")
    assert "# agreed with sales on Monday" in path.read_text(encoding="utf-8")
    assert len(read_decisions()) == 2


def test_names_are_followed_to_their_end(home: Path) -> None:
    decide(
        [Word("value", "goog", "google", field="source"), Word("value", "Google", "Google Ads", field="source")], "A"
    )
    assert shown_as(words_in_force()) == {("source", "goog"): "Google Ads", ("source", "google"): "Google Ads"}


def test_names_in_a_circle_are_refused_and_nothing_is_written(home: Path) -> None:
    decide([Word("value", "A", "B", field="source")], "Ann")
    before = words_path().read_bytes()
    with pytest.raises(SettingsError, match="circle"):
        decide([Word("value", "B", "A", field="source")], "Bo")
    assert words_path().read_bytes() == before


@pytest.mark.parametrize(
    ("word", "by", "told"),
    [
        (WON, "  ", "Say who decides"),
        (Word("stage", "X", "wun"), "Ann", "should mean one of open, won, lost"),
        (Word("stage", " ", "won"), "Ann", "blank"),
        (Word("thing", "X", "won"), "Ann", "kind is 'thing'"),
        (Word("value", "X", "Y", field="colour"), "Ann", "field is 'colour'"),
        (Word("value", "X", "X", field="source"), "Ann", "shown as itself"),
        (Word("rate", "SEK", "cheap", valid_from=date(2026, 1, 1)), "Ann", "is not a rate"),
        (Word("rate", "SEK", "0", valid_from=date(2026, 1, 1)), "Ann", "above 0"),
        (Word("rate", "SEK", "NaN", valid_from=date(2026, 1, 1)), "Ann", "above 0"),
        (Word("rate", "SEK", "0.1"), "Ann", "the day from which it holds"),
    ],
)
def test_what_cannot_be_decided_is_said_and_not_written(home: Path, word: Word, by: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        decide([WON, word], by)
    assert not words_path().exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[decided]\n", "cannot be read"),
        ("[other]\n", "entries alone"),
        ('[[decided]]\nkind = "stage"\n', "entry 1: 'theirs' is missing"),
        ('[[decided]]\nkind = "stage"\ncolour = "red"\n', "'colour' is not known"),
        ('[[decided]]\nkind = "stage"\ntheirs = 7\n', "'theirs' is 7, and should be a str"),
        (
            ENTRY + ENTRY.replace("open", "wun"),
            "entry 2: it means 'wun'",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_said_to_be_and_never_written_over(home: Path, text: str, told: str) -> None:
    words_path().write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        load_settings()
    with pytest.raises(SettingsError, match=told):
        decide([WON], "Ann")
    assert words_path().read_text(encoding="utf-8") == text


def test_two_people_at_once_lose_nothing(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: decide([Word("stage", f"Stage {number}", "open")], f"P{number}"), range(24)))
    assert len(decisions_in_force()) == 24
