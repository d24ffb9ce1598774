"""Acceptance and speed to lead in cases that the hand-worked company does not have, and against other reckonings."""

import csv
import warnings
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from queries.catalogue import words
from tests.conftest import PROJECT, Ask, Little
from tests.little import Row, deal, lead, status

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

MQL, SAL, REJECTED = "Marketing Qualified", "Sales Accepted", "Rejected by Sales"
SETTINGS = (PROJECT / "settings.toml").read_text(encoding="utf-8")


def task(n: int, who: int, done: str, **more: Any) -> Row:
    """Return a completed outbound call with a lead."""
    return {
        "Id": f"00T{n:012d}AAA",
        "WhoId": f"00Q{who:012d}AAA",
        "WhatId": "",
        "Subject": "Call",
        "Status": "Completed",
        "IsClosed": 1,
        "ActivityDate": done[:10],
        "TaskSubtype": "Call",
        "CallType": "Outbound",
        "CreatedDate": f"{done[:10]}T23:00:00.000Z",
        "CompletedDateTime": f"{done}.000Z" if "T" in done else "",
        "SystemModstamp": "2026-05-02T15:00:00.000Z",
        **more,
    }


def passed(n: int, lead_number: int, day: str) -> Row:
    return status(n, lead_number, day, "Open", MQL)  # at 15:00 UTC, 11:00 in New York from 8 March on


def test_what_machines_do_what_came_in_and_what_is_planned_is_no_answer(little: Little) -> None:
    ask = little(
        leads=[lead(n) for n in range(1, 7)],
        history=[passed(n, n, "2026-04-06") for n in range(1, 7)],
        tasks=[
            task(1, 1, "2026-04-06T17:00:00"),
            task(2, 2, "2026-04-06T17:00:00", CallType="Inbound"),
            task(3, 3, "2026-04-06T17:00:00", TaskSubtype="ListEmail", CallType=""),
            task(4, 4, "2026-04-06T17:00:00", Status="Not Started", IsClosed=0, CompletedDateTime=""),
            task(5, 5, "2026-04-06T17:00:00", TaskSubtype="Task", CallType=""),
            task(6, 6, "2026-04-06T14:00:00"),  # an hour before the pass
        ],
    )
    row = ask("speed_to_lead").row(0, named=True)
    assert (row["waits"], row["answered"], row["in_time"], row["late"]) == (6, 1, 1, 5)
    assert ask("first_response_records", verdict="in time")["waited_hours"].to_list() == [2.0]


def test_an_answer_of_which_only_the_day_is_known_gives_days_and_the_doubt_is_in_favour(little: Little) -> None:
    ask = little(
        leads=[lead(1), lead(2), lead(3)],
        history=[passed(1, 1, "2026-04-06"), passed(2, 2, "2026-04-06"), passed(3, 3, "2026-04-06")],
        tasks=[task(1, 1, "2026-04-07"), task(2, 2, "2026-04-08"), task(3, 3, "2026-04-06")],
    )
    row = ask("speed_to_lead").row(0, named=True)
    # On the next day: perhaps within 24 hours. Two days later: 13 hours to midnight and a whole day, so surely not.
    assert (row["in_time"], row["late"], row["day_only"]) == (2, 1, 3)
    assert (row["median_days"], row["p90_days"], row["median_hours"]) == (1.0, 2.0, None)
    assert ask("first_response_records")["waited_hours"].null_count() == 3


def test_business_hours_stop_the_clock(little: Little) -> None:
    hours = SETTINGS + '\n[sla.business_hours]\nopens = "09:00"\ncloses = "17:00"\n'
    ask = little(
        hours.replace("first_response_hours = 24", "first_response_hours = 8"),
        leads=[lead(1), lead(2)],
        history=[
            passed(1, 1, "2026-04-10"),  # a Friday, 11:00 in New York
            passed(2, 2, "2026-04-10"),
        ],
        # Monday, 10:00 and 17:30; and one on Thursday, from which activities are recorded.
        tasks=[task(1, 1, "2026-04-13T14:00:00"), task(2, 2, "2026-04-13T21:30:00"), task(3, 2, "2026-04-09T14:00:00")],
    )
    waits = ask("first_response_records").sort("record_id")
    assert waits["waited_hours"].to_list() == [7.0, 14.0]  # 6 on Friday and 1 on Monday; 6 and 8
    assert waits["verdict"].to_list() == ["in time", "late"]
    assert waits["waited_days"].to_list() == [3, 3]


def test_the_clock_of_the_warehouse_is_that_of_the_queries() -> None:
    def expression(text: str) -> str:
        body = text[text.index("open_second(moment") :]
        body = body[: body.index(");")]
        return " ".join(" ".join(line.split("--")[0] for line in body.splitlines()).split())

    built = (PROJECT / "ingest" / "build" / "91_first_response.sql").read_text(encoding="utf-8")
    assert expression(built) == expression(words()["open_second"].sql)


