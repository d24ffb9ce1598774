"""The command: what it writes, what it says, and how it refuses."""

import json
from pathlib import Path

import pytest

from data.make_sample import main

EXPECTED = {
    "goals.csv",
    "truth.json",
    "hubspot/hubspot-contacts.csv",
    "salesforce/Account.csv",
    "salesforce/Contact.csv",
    "salesforce/Lead.csv",
    "salesforce/LeadHistory.csv",
    "salesforce/Opportunity.csv",
    "salesforce/OpportunityHistory.csv",
    "salesforce/OpportunityContactRole.csv",
    "salesforce/OpportunityLineItem.csv",
    "salesforce/Product2.csv",
    "salesforce/Campaign.csv",
    "salesforce/CampaignMember.csv",
    "salesforce/Task.csv",
    "salesforce/Event.csv",
    "salesforce/User.csv",
    "salesforce/UserRole.csv",
    "salesforce/ForecastingQuota.csv",
}
SHARED_HEADERS = Path(__file__).parents[3] / "shared" / "data" / "headers" / "headers.json"


def header(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as lines:
        return [name.strip('"') for name in next(lines).strip().split(",")]


def test_it_writes_these_files_and_nothing_else(sample):
    found = {str(path.relative_to(sample.folder)) for path in sample.folder.rglob("*") if path.is_file()}
    assert found == EXPECTED


def test_it_says_how_many_rows_each_file_has(folder, capsys):
    assert main(["--scale", "0.02", "--out", str(folder / "new")]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in EXPECTED)
    assert "Planted: campaign_mismatch" in said


def test_an_earlier_sample_is_replaced(folder):
    assert main(["--scale", "0.02", "--out", str(folder), "--plant", "none"]) == 0
    assert main(["--scale", "0.02", "--out", str(folder), "--seed", "8"]) == 0
    assert json.loads((folder / "truth.json").read_text())["seed"] == 8


def test_another_folder_is_left_alone(folder, capsys):
    (folder / "thesis.txt").write_text("three years of work")
    assert main(["--scale", "0.02", "--out", str(folder)]) == 2
    assert "thesis.txt" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_a_sample_with_something_else_in_it_is_left_alone(folder, capsys):
    assert main(["--scale", "0.02", "--out", str(folder)]) == 0
    (folder / "salesforce" / "notes.txt").write_text("what I found")
    assert main(["--scale", "0.02", "--out", str(folder)]) == 2
    assert "notes.txt" in capsys.readouterr().err
    assert (folder / "salesforce" / "notes.txt").exists()


def test_a_folder_that_only_looks_like_a_sample_is_left_alone(folder, capsys):
    (folder / "salesforce").mkdir()
    (folder / "salesforce" / "Lead.csv").write_text("my real leads")
    assert main(["--scale", "0.02", "--out", str(folder)]) == 2
    assert "holds no earlier sample" in capsys.readouterr().err
    assert (folder / "salesforce" / "Lead.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scale", "0"], "scale"),
        (["--scale", "-1"], "scale"),
        (["--scale", "nan"], "scale"),
        (["--scale", "big"], "scale"),
        (["--seed", "x"], "seed"),
        (["--end", "16.11.2026"], "2026-11-16"),
        (["--plant", "roses"], "roses"),
        (["--colour", "red"], "--colour"),
    ],
)
def test_bad_arguments_get_one_sentence(folder, capsys, arguments, said):
    assert main([*arguments, "--out", str(folder / "new")]) == 2
    complaint = capsys.readouterr().err.strip()
    assert said in complaint
    assert len(complaint.splitlines()) == 2  # what happened, and what to do
    assert not (folder / "new").exists()


def test_a_folder_that_cannot_be_made_gets_one_sentence(folder, capsys):
    (folder / "file").write_text("")
    assert main(["--scale", "0.02", "--out", str(folder / "file" / "folder")]) == 2
    assert main(["--scale", "0.02", "--out", str(folder / "file")]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("plant", ["call_slump", "slow_rep,thin_quarter"])
def test_plants_can_be_chosen_one_by_one(make, plant):
    truth = make(plant=plant).truth
    assert {told["plant"] for told in truth["plants"]} == set(plant.split(","))


def test_columns_have_the_names_and_the_order_of_genuine_exports(sample):
    if not SHARED_HEADERS.exists():
        pytest.skip("no ../shared/data/headers here")
    headers = json.loads(SHARED_HEADERS.read_text(encoding="utf-8"))["salesforce_api_names_weekly_export"]
    # these are the company's own, or newer than the genuine files
    own = {"Rejection_Reason__c", "IsPrimary", "TaskSubtype"}
    for name in headers.keys() - {"genuine", "CampaignInfluence", "ForecastingQuota"}:
        genuine = headers[name]
        ours = [column for column in header(sample.folder / "salesforce" / f"{name}.csv") if column not in own]
        assert [column for column in ours if column not in genuine] == []
        assert sorted(ours, key=genuine.index) == ours, name
