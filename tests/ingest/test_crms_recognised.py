"""Every header list of real exports is told for the right CRM and object, with all definitions at hand at once."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import Options, import_exports
from ingest.__main__ import main
from ingest.definitions import ObjectSpec, fold, parse_definition, shipped_definitions
from ingest.files import Export, find_exports
from ingest.recognise import NotRecognised, Recognised, recognise

SF, HS, PD, DY, ZO = "salesforce", "hubspot", "pipedrive", "dynamics", "zoho"

# What each list is. An object in brackets is known and not read, with the reason and what to add.
EXPECTED = {
    **{
        ("salesforce_api_names_weekly_export", name): (SF, name)
        for name in ("Opportunity", "OpportunityHistory", "Lead", "Campaign", "CampaignMember", "Task", "Event")
    },
    ("salesforce_api_names_weekly_export", "OpportunityContactRole"): (SF, "OpportunityContactRole"),
    ("salesforce_api_names_weekly_export", "CampaignInfluence"): (SF, "(CampaignInfluence)"),
    ("salesforce_api_names_weekly_export", "ForecastingQuota"): (SF, "(ForecastingQuota without owner or period)"),
    **{("salesforce_dataloader_devorg", name): (SF, name) for name in ("Opportunity", "OpportunityHistory", "Lead")},
    ("salesforce_report_labels", "55606069649"): (SF, "Opportunity report"),
    ("salesforce_report_labels", "23663733691 open pipeline"): (SF, "Opportunity with products report"),
    ("salesforce_report_labels", "23663733691 activities"): (SF, "Activity report"),
    ("salesforce_report_labels", "23663733691 lost"): (SF, "Opportunity with products report"),
    ("salesforce_report_labels", "30886461616 opportunity history"): (SF, "Opportunity history report"),
    ("salesforce_report_labels", "59002481947 leads (D/M/Y dates)"): (SF, "Lead report"),
    ("salesforce_report_labels", "53744341134"): (SF, "Opportunity report"),
    ("salesforce_report_labels", "55707751981"): (SF, "Opportunity report"),
    ("salesforce_report_labels", "3327561054"): (SF, "Opportunity report"),
    ("salesforce_report_labels", "38456818088"): (SF, "(Opportunity report without a deal's name)"),
    ("salesforce_report_labels", "22276663628 (WWW::Salesforce::Report test)"): (SF, "Opportunity report"),
    ("hubspot_en", "Customers view (file)"): (HS, "Contacts"),
    ("hubspot_en", "All deals view (file)"): (HS, "Deals"),
    ("hubspot_en", "Deals (70281996936, research of the export shape)"): (HS, "Deals"),
    ("hubspot_en", "Contacts (70281996936)"): (HS, "Contacts"),
    ("hubspot_en", "Calls (70281996936)"): (HS, "Calls"),
    ("hubspot_en", "Deals importers"): (HS, "Deals"),
    ("hubspot_en", "Deals importer 31429437197"): (HS, "Deals"),
    ("hubspot_en", "Companies"): (HS, "Companies"),
    ("hubspot_en", "stage-date header spellings (in a view of deals)"): (HS, "Deals"),
    ("hubspot_en", "lifecycle dates (in a view of contacts)"): (HS, "Contacts"),
    ("hubspot_en", "All contacts, genuine full list (38842936290, subset relevant here)"): (HS, "Contacts"),
    ("hubspot_fr", "headers"): (HS, "Deals"),
    ("hubspot_pt", "headers"): (HS, "(Deals without a name or key)"),
    ("pipedrive_en", "file (09)"): (PD, "Deals"),
    ("pipedrive_en", "list view 12756165918"): (PD, "Deals"),
    ("pipedrive_en", "label list 11301222650"): (PD, "(Deals without a title or key)"),
    ("pipedrive_en", "import vocabulary 60094459735"): (PD, "Deals"),
    ("pipedrive_de", "headers"): (PD, "Deals"),
    ("pipedrive_pt", "headers"): (PD, "Deals"),
    ("pipedrive_cs", "headers"): (PD, "(Deals without a title or key)"),
    **{
        ("dynamics_opportunity", name): (DY, "Opportunities")
        for name in (
            "file (08)",
            "tracker 54207125377",
            "view-prefixed 55279568670",
            "bank 55163234108",
            "minimal 53093991075",
        )
    },
    ("dynamics_lead", "headers"): (DY, "Leads"),
    ("zoho_deals_export", "headers"): (ZO, "Deals"),
    ("zoho_leads_export", "headers"): (ZO, "Leads"),
    ("zoho_analytics", "Leads"): (ZO, "Analytics: Leads"),
    ("zoho_analytics", "Potentials"): (ZO, "Analytics: Potentials"),
    ("zoho_analytics", "Campaigns"): (ZO, "Campaigns"),
    ("zoho_analytics", "Campaign_Lead_Status"): (ZO, "Analytics: Campaign_Lead_Status"),
    ("zoho_analytics", "Calls"): (ZO, "Analytics: Calls"),
}
# Lists of spellings of one column, not headers of a file: they are tried among columns that make a file.
SPELLINGS = {
    "stage-date header spellings": ("in a view of deals", ["Record ID", "Deal Name", "Deal Stage", "Close Date"]),
    "lifecycle dates": ("in a view of contacts", ["Record ID", "Email", "Lifecycle Stage", "Contact owner"]),
}
NOT_HEADERS = {"footers", "footer_src"}  # last lines of a report, and where they were seen


def header_lists(document: dict) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Yield every header list with its group and name."""
    for group, entries in document.items():
        for name, value in entries.items():
            if name in NOT_HEADERS or not isinstance(value, list):
                continue
            if name in SPELLINGS:
                where, others = SPELLINGS[name]
                yield (group, f"{name} ({where})"), [*others, *value]
            elif isinstance(value[0], dict):
                for variant in value:
                    yield (group, variant["id"]), variant["headers"]
            else:
                yield (group, name), value


