"""What was known when: versions of one record, closings set back later, rejections, and the lead that an MQL belongs to."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import Options, import_exports
from queries import run
from tests.conftest import forget_caches

DEAL_HEADER = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp"
LEAD_HEADER = "Id,Status,IsConverted,LeadSource,Email,CreatedDate,SystemModstamp"


def deal(
    number: int,
    *,
    stage: str = "Qualification",
    amount: str = "100",
    close: str = "2026-06-30",
    modified: str = "2026-02-02",
    state: str = "0,0",
) -> str:
    """Return a row of Salesforce's Opportunity."""
    return f"006{number:012d},Deal {number},{stage},{amount},{close},{state},2026-01-05T15:00:00Z,{modified}T15:00:00Z"


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def ask(name: str, **params: Any) -> Any:
    forget_caches()
    return run(name, params)


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_of_two_exports_of_one_record_in_one_import_the_one_changed_last_counts(
    home: Path, tmp_path: Path, order: tuple[str, str]
) -> None:
    rows = {
        "old": ("00Q000000000001,Open,0,Web,a@b.example,2026-01-05T15:00:00Z,2026-01-06T15:00:00Z", "first name"),
        "new": ("00Q000000000001,MQL,0,Event,a@b.example,2026-01-05T15:00:00Z,2026-03-06T15:00:00Z", "second"),
    }
    paths = []
    for number, which in enumerate(order):
        lead, name = rows[which]
        paths.append(write(tmp_path / str(number) / "Lead.csv", LEAD_HEADER, lead))
        modified = "2026-02-02" if which == "old" else "2026-03-02"
        row = deal(1, modified=modified).replace("Deal 1", name)
        paths.append(write(tmp_path / str(number) / "Opportunity.csv", DEAL_HEADER, row))
    import_exports(paths)
    assert ask("lead_records")["source"].to_list() == ["Event"]
    assert ask("pipeline_records", kind="open")["name"].to_list() == ["second"]


def test_a_closing_day_that_was_set_back_does_not_close_a_deal_that_an_export_saw_open(
    home: Path, tmp_path: Path
) -> None:
    import_exports([write(tmp_path / "1.csv", DEAL_HEADER, deal(1))], Options(snapshot_at=datetime(2026, 3, 1, 12)))
    won = deal(1, stage="Closed Won", close="2026-02-20", modified="2026-04-02", state="1,1")
    import_exports([write(tmp_path / "2.csv", DEAL_HEADER, won)], Options(snapshot_at=datetime(2026, 4, 10, 12)))
    assert ask("win_rate", as_of="2026-02-25").is_empty()
    assert ask("pipeline_records", kind="open", as_of="2026-03-15").height == 1
    assert ask("win_rate", as_of="2026-04-02")["won"].to_list() == [1]


def test_a_rejection_takes_acceptance_away_from_its_own_day_on(home: Path, tmp_path: Path) -> None:
    lead = "00Q000000000001,Rejected,0,Web,a@b.example,2026-01-05T15:00:00Z,2026-06-02T15:00:00Z"
    history = [
        f"017{number:012d},00Q000000000001,Status,,{status},2026-{day}T15:00:00Z"
        for number, (status, day) in enumerate([("MQL", "01-10"), ("SQL", "02-10"), ("Rejected", "06-01")], 1)
    ]
    import_exports(
        [
            write(tmp_path / "Lead.csv", LEAD_HEADER, lead),
            write(tmp_path / "LeadHistory.csv", "Id,LeadId,Field,OldValue,NewValue,CreatedDate", *history),
        ]
    )
    reached = {
        day: ask("lead_to_close", as_of=day).select("mql", "sal", "sql").row(0) for day in ("2026-03-01", "2026-06-02")
    }
    assert reached["2026-03-01"] == (1, 1, 1)
    assert reached["2026-06-02"][0] == 1


HUBSPOT = (
    "Record ID,First Name,Email,Lifecycle Stage,Create Date,Became a Marketing Qualified Lead Date,Salesforce Lead ID"
)


