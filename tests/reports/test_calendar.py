"""A huddle as a date in a calendar."""

from datetime import UTC, datetime

from icalendar import Calendar

from reports.calendar import calendar_file


def test_a_date_is_read_back_as_it_was_meant() -> None:
    content = calendar_file(
        "h1",
        "Huddle; of Ann, & Bo",
        datetime(2026, 11, 30, 14, 30),
        25,
        sequence=3,
        attendees=["Ann", "Bo"],
        link="http://x/r",
    )
    event = next(part for part in Calendar.from_ical(content).walk("VEVENT"))
    assert str(event["summary"]) == "Huddle; of Ann, & Bo"
    assert event["dtstart"].dt == datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    assert (event["dtend"].dt - event["dtstart"].dt).total_seconds() == 25 * 60
    assert (str(event["uid"]), event["sequence"]) == ("h1@same-page", 3)
    assert "With Ann, Bo" in str(event["description"])
