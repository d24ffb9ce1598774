"""What words, values and currencies mean: decided on a page, laid over the raw rows, seen in the numbers."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from base.words import Word, decide, undo
from ingest import Options, import_exports, is_stale, rebuild
from queries import run
from tests.conftest import EXAMPLES, PROJECT, forget_caches

DEALS = """
name = "deals"
[[objects]]
name = "Deals"
needs = ["Deal"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = "Deal"
name = "Title"
stage = "Stage"
status = "Status"
amount = "Amount"
currency = "Currency"
close_date = "Close"
created = "Created"
owner = "Owner"
account = "Account"
source = "Source"
product = "Product"
region = "Region"
forecast_category = "Forecast"
[[objects]]
name = "Lines"
needs = ["Item"]
[[objects.into]]
table = "line_item"
[objects.into.fields]
line_item_id = "Item"
opportunity = "Of"
total = "Total"
[[objects]]
name = "People"
needs = ["Rep"]
[[objects.into]]
table = "rep"
[objects.into.fields]
rep_id = "Rep"
name = "Rep"
team = "Team"
[[objects]]
name = "Leads"
needs = ["Lead"]
[[objects.into]]
table = "lead"
[objects.into.fields]
lead_id = "Lead"
created = "Created"
status = "State"
source = "Source"
converted_opportunity = "Became"
"""

Import = Callable[..., None]


@pytest.fixture
def imported(tmp_path: Path, home: Path) -> Import:
    """Return a function that imports small sheets through one mapping."""
    mapping = tmp_path / "deals.toml"
    mapping.write_text(DEALS)

    def bring(snapshot: str = "2026-06-30 12:00", **sheets: str) -> None:
        paths = []
        for name, text in sheets.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text)
            paths.append(path)
        moment = datetime.fromisoformat(snapshot)
        import_exports(paths, Options(mapping=mapping, snapshot_at=moment))
        forget_caches()

    return bring


def decided(*words: Word, by: str = "Ann") -> None:
    """Decide, find the warehouse stale, and rebuild it."""
    decide(words, by)
    assert is_stale()
    rebuild(only_if_stale=True)
    forget_caches()
    assert not is_stale()


def left_out(of: str, **params: Any) -> list[tuple[Any, ...]]:
    return run("left_out", {"of": of, **params}).rows()


class TestStages:
    """Won, lost, open."""

    def test_a_status_comes_before_the_stage_that_a_won_deal_keeps(self, imported: Import) -> None:
        imported(
            deals="Deal,Stage,Status,Amount,Close\n1,Negotiation,won,10,2026-05-01\n2,Negotiation,lost,20,2026-05-01\n"
            "3,Negotiation,open,30,2026-09-01\n"
        )
        decided(Word("stage", "Negotiation", "open", "deals"))
        assert run("win_rate").select("won", "lost", "undecided").row(0) == (1, 1, 0)
        assert run("pipeline_records", {"kind": "open"})["record_id"].to_list() == ["3"]

    def test_a_status_in_another_language_comes_before_the_stage_too(self, imported: Import) -> None:
        imported(deals="Deal,Stage,Status,Amount,Close\n1,Verhandlung,Gewonnen,10,2026-05-01\n")
        assert left_out("deals") == [("unmapped", "Verhandlung", 1, None)]
        decided(Word("stage", "Verhandlung", "open", "deals"), Word("stage", "Gewonnen", "won", "deals"))
        assert run("win_rate").select("won", "undecided").row(0) == (1, 0)

    def test_an_unknown_stage_is_listed_counted_mapped_and_undone(self, imported: Import) -> None:
        imported(
            deals="Deal,Stage,Amount,Close,Region\n1,Signé,10,2026-05-01,West\n2,Signé,20,2026-05-02,East\n"
            "3,Démo,5,,West\n4,,5,2026-05-03,West\n"
        )
        unknown = run("word_meanings").filter(pl.col("meaning").is_null())
        assert unknown.select("word", "crm", "unmapped_records").rows() == [("Signé", "deals", 2), ("Démo", "deals", 1)]
        quarter = {"period": "2026-Q2"}
        everything = [
            ("unmapped", "Signé", 2, None),
            ("unmapped", "(no stage)", 1, None),
            ("unmapped", "Démo", 1, None),
        ]
        for of in ("pipeline", "deals"):
            assert left_out(of, **quarter) == everything
        assert run("funnel_coverage", quarter)["unmapped_count"][0] == 4
        assert run("win_rate", quarter)["undecided"].sum() == 4
        assert run("outcome_records", {**quarter, "outcome": "unmapped"}).height == 4
        assert run("left_out_records", {**quarter, "of": "deals", "reason": "unmapped"}).height == 4
        assert run("left_out_records", {**quarter, "of": "deals", "region": ["East"]})["record_id"].to_list() == ["2"]
        decided(Word("stage", "signé", "won", "deals"), Word("stage", "Démo", "open"))
        assert run("win_rate", quarter).select("won", "won_amount", "undecided").row(0) == (2, 30, 1)
        assert left_out("deals", **quarter) == [("unmapped", "(no stage)", 1, None)]
        said = run("word_meanings").filter(pl.col("word") == "Signé").row(0, named=True)
        assert (said["meaning"], said["origin"]) == ("won", "decided on a page")
        undo(1, "Bo")
        rebuild(only_if_stale=True)
        forget_caches()
        assert run("win_rate", quarter)["undecided"].sum() == 3

    def test_a_decision_for_one_crm_leaves_another_alone(self, imported: Import, tmp_path: Path) -> None:
        imported(deals="Deal,Stage,Amount,Close\n1,Fertig,10,2026-05-01\n")
        path = tmp_path / "hubspot.csv"
        path.write_text("Record ID,Deal Name,Deal Stage,Amount,Close Date\n9,A,Fertig,10,2026-05-01\n")
        import_exports([path])
        forget_caches()
        decided(Word("stage", "Fertig", "won", "deals"))
        assert run("win_rate").select("won", "undecided").row(0) == (1, 1)
        decided(Word("stage", "Fertig", "lost"))  # of all CRMs: the one that was named keeps its own
        assert run("win_rate").select("won", "lost", "undecided").row(0) == (1, 1, 0)

    def test_flags_of_the_crm_come_before_any_decision(self, home: Path, tmp_path: Path) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text(
            "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp\n"
            "006000000000001AAA,A,Weird,10,2026-05-01,1,1,2026-01-05T15:00:00.000Z,2026-05-01T15:00:00.000Z\n"
        )
        import_exports([path])
        decided(Word("stage", "Weird", "open", "salesforce"))
        assert run("win_rate")["won"][0] == 1
        assert run("word_meanings").select("meaning", "origin").row(0) == ("won", "flags of the CRM")

    def test_a_lead_status_that_nobody_knows_is_counted_and_decided(self, imported: Import) -> None:
        imported(leads="Lead,Created,State\n1,2026-05-01,Quente\n2,2026-05-02,Quente\n3,2026-05-03,\n")
        assert left_out("leads", period="2026-Q2") == [("unknown_lead_status", "Quente", 2, None)]
        assert left_out("leads", period="2026-Q1") == []
        assert run("left_out_records", {"of": "leads"}).height == 2
        assert run("import_findings").select("finding", "records").rows() == [("unknown_lead_status", 2)]
        decided(Word("lead_status", "quente", "mql", "deals"))
        assert left_out("leads", period="2026-Q2") == []
        assert run("import_findings").is_empty()

    def test_leads_say_which_of_their_deals_are_left_out(self, imported: Import) -> None:
        imported(
            leads="Lead,Created,Became\n1,2026-05-01,D1\n2,2026-05-02,D2\n",
            deals="Deal,Stage,Amount,Close,Currency,Status\nD1,Signé,10,2026-05-20,USD,\nD2,X,10,2026-05-20,SEK,won\n",
        )
        assert left_out("leads", period="2026-Q2") == [("no_rate", "SEK", 1, 10.0), ("unmapped", "Signé", 1, None)]


class TestValues:
    """One thing under several names."""

    def test_suggestions_wait_for_a_person(self, imported: Import) -> None:
        deals = "Deal,Status,Amount,Close,Product,Region,Source\n" + "".join(
            f"{number},won,10,2026-05-01,{product},{region},{source}\n"
            for number, (product, region, source) in enumerate(
                [("GTX Pro", "North", "google")] * 6
                + [("GTXPro", "north", "Google"), ("gtx-pro", "Norht", "Select"), ("GTX Pro 2", "-", "n.a.")]
            )
        )
        imported(deals=deals)
        found = {
            (row["field"], row["theirs"]): (row["ours"], row["reason"], row["records"])
            for row in run("value_suggestions").iter_rows(named=True)
        }
        assert found == {
            ("product", "GTXPro"): ("GTX Pro", "the same but for blanks and signs", 1),
            ("product", "gtx-pro"): ("GTX Pro", "the same but for blanks and signs", 1),
            ("region", "north"): ("North", "the same but for capitals", 1),
            ("region", "-"): (None, "a word for nothing", 1),
            ("source", "Select"): (None, "a word for nothing", 1),
            ("source", "n.a."): (None, "a word for nothing", 1),
            ("source", "Google"): ("google", "the same but for capitals (counted as one already)", 1),
        }
        assert run("finding_records", {"finding": "values_alike"}).height == 6
        # Nothing is changed by a suggestion.
        assert run("win_rate", {"dimension": "product"}).height == 4

    def test_a_close_typo_is_suggested_and_another_number_is_not(self, imported: Import) -> None:
        names = ["Northwind"] * 6 + ["Northwnid", "Northwind 2"] + ["Plan 10000"] * 6 + ["Plan 10001"]
        imported(deals="Deal,Product\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names)))
        assert run("value_suggestions").select("theirs", "ours", "reason").rows() == [
            ("Northwnid", "Northwind", "one letter apart")
        ]

    def test_an_accepted_value_is_shown_and_the_exported_one_stays_visible(self, imported: Import) -> None:
        imported(
            deals="Deal,Status,Amount,Close,Product,Source\n1,won,10,2026-05-01,GTXPro,Select\n2,won,5,2026-05-01,GTX Pro,\n"
        )
        decided(
            Word("value", "GTXPro", "GTX Pro", field="product"),
            Word("value", "select", "", field="source"),
        )
        assert run("win_rate", {"dimension": "product"}).select("dimension_value", "won_amount").rows() == [
            ("GTX Pro", 15)
        ]
        assert run("win_rate", {"dimension": "source"})["dimension_value"].to_list() == [None]
        records = dict(run("outcome_records").select("record_id", "as_exported").rows())
        assert records == {"1": "product GTXPro, source Select", "2": None}
        assert run("value_names").rows() == [("product", "gtxpro", "GTX Pro", 1), ("source", "select", None, 1)]
        assert run("value_suggestions").is_empty()

    def test_a_refused_suggestion_is_no_finding_any_more(self, imported: Import) -> None:
        imported(deals="Deal,Product\n1,GTXPro\n2,GTX Pro\n3,GTX Pro\n")
        assert run("import_findings")["finding"].to_list().count("values_alike") == 1
        decide([Word("refused", "GTXPro", "GTX Pro", field="product")], "Ann")
        assert not is_stale()  # no number changes
        rebuild()
        forget_caches()
        assert run("value_suggestions").is_empty()
        assert "values_alike" not in run("import_findings")["finding"].to_list()

    def test_an_owner_under_another_name_gets_that_reps_team(self, imported: Import) -> None:
        imported(
            deals="Deal,Status,Amount,Close,Owner\n1,won,10,2026-05-01,A. Lee\n2,won,5,2026-05-01,Ann Lee\n",
            people="Rep,Team\nAnn Lee,East\n",
        )
        assert run("import_findings")["finding"].to_list() == ["owner_no_rep"]
        decided(Word("value", "a. lee", "Ann Lee", field="owner"))
        assert run("win_rate", {"dimension": "team"}).select("dimension_value", "won").rows() == [("East", 2)]
        assert run("import_findings").is_empty()

    def test_an_account_under_another_name_is_that_account(self, imported: Import) -> None:
        imported(
            deals="Deal,Title,Status,Amount,Close,Account\n1,A,won,10,2026-05-01,ACME inc\n2,A,won,10,2026-05-01,Acme Inc.\n"
        )
        assert run("value_suggestions").select("field", "reason").rows() == [
            ("account", "the same but for blanks and signs")
        ]
        decided(Word("value", "ACME inc", "Acme Inc.", field="account"))
        assert run("outcome_records")["account"].unique().to_list() == ["Acme Inc."]
        assert run("import_findings")["finding"].to_list() == ["twin_deal"]  # and now they look like one deal

    def test_maven_rows_join_their_product_by_an_accepted_suggestion(
        self, real_exports: Path, home: Path, tmp_path: Path
    ) -> None:
        mapping = (EXAMPLES / "maven_crm.toml").read_text(encoding="utf-8")
        plain = mapping.replace('{ column = "product", map = { "GTXPro" = "GTX Pro" } }', '"product"')
        assert plain != mapping
        (tmp_path / "maven.toml").write_text(plain, encoding="utf-8")
        import_exports([real_exports / "maven_crm"], Options(mapping=tmp_path / "maven.toml"))
        row = run("value_suggestions").row(0, named=True)
        assert (row["field"], row["theirs"], row["ours"], row["records"]) == ("product", "GTXPro", "GTX Pro", 1480)
        before = {
            r["dimension_value"]: r["won"] for r in run("win_rate", {"dimension": "product"}).iter_rows(named=True)
        }
        decided(Word("value", row["theirs"], row["ours"], field=row["field"]))
        after = {
            r["dimension_value"]: r["won"] for r in run("win_rate", {"dimension": "product"}).iter_rows(named=True)
        }
        assert after["GTX Pro"] == before["GTXPro"]
        assert "GTXPro" not in after
        assert sum(after.values()) == 4238
        assert run("value_names").rows() == [("product", "gtxpro", "GTX Pro", 1480)]
        everything = [run("pipeline_records", {"kind": "open"}), run("outcome_records")]
        assert sum((frame["as_exported"] == "product GTXPro").sum() for frame in everything) == 1480
        assert run("finding_records", {"finding": "no_account"}).height == 1425


class TestCurrencies:
    """What a currency is worth, and from when."""

    DEALS = (
        "Deal,Status,Amount,Currency,Close\n1,won,100,EUR,2025-12-31\n2,won,100,eur,2026-01-01\n3,won,100,EUR,2026-04-15\n"
        "4,won,100,SEK,2026-04-15\n5,won,100,USD,2026-04-15\n6,won,7,,2026-04-15\n"
    )

    def amounts(self) -> dict[str, Decimal | None]:
        return dict(run("outcome_records", {"outcome": "won"}).select("record_id", "amount_base").rows())

    def test_a_rate_holds_by_the_quarter_in_which_a_deal_closes(self, imported: Import) -> None:
        imported(deals=self.DEALS)
        text = "currency,valid_from,rate\nEUR,2026-01-01,1.10\nEUR,2026-04-02,1.20\nSEK,2026-04-01,0.10\n"
        self.bring_rates(text)
        # From 2 April on: that is after the quarter began, so it holds from July.
        assert self.amounts() == {
            "1": Decimal("108.00"),  # the undated rate of settings.toml, until the first dated one
            "2": Decimal("110.00"),
            "3": Decimal("110.00"),
            "4": Decimal("10.00"),
            "5": Decimal("100.00"),
            "6": Decimal("7.00"),  # no currency: the company's
        }
        rates = run("currencies").filter(pl.col("currency") == "EUR")
        assert rates.select("valid_from", "rate", "deals").rows() == [
            (None, Decimal("1.080000"), 1),
            (date(2026, 1, 1), Decimal("1.100000"), 2),
            (date(2026, 7, 1), Decimal("1.200000"), None),
        ]

    def bring_rates(self, text: str) -> None:
        from base.home import home  # noqa: PLC0415

        path = home() / "rates.csv"
        path.write_text(text)
        report = import_exports([path])
        assert [file.object for file in report.files] == ["Currency rates"]
        forget_caches()

    def test_a_currency_without_a_rate_is_named_wherever_it_is_left_out(self, imported: Import) -> None:
        imported(deals=self.DEALS)
        quarter = {"period": "2026-Q2"}
        assert run("win_rate", quarter).select("won", "won_amount").row(0) == (4, 215)
        for of in ("pipeline", "deals"):
            assert left_out(of, **quarter) == [("no_rate", "SEK", 1, 100.0)]
        assert left_out("deals", period="2025-Q4") == []
        assert run("left_out_records", {**quarter, "reason": "no_rate"})["record_id"].to_list() == ["4"]
        assert run("currencies").filter(pl.col("rate").is_null()).select("currency", "deals", "amount").rows() == [
            ("SEK", 1, 100.0)
        ]
        assert "no_rate" in run("import_findings")["finding"].to_list()
        decided(Word("rate", "sek", "0.1", valid_from=date(2026, 1, 1)))
        assert left_out("deals", **quarter) == []
        assert run("win_rate", quarter)["won_amount"][0] == 225

    def test_a_rate_decided_on_a_page_comes_before_an_imported_one(self, imported: Import) -> None:
        imported(deals=self.DEALS)
        self.bring_rates("currency,valid_from,rate\nSEK,2026-04-01,0.10\nUSD,2026-04-01,3\n")
        assert self.amounts()["4"] == 10
        decided(Word("rate", "SEK", "0.2", valid_from=date(2026, 4, 1)))
        assert self.amounts()["4"] == 20
        assert self.amounts()["5"] == 100  # the company's own currency is worth itself

    def test_dated_rates_in_the_settings_and_a_fiscal_year_that_begins_in_february(
        self, imported: Import, home: Path
    ) -> None:
        text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
        text = text.replace("EUR = 1.08", "EUR = [{ from = 2025-11-01, rate = 1.5 }, { from = 2026-01-15, rate = 2 }]")
        (home / "settings.toml").write_text(
            text.replace("fiscal_year_start_month = 1", "fiscal_year_start_month = 2"), encoding="utf-8"
        )
        imported(deals=self.DEALS + "7,won,100,EUR,2025-10-31\n")
        found = self.amounts()
        # Quarters begin in November, February, May: the second rate holds from February.
        assert (found["7"], found["1"], found["2"], found["3"]) == (None, 150, 150, 200)

    def test_a_currency_by_its_name_is_mapped_like_any_value(self, imported: Import) -> None:
        imported(deals="Deal,Status,Amount,Currency,Close\n1,won,100,Euro,2026-04-15\n")
        assert left_out("deals") == [("no_rate", "EURO", 1, 100.0)]
        decided(Word("value", "Euro", "EUR", field="currency"))
        assert self.amounts() == {"1": 108}


class TestFindings:
    """Each kind of oddity is found, with its records, and with what it does to the numbers."""

    @pytest.mark.parametrize(
        ("finding", "sheets", "records"),
        [
            (
                "status_against_forecast",
                {
                    "deals": "Deal,Status,Amount,Close,Forecast\n1,open,1,2026-07-01,Closed\n2,won,1,2026-05-01,Omitted\n"
                    "3,lost,1,2026-05-01,Closed\n4,won,1,2026-05-01,Closed\n5,open,1,2026-07-01,Commit\n"
                },
                {"1", "2", "3"},
            ),
            (
                "repeated_total",
                {
                    "deals": "Deal,Status,Amount,Close\n1,won,90,2026-05-01\n2,won,90,2026-05-01\n3,won,90,2026-05-01\n",
                    "lines": "Item,Of,Total\na,1,90\nb,1,90\nc,1,90\nd,2,40\ne,2,50\nf,3,90\n",
                },
                {"1"},
            ),
            (
                "created_in_future",
                {
                    "deals": "Deal,Status,Amount,Created,Close\n1,open,1,2026-08-01,2026-09-01\n2,open,1,2026-06-30,2026-09-01\n"
                },
                {"1"},
            ),
            ("lead_in_future", {"leads": "Lead,Created\n1,2026-07-02\n2,2026-06-29\n"}, {"1"}),
            (
                "closed_in_future",
                {"deals": "Deal,Status,Amount,Close\n1,won,1,2026-07-01\n2,open,1,2026-07-01\n3,won,1,2026-06-30\n"},
                {"1"},
            ),
            (
                "owner_no_rep",
                {
                    "deals": "Deal,Status,Amount,Close,Owner\n1,won,1,2026-05-01,Queue\n2,won,1,2026-05-01,Ann\n",
                    "people": "Rep,Team\nAnn,East\n",
                },
                {"1"},
            ),
            (
                "no_account",
                {"deals": "Deal,Status,Amount,Close,Account\n1,won,1,2026-05-01,\n2,won,1,2026-05-01,Acme\n"},
                {"1"},
            ),
            (
                "twin_deal",
                {
                    "deals": "Deal,Title,Status,Amount,Close,Account\n1,Renewal,won,9,2026-05-01,Acme\n"
                    "2,renewal ,won,9,2026-05-02,Acme\n3,Renewal,won,8,2026-05-01,Acme\n4,Renewal,won,9,2026-05-01,Bolt\n"
                },
                {"1", "2"},
            ),
            (
                "closed_before_created",
                {
                    "deals": "Deal,Status,Amount,Created,Close\n1,won,1,2026-05-02,2026-05-01\n2,won,1,2026-05-01,2026-05-01\n"
                },
                {"1"},
            ),
        ],
    )
    def test_found(self, imported: Import, finding: str, sheets: dict[str, str], records: set[str]) -> None:
        imported(**sheets)
        row = run("import_findings").filter(pl.col("finding") == finding).row(0, named=True)
        assert row["records"] == len(records)
        assert row["title"]
        assert len(row["effect"]) > 20
        opened = run("finding_records", {"finding": finding})
        assert {record.split(":", maxsplit=1)[1] for record in opened["record_id"]} == records
        assert opened["line"].min() >= 2

    def test_a_total_on_every_row_of_a_deal_counts_once(self, imported: Import) -> None:
        imported(deals="Deal,Status,Amount,Close,Product\n1,won,90,2026-05-01,A\n1,won,90,2026-05-01,B\n")
        assert run("win_rate").select("won", "won_amount").row(0) == (1, 90)
        opened = run("finding_records", {"finding": "repeated_row"})
        assert opened.select("file", "line").rows() == [("deals.csv", 2)]

    def test_what_no_export_of_the_crm_names_is_no_finding(self, imported: Import) -> None:
        imported(deals="Deal,Status,Amount,Close,Owner\n1,won,1,2026-05-01,Ann\n")
        assert run("import_findings").is_empty()

    def test_moves_back_are_judged_by_the_order_of_most_deals(self, home: Path, tmp_path: Path) -> None:
        (tmp_path / "Opportunity.csv").write_text(
            "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp\n"
            + "".join(
                f"00600000000000{n}AAA,D{n},Needs Analysis,10,2026-09-01,0,0,2026-01-0{n}T10:00:00Z,2026-05-01T10:00:00Z\n"
                for n in range(1, 6)
            )
        )
        moves = [(n, stage) for n in range(1, 5) for stage in ("Prospecting", "Qualification", "Needs Analysis")]
        moves += [(5, stage) for stage in ("Qualification", "Needs Analysis") * 2]  # 5 went back once, and on again
        (tmp_path / "OpportunityHistory.csv").write_text(
            "Id,OpportunityId,StageName,Amount,CloseDate,CreatedDate\n"
            + "".join(
                f"0080000000000{place:02d}AAA,00600000000000{n}AAA,{stage},10,2026-09-01,2026-02-{place + 1:02d}T10:00:00.000Z\n"
                for place, (n, stage) in enumerate(moves)
            )
        )
        import_exports([tmp_path / "Opportunity.csv", tmp_path / "OpportunityHistory.csv"])
        opened = run("finding_records", {"finding": "stage_backward"})
        assert opened["what"].to_list() == ["D5"]
        assert opened["detail"][0].startswith("from Needs Analysis back to Qualification on 2026-02-")

    def test_every_kind_of_finding_has_its_words(self) -> None:
        text = (PROJECT / "ingest" / "build" / "94_finding.sql").read_text(encoding="utf-8")
        rows, words = text.split("create or replace table crm.finding as")
        kinds = set(pl.Series([rows]).str.extract_all(r"select '([a-z_]+)'")[0].str.extract("'([a-z_]+)'"))
        assert len(kinds) > 20
        for kind in kinds:
            assert f"('{kind}'," in words


def test_decisions_need_no_export(imported: Import, home: Path, tmp_path: Path) -> None:
    imported(deals="Deal,Stage,Amount,Close\n1,Signé,10,2026-05-01\n")
    for path in tmp_path.glob("*.csv"):
        path.unlink()
    shutil.rmtree(home / "import", ignore_errors=True)
    decided(Word("stage", "Signé", "won"))
    assert run("win_rate")["won"][0] == 1