def test_an_undecided_pass_whose_lead_became_a_deal_was_accepted(little: Little) -> None:
    ask = little(
        deals=[deal(1)],
        leads=[lead(1, deal=1), lead(2), lead(3)],
        history=[
            passed(1, 1, "2026-01-10"),
            passed(2, 2, "2026-01-10"),
            passed(3, 3, "2026-04-30"),
            status(4, 2, "2026-01-12", MQL, SAL),
        ],
    )
    row = ask("acceptance").row(0, named=True)
    # L1 became a deal on 20 Jan; L2 was accepted; L3 has waited for 2 days of 5.
    assert (row["accepted"], row["implied"], row["rejected"], row["undecided"], row["past_sla"]) == (2, 1, 0, 1, 0)
    before = ask("acceptance", as_of="2026-01-15").row(0, named=True)
    assert (before["passes"], before["accepted"], before["implied"], before["undecided"]) == (2, 1, 0, 1)
    assert ask("handoff_records", state="implied")["record_id"].to_list() == ["00Q000000000001"]


def test_a_lead_that_went_back_waits_for_a_decision_up_to_then(little: Little) -> None:
    ask = little(
        leads=[lead(1), lead(2), lead(3)],
        history=[
            passed(1, 1, "2026-04-01"),
            status(2, 1, "2026-04-03", MQL, "Recycled"),
            passed(3, 2, "2026-04-01"),
            status(4, 2, "2026-04-20", MQL, "Recycled"),
            passed(5, 3, "2026-04-01"),
            status(6, 3, "2026-04-02", MQL, REJECTED),
        ],
    )
    row = ask("acceptance").row(0, named=True)
    assert (row["undecided"], row["past_sla"], row["rejected"], row["recycled"]) == (1, 1, 1, 2)


def test_without_any_decision_acceptance_says_nothing(little: Little) -> None:
    ask = little(leads=[lead(1)], history=[passed(1, 1, "2026-04-01")])
    assert ask("acceptance").is_empty()
    assert ask("speed_to_lead").is_empty()  # nor is any activity known


def test_marketstar_acceptance(real: Callable[[str], Ask]) -> None:
    row = real("marketstar_sdr")("acceptance").row(0, named=True)
    assert (row["passes"], row["accepted"]) == (1061, 697)


def percentiles(waited: np.ndarray, is_answered: np.ndarray) -> dict[float, float]:
    """Return by when half, and a tenth, still wait, as lifelines tells it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = KaplanMeierFitter().fit(waited, is_answered)
    curve = fitter.survival_function_["KM_estimate"]
    # Its own `percentile` takes the next time where the curve is exactly at a half, but for its last digit.
    return {at: float(curve[curve <= at + 1e-9].index.min()) for at in (0.5, 0.1)}


@pytest.mark.parametrize("dimension", [None, "owner", "source"])
def test_medians_are_what_lifelines_says(sample: Ask, dimension: str | None) -> None:
    found = sample("speed_to_lead", dimension=dimension)
    checked = 0
    for row in found.iter_rows(named=True):
        asked = {} if dimension is None else {"dimension": dimension, "dimension_value": [row["dimension_value"] or ""]}
        waits = sample("first_response_records", **asked)
        for unit, frame in (
            ("hours", waits.filter(pl.col("waited_hours").is_not_null())),
            ("days", waits),
        ):
            if frame.is_empty() or (unit == "hours" and row["median_hours"] is None and row["median_days"] is not None):
                continue
            times = percentiles(frame[f"waited_{unit}"].to_numpy(), frame["is_answered"].to_numpy())
            for name, at in (("median", 0.5), ("p90", 0.1)):
                expected = times[at]
                got = row[f"{name}_{unit}"]
                assert (got is None) == bool(np.isnan(expected)), (row["dimension_value"], name, unit)
                if got is not None:
                    assert got == pytest.approx(expected, abs=1e-9)
                    checked += 1
    assert checked > 2


def test_waits_are_their_records_and_add_up(sample: Ask) -> None:
    for row in sample("speed_to_lead", dimension="owner").iter_rows(named=True):
        opened = sample("first_response_records", dimension="owner", dimension_value=[row["dimension_value"] or ""])
        assert opened.height == row["waits"] == row["answered"] + row["unanswered"]
        assert row["waits"] == row["in_time"] + row["late"] + row["not_due"]
        counts = dict(opened["verdict"].value_counts().rows())
        assert [counts.get(name, 0) for name in ("in time", "late", "not due")] == [
            row["in_time"],
            row["late"],
            row["not_due"],
        ]


def test_passes_are_their_records_and_add_up(sample: Ask) -> None:
    for row in sample("acceptance", dimension="source").iter_rows(named=True):
        asked = {"dimension": "source", "dimension_value": [row["dimension_value"] or ""]}
        states = ("accepted", "rejected", "undecided", "past SLA", "recycled", "recovered")
        opened = [sample("handoff_records", state=state, **asked).height for state in states]
        assert opened == [
            row[name] for name in ("accepted", "rejected", "undecided", "past_sla", "recycled", "recovered")
        ]
        assert sum(opened[:4]) == row["passes"]
        reasons = sample("rejection_reasons", dimension="source", source=asked["dimension_value"])
        assert reasons["rejected"].sum() == row["rejected"]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "salesforce" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def passes_of(folder: Path) -> dict[str, list[dict[str, datetime]]]:
    """Return the passes of each lead, told from its history without any of the product's code."""
    kept = {row["Id"][:15] for row in rows_of(folder, "Lead") if row["IsDeleted"] == "0"}
    meaning = {MQL: "mql", SAL: "accepted", "Sales Qualified": "sql", REJECTED: "rejected", "Recycled": "recycled"}
    found: dict[str, list[dict[str, datetime]]] = defaultdict(list)
    history = [row for row in rows_of(folder, "LeadHistory") if row["Field"] == "Status" and row["IsDeleted"] == "0"]
    for row in sorted(history, key=lambda row: (moment(row["CreatedDate"]), row["NewValue"] != "Recycled")):
        what, who = meaning.get(row["NewValue"]), row["LeadId"][:15]
        if what is None or who not in kept:
            continue
        # What happened before the first pass was recorded belongs to it.
        if not found[who] or (what == "mql" and "mql" in found[who][-1]):
            found[who].append({})
        found[who][-1].setdefault(what, moment(row["CreatedDate"]))
    return found


