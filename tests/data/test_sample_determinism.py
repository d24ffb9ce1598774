"""The same seed makes the same files, byte for byte; another seed another company."""

from hashlib import sha256

import pytest


def digests(sample):
    files = sorted(path for path in sample.folder.rglob("*") if path.is_file())
    return {str(path.relative_to(sample.folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_makes_the_same_bytes(make):
    assert digests(make()) == digests(make(again=1))


def test_another_seed_makes_another_company(make):
    one, other = digests(make()), digests(make(seed=8))
    fixed = {"salesforce/Product2.csv", "salesforce/UserRole.csv"}
    assert {name for name in one if one[name] == other[name]} <= fixed


def test_without_plants_the_people_are_the_same(planted, unplanted):
    columns = ["Id", "FirstName", "LastName", "CreatedDate"]
    one, other = planted.table("Lead").select(columns), unplanted.table("Lead").select(columns)
    shared = one.join(other, on=columns, how="semi")
    # the leads that a plant sends through another campaign come at another time
    assert len(shared) > 0.85 * len(one)
    assert planted.table("User").equals(unplanted.table("User"))
    same = ["Id", "Name", "StartDate", "EndDate"]
    assert planted.table("Campaign").select(same).equals(unplanted.table("Campaign").select(same))


@pytest.mark.parametrize("end", ["2026-01-04", "2024-12-31", "2025-02-28", "2028-02-29"])
def test_other_last_days_work(make, folder, end):
    from data.make_sample import main  # noqa: PLC0415

    assert main(["--scale", "0.02", "--end", end, "--out", str(folder)]) == 0
