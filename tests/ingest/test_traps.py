"""Traps that real exports set, each met by the test of its name."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest import ImportReport, import_exports
from queries import run
from tests.conftest import forget_caches

DEALS = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp"
HUBSPOT = "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date"
OPEN = "006000000000001,One,Offer,100,2026-06-30,0,0,2026-01-05T15:00:00Z,2026-02-02T15:00:00Z"


@pytest.fixture
def take(home: Path, tmp_path: Path) -> Any:
    """Return a function that imports texts (or bytes) as files and gives the report."""

    def imported(**files: str | bytes) -> ImportReport:
        paths = []
        for name, content in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        report = import_exports(paths)
        forget_caches()
        return report

    return imported


def deals(kind: str = "open", *columns: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = run("pipeline_records", {"kind": kind}).select(columns or ("name", "amount")).rows()
    return sorted(rows)


def findings() -> set[str]:
    return set(run("import_findings")["finding"])


def test_an_empty_salesforce_lookup_is_no_record(take: Any) -> None:
    header = "Id,Status,IsConverted,LeadSource,CreatedDate,ConvertedOpportunityId"
    lead = "00Q000000000001,Open,0,Web,2026-01-05T15:00:00Z,000000000000000AAA"
    take(Lead=f"{header}\n{lead}\n", Opportunity=f"{DEALS}\n{OPEN}\n")
    assert run("lead_to_close").select("leads", "opportunities").row(0) == (1, 0)


def test_booleans_as_0_and_1(take: Any) -> None:
    take(o=f"{DEALS}\n{OPEN}\n{OPEN.replace('001,One,Offer', '002,Two,Done').replace(',0,0,', ',1,1,')}\n")
    assert (len(deals()), run("win_rate")["won"].to_list()) == (1, [1])


def test_a_currency_in_each_row_without_a_converted_amount(take: Any) -> None:
    rows = [OPEN + ",EUR", OPEN.replace("001,One", "002,Two") + ",SEK"]
    take(o="\n".join([DEALS + ",CurrencyIsoCode", *rows]))
    assert deals() == [("One", Decimal("100.00")), ("Two", Decimal("100.00"))]  # each in its own currency
    coverage = run("funnel_coverage", {"period": "2026-Q2"})
    assert coverage.select("open_amount", "without_amount_count").row(0) == (Decimal("108.00"), 1)
    assert "no_rate" in findings()


def test_the_footer_of_a_salesforce_report(take: Any) -> None:
    footer = [
        '"Total","","","100","","","","",""',
        '"Grand Totals (5700 records)"',
        '""',
        '"Confidential Information - Do Not Distribute"',
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."',
    ]
    file = take(o="\n".join([DEALS, OPEN, *footer])).files[0]
    assert (file.loaded, file.rejected) == (1, 0)
    assert file.rows_read == 1 + sum(file.skipped.values())
    assert deals() == [("One", Decimal("100.00"))]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-16-le", "\t"), ("utf-16", "\t"), ("utf-8-sig", ","), ("latin-1", ";"), ("cp1252", ",")],
)
def test_encodings_and_delimiters(take: Any, encoding: str, delimiter: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    text = mark + "\n".join([DEALS, OPEN.replace("One", "Müller")]).replace(",", delimiter)
    take(o=text.encode(encoding))
    assert deals() == [("Müller", Decimal("100.00"))]


def test_semicolons_with_decimal_commas(take: Any) -> None:
    take(o="\n".join([DEALS, OPEN.replace(",100,", ",1.234@50,")]).replace(",", ";").replace("@", ","))
    assert deals() == [("One", Decimal("1234.50"))]


def test_line_breaks_in_quoted_cells(take: Any) -> None:
    file = take(o=f"{DEALS}\n{OPEN.replace('One', chr(34) + 'One' + chr(10) + 'more' + chr(34))}\n").files[0]
    assert (file.rows_read, deals()[0][0]) == (1, "One\nmore")


def test_header_names_with_trailing_blanks_and_without_a_name(take: Any) -> None:
    take(o=f"{DEALS.replace('Amount', ' Amount ')},,\n{OPEN},x,y\n")
    assert deals() == [("One", Decimal("100.00"))]


def test_a_close_date_before_the_creation(take: Any) -> None:
    take(o=f"{DEALS}\n{OPEN.replace('2026-06-30,0,0', '2025-12-30,1,1')}\n")
    assert run("win_rate").select("won", "median_cycle_days").row(0) == (1, None)
    assert "closed_before_created" in findings()


def test_a_deal_that_is_born_in_a_late_stage(take: Any) -> None:
    header = "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate,Probability,ForecastCategory"
    born = "008000000000001,006000000000001,2026-01-05T15:00:00Z,Negotiation/Review,100,2026-06-30,80,Forecast"
    take(Opportunity=f"{DEALS}\n{OPEN}\n", OpportunityHistory=f"{header}\n{born}\n")
    found = run("pipeline_records", {"kind": "open", "as_of": "2026-01-10"})
    assert found.select("stage", "is_assumed").rows() == [("Negotiation/Review", False)]


def test_a_move_back_to_an_earlier_stage(take: Any) -> None:
    header = "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate,Probability,ForecastCategory"
    rows = [
        f"00800000000000{n}{deal},00600000000000{deal},2026-01-{day:02}T15:00:00Z,{stage},100,2026-06-30,50,Pipeline"
        for deal in (1, 2, 3)
        for n, (day, stage) in enumerate([(6, "Demo"), (8, "Offer")] + ([(9, "Demo")] if deal == 1 else []), 1)
    ]
    names = ("One", "Two", "Three")
    live = [
        OPEN.replace("001,One", f"00{n},{name}").replace("Offer", "Demo" if n == 1 else "Offer")
        for n, name in enumerate(names, 1)
    ]
    take(Opportunity="\n".join([DEALS, *live]), OpportunityHistory="\n".join([header, *rows]))
    assert [
        row[0] for row in run("pipeline_records", {"kind": "open", "as_of": "2026-01-08"}).select("stage").rows()
    ] == ["Offer"] * 3
    assert deals("open", "name", "stage") == [("One", "Demo"), ("Three", "Offer"), ("Two", "Offer")]
    assert "stage_backward" in findings()


def test_won_and_lost_deals_that_keep_their_last_open_stage(take: Any) -> None:
    header = "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Deal closed on"
    rows = [
        f"{n},{status},10,Negotiation,{status},2026-01-05 10:00:00,{'2026-02-20 10:00:00' if status != 'Open' else ''}"
        for n, status in enumerate(("Won", "Lost", "Open"), 1)
    ]
    take(p="\n".join([header, *rows]))
    assert run("win_rate").select("won", "lost").row(0) == (1, 1)
    assert [name for (name, *_) in deals()] == ["Open"]


def test_a_status_at_odds_with_the_forecast_category(take: Any) -> None:
    take(o=f"{DEALS},ForecastCategoryName\n{OPEN},Closed\n")
    assert len(deals()) == 1
    assert "status_against_forecast" in findings()


def test_zero_amounts_on_open_deals(take: Any) -> None:
    take(o=f"{DEALS}\n{OPEN.replace(',100,', ',0,')}\n")
    assert "zero_amount" in findings()


def test_a_total_repeated_on_every_line_item(take: Any) -> None:
    rows = [f"00k00000000000{n},006000000000001,1,{total}" for n, total in enumerate((100, 100), 1)]
    take(Opportunity=f"{DEALS}\n{OPEN}\n", Items="\n".join(["Id,OpportunityId,Quantity,TotalPrice", *rows]))
    assert deals() == [("One", Decimal("100.00"))]
    assert "repeated_total" in findings()


def test_blank_beside_unknown_and_capitals(take: Any) -> None:
    header = "Id,Status,IsConverted,LeadSource,CreatedDate"
    sources = ("", "unknown", "Google", "google", "Select")
    rows = [f"00Q00000000000{n},Open,0,{source},2026-01-05T15:00:00Z" for n, source in enumerate(sources, 1)]
    take(Lead="\n".join([header, *rows]))
    found = dict(run("lead_to_close", {"dimension": "source"}).select("dimension_value", "leads").rows())
    assert found["Google" if "Google" in found else "google"] == 2  # one source in two spellings
    assert run("lead_to_close")["leads"].to_list() == [5]
    assert {"unknown", "Select"} <= set(run("value_suggestions").filter(field="source")["theirs"])


def test_local_time_in_one_column_and_utc_in_another(take: Any) -> None:
    take(o=f"{DEALS}\n{OPEN.replace('2026-01-05T15:00:00Z', '2026-01-06T02:00:00Z')}\n")
    assert run("pipeline_records", {"kind": "open"})["created_date"].to_list() == [date(2026, 1, 5)]  # New York


def test_stage_dates_in_columns(take: Any) -> None:
    columns = ",".join(
        [
            '"Date entered ""Demo (Sales Pipeline)"""',
            "Date entered 'Offer (Sales Pipeline)'",
            "hs_v2_date_entered_Contract",
        ]
    )
    row = "1,One,Contract,100,2026-06-30 10:00,2026-01-05 10:00,2026-01-06 10:00,2026-02-06 10:00,2026-03-06 10:00"
    take(d=f"{HUBSPOT},{columns}\n{row}\n")
    stages = {
        day: run("pipeline_records", {"kind": "unmapped", "as_of": day})["stage"].to_list()
        for day in ("2026-01-20", "2026-02-20", "2026-03-06")
    }
    assert stages == {"2026-01-20": ["Demo"], "2026-02-20": ["Offer"], "2026-03-06": ["Contract"]}


def test_dynamics_do_not_modify_columns(take: Any) -> None:
    header = (
        "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Est. revenue,"
        "Est. Close Date,Status,Created On"
    )
    row = "a1b2,xyz==,2026-02-02 10:00:00,One,100,2026-06-30,Open,2026-01-05 10:00:00"
    file = take(d=f"{header}\n{row}\n").files[0]
    assert (file.crm, file.loaded) == ("Dynamics 365", 1)
    assert deals() == [("One", Decimal("100.00"))]


def test_localized_headers_and_stages_of_any_language(take: Any) -> None:
    header = "ID de fiche d'informations,Nom de la transaction,Phase de la transaction,Montant,Date de fermeture,Date de création"
    report = take(d=f'{header}\n1,Un,Signé,"1 000,50",30/06/2026,15/01/2026\n')
    assert report.files[0].crm == "HubSpot"
    assert deals("unmapped") == [("Un", Decimal("1000.50"))]
    assert "no_status" in findings()