def test_acceptance_is_what_a_recount_of_the_exports_says(sample: Ask, sample_exports: Path) -> None:
    accepted = rejected = recycled = 0
    for passes in passes_of(sample_exports).values():
        for one in passes:
            yes = min((one[name] for name in ("accepted", "sql") if name in one), default=None)
            no = one.get("rejected")
            accepted += yes is not None and (no is None or yes <= no)
            rejected += no is not None and (yes is None or no < yes)
            recycled += "recycled" in one
    # Those of Salesforce's leads; HubSpot's own have no history.
    passes = sample("handoff_records").filter(pl.col("record_id").str.starts_with("00Q") & ~pl.col("is_implied"))
    counts = dict(passes["decision"].value_counts().rows())
    assert rejected > 50
    assert (counts["accepted"], counts["rejected"]) == (accepted, rejected)
    assert passes["recycled_date"].drop_nulls().len() == recycled


def test_speed_to_lead_is_what_a_recount_of_the_exports_says(sample: Ask, sample_exports: Path) -> None:
    """Of leads whose e-mail no other record shares, and who were passed once: who answered when, from the CSVs alone."""
    leads = {row["Id"][:15]: row for row in rows_of(sample_exports, "Lead") if row["IsDeleted"] == "0"}
    contacts = rows_of(sample_exports, "Contact")
    of_mail: dict[str, set[str]] = defaultdict(set)
    for row in (*leads.values(), *contacts):
        of_mail[row["Email"].strip().lower()].add(row["Id"][:15])
    machine = {row["Id"][:15] for row in rows_of(sample_exports, "User") if row["Department"] == "System"}
    answers: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    zone = ZoneInfo("America/New_York")
    for row in rows_of(sample_exports, "Task"):
        kind = row["TaskSubtype"]
        is_human = kind in ("Call", "Email") and row["CreatedById"][:15] not in machine and row["IsDeleted"] == "0"
        if is_human and row["IsClosed"] == "1" and row["CallType"] in ("", "Outbound"):
            exact = row["CompletedDateTime"]
            when = moment(exact) if exact else datetime.fromisoformat(row["ActivityDate"]).replace(tzinfo=zone)
            answers[row["WhoId"][:15]].append((when, bool(exact)))
    for row in rows_of(sample_exports, "Event"):
        if row["IsDeleted"] == "0" and row.get("StartDateTime"):
            answers[row["WhoId"][:15]].append((moment(row["StartDateTime"]), True))
    newest = sample("freshness")["newest_date"][0]
    found = {row["record_id"]: row for row in sample("first_response_records", clock="pass").iter_rows(named=True)}
    checked = 0
    for who, passes in passes_of(sample_exports).items():
        record = leads[who]
        own = {who, record["ConvertedContactId"][:15]} - {""}
        mail = record["Email"].strip().lower()
        if len(passes) != 1 or not mail or of_mail[mail] - own or "mql" not in passes[0] or who not in found:
            continue
        began = passes[0]["mql"]
        after = [
            (when.astimezone(zone).date(), not exact, when)
            for name in own
            for when, exact in answers[name]
            if (when >= began if exact else when.date() >= began.astimezone(zone).date())
            and when.astimezone(zone).date() <= newest
        ]
        row = found[who]
        assert row["is_answered"] == bool(after), who
        if after:
            day, is_day_only, when = min(after)
            assert row["responded_date"] == day, who
            if not is_day_only:
                assert row["waited_hours"] == pytest.approx((when - began) / timedelta(hours=1)), who
        checked += 1
    assert checked > 200