@pytest.fixture(scope="module")
def document(real_exports: Path) -> dict:
    """Return the header lists of real exports."""
    return json.loads((real_exports / "headers" / "headers.json").read_text(encoding="utf-8"))


def shown(spec: ObjectSpec) -> str:
    """Return an object's name, in brackets where such a file is known and not read."""
    return f"({spec.name})" if spec.unused is not None else spec.name


def test_every_header_list_is_the_right_crm_and_object(document: dict) -> None:
    definitions = list(shipped_definitions().values())
    assert len(definitions) >= 6
    found = {}
    for place, headers in header_lists(document):
        kind = recognise(headers, definitions)
        if isinstance(kind, Recognised):
            found[place] = (kind.definition.name, shown(kind.spec))
            what = f"{found[place][0]}: {found[place][1]}, {len(headers) - len(kind.unused_columns)} of {len(headers)} read"
        else:
            found[place] = ("?", kind.reason)
            what = f"? {kind.reason}"
        sys.stdout.write(f"{place[0]:36} {place[1][:52]:52} {what}\n")
    assert found == EXPECTED
    in_document = {name for entries in document.values() for name, value in entries.items() if isinstance(value, list)}
    assert in_document >= NOT_HEADERS  # nothing is passed over that is not there


def test_a_kind_that_is_not_read_says_why_and_what_to_add() -> None:
    for definition in shipped_definitions().values():
        for spec in definition.objects:
            if spec.unused is not None and " without " in spec.name:
                assert "; add " in spec.unused or "export the view again with" in spec.unused, spec.name


@pytest.mark.parametrize(
    ("headers", "candidates"),
    [
        # Salesforce's report and Zoho's table of leads share these labels, blanks aside.
        (["Lead ID", "Lead Owner", "Lead Status", "Email"], {"salesforce", "zoho"}),
        # Each CRM has its word here: "Stage" is Zoho's, "Last Modified Date" is HubSpot's.
        (["Record ID", "Deal Name", "Amount", "Stage", "Last Modified Date"], {"hubspot", "zoho"}),
        (
            [
                "Record ID",
                "Deal Name",
                "Amount",
                "Stage",
                "Type",
                "Currency",
                "Last Modified Date",
                "Forecast category",
            ],
            {"hubspot", "zoho"},
        ),
    ],
)
def test_a_file_that_could_be_two_things_is_asked_about(headers: list[str], candidates: set[str]) -> None:
    found = recognise(headers, list(shipped_definitions().values()))
    assert isinstance(found, NotRecognised)
    assert {definition.name for definition, _ in found.candidates} == candidates
    assert "it could be" in found.reason
    assert "--crm" in found.reason
    for name in candidates:  # a person's word settles it
        told = recognise(headers, [shipped_definitions()[name]])
        assert isinstance(told, Recognised)


def test_one_more_word_of_one_crm_settles_it() -> None:
    definitions = list(shipped_definitions().values())
    for more, crm in (
        (["Company", "Converted"], "zoho"),
        (["Company / Account", "Create Date", "Phone"], "salesforce"),
    ):
        found = recognise(["Lead ID", "Lead Owner", "Lead Status", "Email", *more], definitions)
        assert isinstance(found, Recognised), found
        assert found.definition.name == crm