@pytest.mark.parametrize(
    ("named", "mql"),
    [
        ("00Q000000000002", {"00Q000000000002"}),  # the lead that the record names
        ("", {"00Q000000000001"}),  # else the person's first
        ("00Q000000000009", {"00Q000000000001"}),  # one that is no lead here names none
    ],
)
def test_an_mql_of_the_marketing_crm_belongs_to_the_lead_that_it_names(
    home: Path, tmp_path: Path, named: str, mql: set[str]
) -> None:
    leads = [
        f"00Q{number:012d},Open,0,Web,a@b.example,2026-0{number}-05T15:00:00Z,2026-06-06T15:00:00Z" for number in (1, 2)
    ]
    contact = f"501,Ann,a@b.example,Marketing Qualified Lead,2026-01-04 10:00,2026-03-10 10:00,{named}"
    import_exports(
        [write(tmp_path / "Lead.csv", LEAD_HEADER, *leads), write(tmp_path / "contacts.csv", HUBSPOT, contact)]
    )
    found = ask("lead_records", stage="mql")
    assert {record.split(":")[-1] for record in found["record_id"]} == mql


def test_an_mql_that_names_no_lead_is_not_counted_beside_the_persons_own(home: Path, tmp_path: Path) -> None:
    leads = [
        f"00Q{number:012d},Open,0,Web,a@b.example,2026-0{number}-05T15:00:00Z,2026-06-06T15:00:00Z" for number in (1, 2)
    ]
    history = "017000000000001,00Q000000000002,Status,,MQL,2026-03-09T15:00:00Z"
    contact = "501,Ann,a@b.example,Marketing Qualified Lead,2026-01-04 10:00,2026-03-10 10:00,"
    import_exports(
        [
            write(tmp_path / "Lead.csv", LEAD_HEADER, *leads),
            write(tmp_path / "LeadHistory.csv", "Id,LeadId,Field,OldValue,NewValue,CreatedDate", history),
            write(tmp_path / "contacts.csv", HUBSPOT, contact),
        ]
    )
    assert ask("lead_to_close")["mql"].to_list() == [1]


MAPPED = """
name = "acme"
{words}
[[objects]]
name = "{title}"
needs = ["{key}"]
[[objects.into]]
table = "{table}"
[objects.into.fields]
{fields}
"""


def test_the_words_of_two_mappings_of_one_name_add_up(home: Path, tmp_path: Path) -> None:
    deals = MAPPED.format(
        words='[stages]\n"Demo" = "open"\n"Done" = "won"',
        title="Deals",
        key="Deal",
        table="opportunity",
        fields='opportunity_id = "Deal"\nstage = "Stage"\namount = "Amount"\nclose_date = "Close"\ncreated = "Created"',
    )
    leads = MAPPED.format(
        words="", title="Leads", key="Lead", table="lead", fields='lead_id = "Lead"\ncreated = "Created"'
    )
    import_exports(
        [
            write(
                tmp_path / "deals.csv",
                "Deal,Stage,Amount,Close,Created",
                "1,Demo,5000,2026-06-30,2026-01-05",
                "2,Done,700,2026-05-30,2026-01-05",
            )
        ],
        Options(mapping=write(tmp_path / "deals.toml", deals)),
    )
    import_exports(
        [write(tmp_path / "leads.csv", "Lead,Created", "7,2026-01-30")],
        Options(mapping=write(tmp_path / "leads.toml", leads)),
    )
    found = ask("funnel_coverage", period="2026-Q2", as_of="2026-06-01")
    assert found.select("open_count", "won_count", "unmapped_count").row(0) == (1, 1, 0)


def test_an_open_deal_without_a_creation_date_is_there_since_an_export_saw_it(home: Path, tmp_path: Path) -> None:
    header, row = DEAL_HEADER.replace("CreatedDate,", ""), deal(1).replace("2026-01-05T15:00:00Z,", "")
    import_exports([write(tmp_path / "1.csv", header, row)])
    known = ask("freshness").row(0, named=True)
    assert str(known["newest_date"]) == "2026-02-02"
    assert ask("pipeline_records", kind="open")["amount"].to_list() == [100]
