"""Exports of each CRM, read to the canonical tables: what each CRM's own words mean."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from base.pointer import read_pointer
from ingest import import_exports
from queries import run
from tests.conftest import Little
from tests.little import campaign, deal, lead, member

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes an export: its name, its header, its rows."""

    def _write(name: str, *lines: str) -> Path:
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return _write


def ask(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Return rows of the warehouse that is in force."""
    pointer = read_pointer()
    assert pointer is not None
    with duckdb.connect(str(pointer.path), read_only=True) as connection:
        return connection.execute(sql, list(parameters)).fetchall()


def states(record_id: str) -> list[tuple[Any, ...]]:
    """Return a deal's states, oldest first: day, stage, amount, close date, status, and how each is known."""
    return ask(
        """
        select valid_from_date, stage, amount, close_date, status, stage_from, amount_from, close_date_from
        from crm.opportunity_state where opportunity_id = ? order by valid_from
        """,
        record_id,
    )


DEALS = (
    "Id,Name,StageName,Amount,CloseDate,OwnerId,IsClosed,IsWon,CreatedDate,SystemModstamp",
    (
        "006000000000001AAA,New deal,Proposal,300,2026-09-30,005000000000002AAA,false,false,"
        "2026-02-01T15:00:00.000Z,2026-06-01T15:00:00.000Z"
    ),
    (
        "006000000000002AAA,Old deal,Proposal,50,2026-08-31,005000000000001AAA,false,false,"
        "2025-01-01T15:00:00.000Z,2026-06-01T15:00:00.000Z"
    ),
)
FIELD_HISTORY_HEADER = "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById,IsDeleted,DataType"
FIELD_HISTORY = (
    "017000000000001AAA,006000000000002AAA,StageName,Discovery,Proposal,2026-01-20T15:00:00.000Z,005,false,Text",
    "017000000000002AAA,006000000000001AAA,created,,,2026-02-01T15:00:00.000Z,005,false,Text",
    "017000000000003AAA,006000000000001AAA,StageName,Qualification,Demo,2026-03-01T15:00:00.000Z,005,false,Text",
    "017000000000004AAA,006000000000001AAA,Amount,100.0,200.0,2026-03-01T15:00:00.000Z,005,false,Double",
    "017000000000005AAA,006000000000001AAA,CloseDate,2026-06-30,2026-09-30,2026-04-01T15:00:00.000Z,005,false,Date",
    "017000000000006AAA,006000000000001AAA,StageName,Demo,Proposal,2026-05-01T15:00:00.000Z,005,false,Text",
    "017000000000007AAA,006000000000001AAA,Amount,200.0,,2026-05-10T15:00:00.000Z,005,false,Double",
    "017000000000008AAA,006000000000001AAA,Amount,,300.0,2026-05-20T15:00:00.000Z,005,false,Double",
    "017000000000009AAA,006000000000001AAA,Owner,Ann,Bob,2026-05-20T15:00:00.000Z,005,false,EntityId",
    "017000000000010AAA,006000000000001AAA,Owner,005000000000001AAA,005000000000002AAA,2026-05-20T15:00:00.000Z,005,false,EntityId",
    "017000000000011AAA,006000000000001AAA,NextStep,a,b,2026-05-21T15:00:00.000Z,005,false,Text",
)


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_salesforce_field_history_changes_only_the_field_it_names(write: Write, is_newest_first: bool) -> None:
    rows = FIELD_HISTORY[::-1] if is_newest_first else FIELD_HISTORY
    report = import_exports([write("Opportunity", *DEALS), write("History", FIELD_HISTORY_HEADER, *rows)])
    history = next(file for file in report.files if file.object == "OpportunityFieldHistory")
    assert (history.rows_read, history.loaded, history.rejected) == (11, 9, 0)
    assert history.skipped == {"not asked for: Field is something else": 2}
    before, after = date(2026, 6, 30), date(2026, 9, 30)
    known = ("history", "history", "history")
    assert states("salesforce:006000000000001") == [
        (date(2026, 2, 1), "Qualification", 100, before, "open", *known),  # what it was before its first changes
        (date(2026, 3, 1), "Demo", 200, before, None, *known),  # two fields at one moment
        (date(2026, 4, 1), "Demo", 200, after, None, *known),
        (date(2026, 5, 1), "Proposal", 200, after, "open", *known),  # told by the flags of today
        (date(2026, 5, 10), "Proposal", None, after, "open", *known),  # emptied, and said to be
        (date(2026, 5, 20), "Proposal", 300, after, "open", *known),
    ]
    owners = ask(
        "select owner_id, min(valid_from_date) from crm.opportunity_state where opportunity_id like '%1' group by all "
        "order by 2"
    )
    assert owners == [
        ("salesforce:005000000000001", date(2026, 2, 1)),
        ("salesforce:005000000000002", date(2026, 5, 20)),
    ]


def test_what_was_before_a_history_began_is_assumed(write: Write) -> None:
    import_exports([write("Opportunity", *DEALS), write("History", FIELD_HISTORY_HEADER, *FIELD_HISTORY)])
    first, second = states("salesforce:006000000000002")[:2]
    # The deal is older than the history: Discovery is what it was last before 20 January, not surely since 2025.
    assert (first[0], first[1], first[5]) == (date(2025, 1, 1), "Discovery", "assumed")
    assert (second[0], second[1], second[5]) == (date(2026, 1, 20), "Proposal", "history")
    assert second[2] == 50  # no word on the amount: as the export sees it, never empty


def test_a_whole_history_still_says_that_a_field_was_empty(write: Write) -> None:
    import_exports(
        [
            write("Opportunity", *DEALS),
            write(
                "OpportunityHistory",
                "Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate",
                "008000000000001AAA,006000000000001AAA,2026-02-01T15:00:00.000Z,Qualification,,2026-06-30",
                "008000000000002AAA,006000000000001AAA,2026-03-01T15:00:00.000Z,Demo,200,2026-06-30",
            ),
        ]
    )
    assert [(row[1], row[2]) for row in states("salesforce:006000000000001")][:2] == [
        ("Qualification", None),
        ("Demo", 200),
    ]


REPORT = (
    (
        "Opportunity Name,Account Name,Stage,Amount (converted) Currency,Amount (converted),"
        "Close Date,Created Date,Opportunity Owner,Closed,Won"
    ),
    'Telecommunications,Internationalizatio,Proposal,EUR,"1,250.50",12/31/2026,01/15/2026,Ann Lee,0,0',
    "Telecommunications,Other,Closed Won,EUR,900.00,03/13/2026,01/15/2026,Ann Lee,1,1",
    "Renewal 2026,,Lost in June,EUR,100.00,06/13/2026,01/15/2026,-,1,0",
)


def test_salesforce_report_without_ids_is_joined_by_names(write: Write) -> None:
    report = import_exports([write("report", *REPORT)])
    assert [(file.object, file.loaded) for file in report.files] == [("Opportunity report", 3)]
    found = ask(
        """
        select o.record_id, o.name, o.account, o.currency, s.amount, s.status, s.owner
        from crm.opportunity o join crm.opportunity_state s using (opportunity_id)
        where s.valid_to is null order by o.record_id
        """
    )
    assert found == [
        ("Renewal 2026", "Renewal 2026", None, "EUR", 100, "lost", None),
        # A name of eighteen letters is not an id of eighteen characters.
        (
            "Telecommunications / Internationalizatio",
            "Telecommunications",
            "Internationalizatio",
            "EUR",
            Decimal("1250.50"),
            "open",
            "Ann Lee",
        ),
        ("Telecommunications / Other", "Telecommunications", "Other", "EUR", 900, "won", "Ann Lee"),
    ]


def test_salesforce_report_with_ids_and_the_api_export_are_the_same_deals(write: Write) -> None:
    import_exports([write("Opportunity", *DEALS)])
    report = write(
        "report",
        "Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Amount",
        "006000000000001,New deal,Acme,Demo,30/09/2026,300",
    )
    import_exports([report])
    assert ask("select count(*) from crm.opportunity") == [(2,)]


def test_salesforce_products_report_adds_up_to_the_deal(write: Write) -> None:
    report = import_exports(
        [
            write(
                "products",
                "Account Name,Opportunity Name,Opportunity Owner,Close Date,Stage,Product Name,Total Price (converted),Quantity",
                "Acme,Big deal,Ann,2026-12-31,Proposal,Widget,100.00,2",
                "Acme,Big deal,Ann,2026-12-31,Proposal,Widget,100.00,2",
                "Acme,Big deal,Ann,2026-12-31,Proposal,Gadget,50.50,1",
                "Bolt,Small deal,Ann,2026-11-30,Proposal,Gadget,1.00,1",
            )
        ]
    )
    assert [(file.object, file.rows_read, file.loaded) for file in report.files] == [
        ("Opportunity with products report", 4, 4)
    ]
    found = ask("select opportunity_id, amount from crm.opportunity_state where valid_to is null order by 1")
    assert found == [("salesforce:Big deal / Acme", Decimal("250.50")), ("salesforce:Small deal / Bolt", 1)]


def test_salesforce_stage_report_says_what_the_stage_was_before(write: Write) -> None:
    deals = write(
        "deals",
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date,Last Modified Date",
        "006000000000001,New deal,Acme,Proposal,300,2026-09-30,2026-02-20,2026-06-01",
    )
    stages = write(
        "stages",
        "Opportunity ID,Opportunity Name,Account Name,From Stage,To Stage,Last Modified",
        "006000000000001,New deal,Acme,Demo,Proposal,2026-05-01",
        "006000000000001,New deal,Acme,Qualification,Demo,2026-03-01",
        "006000000000009,Other deal,Acme,,Qualification,2026-01-01",
    )
    report = import_exports([deals, stages])
    assert {file.object for file in report.files} == {"Opportunity report", "Opportunity history report"}
    assert [(row[0], row[1], row[2]) for row in states("salesforce:006000000000001")][:3] == [
        (date(2026, 2, 20), "Qualification", 300),
        (date(2026, 3, 1), "Demo", 300),
        (date(2026, 5, 1), "Proposal", 300),
    ]


def test_salesforce_field_history_report(write: Write) -> None:
    deals = write(
        "deals",
        "Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date,Last Modified Date",
        "New deal,Acme,Proposal,300,2026-09-30,2026-02-20,2026-06-01",
    )
    changes = write(
        "changes",
        "Opportunity Name,Account Name,Field / Event,Old Value,New Value,Edit Date,Edited By",
        "New deal,Acme,Created.,,,2026-02-20,Ann",
        "New deal,Acme,Stage,Demo,Proposal,2026-05-01,Ann",
        "New deal,Acme,Amount,100,300,2026-05-01,Ann",
    )
    import_exports([deals, changes])
    assert [row[:3] for row in states("salesforce:New deal / Acme")][:2] == [
        (date(2026, 2, 20), "Demo", 100),
        (date(2026, 5, 1), "Proposal", 300),
    ]


def test_salesforce_fragments_are_known_and_say_what_to_add(write: Write) -> None:
    report = import_exports(
        [
            write("deals", *DEALS),
            write("amounts", "Amount Currency,Amount,Amount (converted) Currency,Amount (converted)", "EUR,1,USD,2"),
            write("quota", "Id,CompositeKeyId,CurrencyIsoCode,QuotaAmount,CreatedDate", "1,a,USD,100,2026-01-01"),
        ]
    )
    reasons = {file.object: list(file.skipped) for file in report.files if file.skipped}
    assert "add Opportunity ID" in reasons["Opportunity report without a deal's name"][0]
    assert "add QuotaOwnerId and StartDate" in reasons["ForecastingQuota without owner or period"][0]
    assert ask("select count(*) from crm.quota") == [(0,)]


def test_hubspot_deals_in_french(write: Write) -> None:
    import_exports(
        [
            write(
                "transactions",
                "ID de fiche d'informations,Nom de la transaction,Phase de la transaction,Pipeline,Montant,"
                "Date de fermeture,Date de création,Nom de l'entreprise,Associated Contact IDs",
                '1,Grand compte,Fermé gagné,Ventes,"1 250,50",2026-03-31,2026-01-10,Société,11;12',
                "2,Petit compte,Fermé perdu,Ventes,10,2026-04-30,2026-01-10,Société,",
                "3,En cours,Contrat envoyé,Ventes,20,2026-12-31,2026-01-10,Société,",
            )
        ]
    )
    found = ask(
        "select o.name, o.account, o.contact_id, s.status, s.amount from crm.opportunity o "
        "join crm.opportunity_state s using (opportunity_id) where s.valid_to is null order by record_id"
    )
    assert found == [
        ("Grand compte", "Société", "hubspot:11", "won", Decimal("1250.50")),
        ("Petit compte", "Société", None, "lost", 10),
        ("En cours", "Société", None, "open", 20),
    ]


def test_hubspot_contacts_without_an_address(write: Write) -> None:
    report = import_exports(
        [
            write(
                "contacts",
                "Record ID,Lifecycle Stage,Contact owner,Create Date,Original Traffic Source,Associated Deal IDs,"
                "Became a Marketing Qualified Lead Date,Became a Sales Qualified Lead Date,Became an Opportunity Date",
                "1,Opportunity,Ann,2026-01-01,Organic Search,7;8,2026-01-05,2026-01-09,2026-01-20",
                "2,Subscriber,Ann,2026-01-01,Organic Search,,,,",
                "3,Lead,Ann,2026-01-02,Direct Traffic,,,,",
            ),
            write("deals", "Record ID,Deal Name,Deal Stage,Amount,Create Date", "7,First,contractsent,5,2026-01-20"),
        ]
    )
    assert {file.object: file.loaded for file in report.files} == {"Contacts": 3, "Deals": 1}
    found = ask("select record_id, mql_date, sql_date, opportunity_date, opportunity_id from crm.lead order by 1")
    assert found == [
        ("1", date(2026, 1, 5), date(2026, 1, 9), date(2026, 1, 20), "hubspot:7"),
        ("3", None, None, None, None),  # a subscriber is no lead
    ]


def test_hubspot_as_a_connector_writes_it(real_exports: Path) -> None:
    folder = real_exports / "fivetran_seeds" / "dbt_hubspot"
    names = ("deal", "contact", "company", "owner", "deal_contact", "deal_stage")
    report = import_exports([folder / f"{name}_data.csv" for name in names])
    assert {file.file.split("/")[-1].removesuffix("_data.csv"): file.object for file in report.files} == {
        "deal": "Deals",
        "contact": "Contacts of a connector",
        "company": "Companies of a connector",
        "owner": "Owners",
        "deal_contact": "Contacts of deals",
        "deal_stage": "Deal stages over time",
    }
    for file in report.files:
        assert file.loaded > 0
        assert file.rejected == 0


PIPEDRIVE = {
    "en": (
        (
            "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status,Deal - Deal created,"
            "Deal - Won time,Deal - Lost time,Deal - Deal closed on,Deal - Expected close date,Deal - Lost reason"
        ),
        ("Won", "Lost", "Open", "Deleted"),
    ),
    "de": (
        (
            "Deal - ID,Deal - Titel,Deal - Wert,Deal - Währung,Deal - Phase,Deal - Status,Deal - Deal erstellt,"
            "Deal - Datum des gewonnenen Deals,Deal - Datum des verlorenen Deals,Deal - Deal abgeschlossen am,"
            "Deal - Erwartetes Abschlussdatum,Deal - Verlustgrund"
        ),
        ("Gewonnen", "Verloren", "Offen", "Gelöscht"),
    ),
    "pt": (
        (
            "Negócio - ID,Negócio - Título,Negócio - Valor,Negócio - Moeda,Negócio - Etapa,Negócio - Status,"
            "Negócio - Negócio criado em,Negócio - Ganho em,Negócio - Data de perda,Negócio - Negócio fechado em,"
            "Negócio - Data de fechamento esperada,Negócio - Motivo da perda"
        ),
        ("Ganho", "Perdido", "Aberto", "Excluído"),
    ),
}


@pytest.mark.parametrize("language", PIPEDRIVE)
def test_pipedrive_status_decides_and_never_the_stage(write: Write, language: str) -> None:
    header, (won, lost, is_open, deleted) = PIPEDRIVE[language]
    import_exports(
        [
            write(
                "deals",
                header,
                # Each keeps the stage that it was last in; some are named like an outcome.
                f"1,A,100,EUR,Qualified,{won},2026-01-01 10:00,2026-02-01 10:00,,2026-02-01 10:00,2026-12-31,",
                f"2,B,100,EUR,Closed Won,{lost},2026-01-01 10:00,,2026-03-01 10:00,2026-03-01 10:00,2026-12-31,Price",
                f"3,C,100,EUR,Closed Lost,{is_open},2026-01-01 10:00,,,,2026-12-31,",
                f"4,D,100,EUR,Qualified,{deleted},2026-01-01 10:00,,,,2026-12-31,",
            )
        ]
    )
    found = ask(
        "select o.name, s.status, s.close_date, o.lost_reason from crm.opportunity o "
        "join crm.opportunity_state s using (opportunity_id) where s.valid_to is null order by 1"
    )
    assert found == [
        ("A", "won", date(2026, 2, 1), None),
        ("B", "lost", date(2026, 3, 1), "Price"),
        ("C", "open", date(2026, 12, 31), None),
        ("D", "deleted", date(2026, 12, 31), None),
    ]


def test_pipedrive_list_without_ids_and_organizations_by_name(write: Write) -> None:
    report = import_exports(
        [
            write(
                "deals",
                "Deal - Title,Deal - Organization,Deal - Value,Deal - Status,Deal - Stage,Deal - Owner,Deal - Update time",
                "A,Acme,10,Open,Demo,Ann,2026-05-01 10:00:00",
                "A,Bolt,20,Won,Demo,Ann,2026-05-01 10:00:00",
            ),
            write(
                "organizations",
                "Organization - ID,Organization - Name,Organization - Owner,Organization - Customer segment",
                "42,Acme,Ann,Large",
            ),
            write("people", "Person - ID,Person - Name,Person - Organization,Person - Owner", "7,Zoe,Acme,Ann"),
        ]
    )
    assert {file.object for file in report.files} == {"Deals", "Organizations", "People"}
    found = ask("select record_id, account_id, account, segment from crm.opportunity order by 1")
    assert found == [("A / Acme", "pipedrive:42", "Acme", "Large"), ("A / Bolt", "pipedrive:Bolt", "Bolt", None)]


def test_dynamics_status_decides_and_lost_deals_keep_their_estimate(write: Write) -> None:
    import_exports(
        [
            write(
                "opportunities",
                "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Created On,Topic,"
                "Potential Customer,Status,Status Reason,Pipeline Phase,Est. revenue,Actual Revenue,Est. close date,"
                "Actual Close Date",
                "a1,x,2026-06-01 10:00,2026-01-01 10:00,A,Acme,Won,Won,Develop,100.00,90.00,2026-03-31,2026-03-15",
                "a2,x,2026-06-01 10:00,2026-01-01 10:00,B,Acme,Lost,Out-Sold,Close,100.00,0.00,2026-03-31,2026-03-16",
                "a3,x,2026-06-01 10:00,2026-01-01 10:00,C,Acme,Open,In Progress,Close,100.00,,2026-12-31,",
            ),
            write(
                "leads",
                "(Do Not Modify) Lead,(Do Not Modify) Modified On,Created On,Subject,Email,Lead Source,Status",
                "b1,2026-06-01 10:00,2026-01-01 10:00,Hello,a@x.test,Web,Qualified",
            ),
        ]
    )
    found = ask(
        "select o.name, s.status, s.amount, s.close_date, o.lost_reason from crm.opportunity o "
        "join crm.opportunity_state s using (opportunity_id) where s.valid_to is null order by 1"
    )
    assert found == [
        ("A", "won", 90, date(2026, 3, 15), None),
        ("B", "lost", 100, date(2026, 3, 16), "Out-Sold"),
        ("C", "open", 100, date(2026, 12, 31), None),
    ]
    assert ask("select record_id, source, status from crm.lead") == [("b1", "Web", "Qualified")]


def test_dynamics_view_with_the_tables_name_before_each_column(write: Write) -> None:
    import_exports(
        [
            write(
                "view",
                "(Do Not Modify) Opportunity,Opportunity_Status Reason,Opportunity_Pipeline Phase,"
                "Opportunity_Est. revenue,Opportunity_Actual Revenue,Opportunity_Est. close date,Opportunity_Currency",
                "a1,Won,Close,100.00,90.00,2026-03-31,EUR",
                "a2,Canceled,Close,100.00,0.00,2026-03-31,EUR",
                "a3,In Progress,Close,100.00,,2026-12-31,EUR",
            )
        ]
    )
    found = ask("select opportunity_id, status, amount from crm.opportunity_state where valid_to is null order by 1")
    assert found == [("dynamics:a1", "won", 90), ("dynamics:a2", "lost", 100), ("dynamics:a3", "open", 100)]


def test_dynamics_by_the_names_of_its_api(write: Write) -> None:
    import_exports(
        [
            write(
                "opportunity",
                "opportunityid,name,statecode,estimatedvalue,actualvalue,estimatedclosedate,actualclosedate,createdon,modifiedon",
                "a1,A,1,100,90,2026-03-31,2026-03-15,2026-01-01T10:00:00Z,2026-06-01T10:00:00Z",
                "a2,B,2,100,0,2026-03-31,2026-03-16,2026-01-01T10:00:00Z,2026-06-01T10:00:00Z",
                "a3,C,0,100,,2026-12-31,,2026-01-01T10:00:00Z,2026-06-01T10:00:00Z",
            )
        ]
    )
    found = ask("select status, amount from crm.opportunity_state where valid_to is null order by opportunity_id")
    assert found == [("won", 90), ("lost", 100), ("open", 100)]


def test_zoho_deals_and_leads_by_their_pairs_of_key_and_name(write: Write) -> None:
    import_exports(
        [
            write(
                "deals",
                "Record Id,Deal Owner.id,Deal Owner,Deal Name,Amount,Stage,Closing Date,"
                "Account Name.id,Account Name,Created Time,Modified Time",
                "zcrm_55001,zcrm_900,Ann Lee,Big,100,Closed Won,2026-03-31,zcrm_700,Acme,2026-01-01 10:00:00,2026-04-01 10:00:00",
                "zcrm_55002,zcrm_900,Ann Lee,Small,10,Needs Analysis,2026-12-31,,,2026-01-01 10:00:00,2026-04-01 10:00:00",
            ),
            write(
                "leads",
                "Record Id,Lead Owner.id,Lead Owner,Is Converted,Email,Lead Source,Lead Status,"
                "Created Time,Converted Date Time,Converted Deal.id",
                "zcrm_11,zcrm_900,Ann Lee,true,a@x.test,Web,Converted,2025-12-01 10:00:00,2026-01-01 10:00:00,zcrm_55001",
                "zcrm_12,zcrm_901,Bob Ray,false,b@x.test,Web,Junk Lead,2025-12-01 10:00:00,,",
            ),
        ]
    )
    assert ask("select rep_id, name from crm.rep order by 1") == [("zoho:900", "Ann Lee"), ("zoho:901", "Bob Ray")]
    assert ask("select opportunity_id, lead_id, account from crm.opportunity order by 1") == [
        ("zoho:55001", "zoho:11", "Acme"),
        ("zoho:55002", None, None),
    ]
    assert run("win_rate")["won"][0] == 1


def test_a_mention_never_replaces_the_record_itself(write: Write) -> None:
    accounts = write(
        "accounts",
        "Record Id,Account Name,Account Owner,Industry,Billing Country,Modified Time",
        "zcrm_700,Acme,Ann Lee,Steel,Norway,2026-01-01 10:00:00",
    )
    deals = write(
        "deals",
        "Record Id,Deal Name,Stage,Account Name.id,Account Name,Created Time,Modified Time",
        "zcrm_1,Big,Qualification,zcrm_700,ACME (old name),2026-01-01 10:00:00,2026-04-01 10:00:00",
    )
    for path in (accounts, deals):  # the mention is the newer of the two
        import_exports([path])
    assert ask("select name, industry, country from crm.account") == [("Acme", "Steel", "Norway")]


@pytest.fixture
def zoho(real_exports: Path) -> dict[str, Any]:
    """Import Zoho's sample workspace and return its files' reports by name."""
    report = import_exports([real_exports / "zoho_analytics"])
    return {file.file.split("/")[-1].removesuffix(".csv"): file for file in report.files}


def test_zoho_sample_workspace(zoho: dict[str, Any]) -> None:
    assert {name: file.loaded for name, file in zoho.items()} == {
        "Accounts": 2229,
        "Calls": 4100,
        "Campaign_Lead_Status": 3900,
        "Campaigns": 110,
        "Contacts": 1265,
        "Events": 2978,
        "Leads": 3900,
        "Potentials": 3632,
        "Quotes": 0,
        "Tasks": 0,
        "Users": 11,
    }
    assert all(file.rejected == 0 and file.unreadable_cells == 0 for file in zoho.values())
    assert "has no key" in next(iter(zoho["Tasks"].skipped))
    row = run("lead_to_close").row(0, named=True)
    assert (row["leads"], row["opportunities"], row["won"]) == (3900, 3632, 1425)
    assert run("win_rate").select("won", "lost", "won_amount").row(0) == (1425, 485, Decimal("89066200.00"))
    assert run("pipeline_records", {"kind": "open"}).height == 1722
    assert ask("select count(*), sum(cost_base) from crm.campaign") == [(110, Decimal("44209580.00"))]
    assert ask("select count(*) from crm.rep") == [(11,)]
    assert ask("select count(*), count(*) filter (is_responded) from crm.touch") == [(3900, 470)]
    # The table names leads by their last names alone, which up to ten leads share, and no key: that is said.
    found = run("import_findings").filter(finding="touch_of_nobody")
    assert found["records"].to_list() == [3900]
    assert found["effect"].to_list() == [
        "they count as members of their campaign; what they answered brings credit to no lead and no deal"
    ]


def test_zoho_sample_dates_and_keys(zoho: dict[str, Any]) -> None:
    # `15 Apr, 2021 00:03:00` in the company's zone; `$22,700.00`.
    found = ask(
        "select o.name, o.created_date, s.close_date, s.amount, o.lead_id, o.campaign_id from crm.opportunity o "
        "join crm.opportunity_state s using (opportunity_id) where o.lead_id = 'zoho:lead 1832' and s.valid_to is null"
    )
    assert found == [("Lewis, James", date(2021, 4, 15), date(2021, 4, 16), 22_700, "zoho:lead 1832", "zoho:24000023")]
    # Every contact's number is also a lead's: they are different records, and the same human by the address alone.
    assert ask("select count(*), count(distinct source_id) from crm.person_source") == [(5165, 5165)]


def test_every_association_of_a_hubspot_cell_counts(write: Write) -> None:
    lifecycle = "Lifecycle Stage,Create Date,Became a Lead Date"
    report = import_exports(
        [
            write(
                "contacts",
                f"Record ID,First Name,{lifecycle},Associated Deal IDs",
                "11,A,Lead,2026-01-01,2026-01-01,7;8",
                "12,B,Lead,2026-01-01,2026-01-01,",
                "13,C,Lead,2026-01-01,2026-01-01,",
                "14,D,Lead,2026-01-01,2026-01-01,",
            ),
            write(
                "deals",
                "Record ID,Deal Name,Deal Stage,Amount,Create Date,Associated Contact IDs,Associated Company IDs",
                "7,First,contractsent,5,2026-01-20,12; 13 ;12,901;902",
                "8,Second,contractsent,5,2026-01-20,,902",
            ),
        ]
    )
    assert {file.object: (file.rows_read, file.loaded) for file in report.files} == {
        "Contacts": (4, 4),
        "Deals": (2, 2),
    }
    people = ask("select opportunity_id, source_id from crm.opportunity_person order by all")
    assert people == [
        ("hubspot:7", "hubspot:11"),  # as the contact says
        ("hubspot:7", "hubspot:12"),
        ("hubspot:7", "hubspot:13"),
        ("hubspot:8", "hubspot:11"),
    ]
    deals = ask("select opportunity_id, contact_id, account_id from crm.opportunity order by all")
    assert deals == [("hubspot:7", "hubspot:12", "hubspot:901"), ("hubspot:8", None, "hubspot:902")]


def test_a_member_of_a_campaign_that_is_nobody_is_a_finding(little: Little) -> None:
    little(
        Campaign=[campaign(1, "Fair")],
        Lead=[lead(1)],
        Opportunity=[deal(1)],
        CampaignMember=[member(1, 1, 1), member(2, 1, 9)],
    )
    opened = run("finding_records", {"finding": "touch_of_nobody"})
    assert opened.select("what", "record_id", "line").rows() == [("Member of Fair", "salesforce:00v000000000002", 3)]