@pytest.mark.parametrize(
    "header",
    [
        "Opportunity ID,Sales Agent,Product,Account,Deal Stage,Engage Date,Close Date,Close Value",
        "id,first name,last name",
    ],
)
def test_a_plain_sheet_is_nobodys_export(header: str) -> None:
    assert isinstance(recognise(header.split(","), list(shipped_definitions().values())), NotRecognised)


def test_other_real_files_are_not_claimed(real_exports: Path) -> None:
    definitions = list(shipped_definitions().values())
    for folder in ("olist_funnel", "maven_crm", "marketstar_sdr", "channel_attribution"):
        for path in sorted((real_exports / folder).glob("*.csv")):
            header = path.read_bytes().splitlines()[0].decode("utf-8-sig", errors="ignore").replace("\0", "")
            found = recognise(header.replace('"', "").split(","), definitions)
            assert isinstance(found, NotRecognised), f"{path.name}: {found}"
            assert not found.candidates, f"{path.name}: {found.reason}"


@pytest.mark.parametrize(
    ("header", "stage"),
    [
        ('Date entered "Demo (Sales Pipeline)"', "Demo"),
        ("Date entered 'Demo (Sales Pipeline)'", "Demo"),
        ("Date entered “Demo (Sales Pipeline)”", "Demo"),
        ('Date entered "Demo (Sales (EU))"', "Demo"),
        ('Date entered "Demo"', "Demo"),
        ("hs_v2_date_entered_Demo", "Demo"),
        ("property_hs_v2_date_entered_Demo", "Demo"),
        ('Date exited "Demo (Sales Pipeline)"', None),
        ("Date entered current stage", None),
        ("hs_v2_date_entered_current_stage", None),
    ],
)
def test_hubspot_stage_date_spellings(header: str, stage: str | None) -> None:
    deals = next(spec for spec in shipped_definitions()["hubspot"].objects if spec.name == "Deals")
    each = next(into.each for into in deals.into if into.each)
    match = each.match(header)
    assert (match and (match["stage"] or match["stage2"])) == stage


def test_definitions_do_not_say_one_header_twice() -> None:
    # Two spellings that fold alike are one: a second would never be read.
    for definition in shipped_definitions().values():
        for spec in definition.objects:
            for into in spec.into:
                for name, source in into.fields.items():
                    folded = [fold(column) for column in source.columns]
                    assert len(folded) == len(set(folded)), f"{definition.name}, {spec.name}, {name}: {source.columns}"


TWO_KINDS = "Lead ID,Lead Owner,Lead Status,Email\n1,Ann,New,a@x.test\n2,Bo,New,b@x.test\n"
SAME_CRM = """
name = "odd"
[[objects]]
name = "Old deals"
needs = ["Key"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = "Key"
[[objects]]
name = "Old leads"
needs = ["Key"]
[[objects.into]]
table = "lead"
[objects.into.fields]
lead_id = "Key"
"""


def test_a_kind_of_one_crm_can_be_named() -> None:
    odd = parse_definition(SAME_CRM, "odd")
    asked = recognise(["Key"], [odd])
    assert isinstance(asked, NotRecognised)
    assert "odd: Old deals or odd: Old leads; say which" in asked.reason
    for kind, told in (("odd:Old leads", "Old leads"), ("odd:old_deals", "Old deals")):
        found = recognise(["Key"], [odd], kind)
        assert isinstance(found, Recognised)
        assert found.spec.name == told
    assert isinstance(recognise(["Key"], [odd], "other"), NotRecognised)


def test_the_command_line_takes_a_kind_of_file(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(TWO_KINDS, encoding="utf-8")
    assert main([str(path)]) == 1
    assert "say which on the Import page, or with --crm" in capsys.readouterr().err
    assert main([str(path), "--crm", "zoho:Deal"]) == 1
    assert "'Deal' of zoho should be one of" in capsys.readouterr().err
    assert main([str(path), "--crm", "zoho:Deals"]) == 1
    assert "it does not have the columns of zoho:Deals" in capsys.readouterr().err
    assert main([str(path), "--crm", "zoho:Analytics: Leads", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(file["crm"], file["object"], file["loaded"]) for file in files] == [("Zoho", "Analytics: Leads", 2)]
    # What was said of one content holds for it alone.
    found = [item for item in find_exports([path], tmp_path) if isinstance(item, Export)]
    chosen = Options(kinds=tuple((item.content_hash, "salesforce:Lead report") for item in found))
    assert [(f.crm, f.loaded) for f in import_exports([path], chosen).files] == [("Salesforce", 2)]
