"""People who share a name are told apart: each has own deals and an own goal."""

from tests.conftest import Little
from tests.little import deal

ANN, OTHER = "005000000000001AAA", "005000000000002AAA"


def test_two_people_of_one_name_and_team_are_two(little: Little) -> None:
    user = {"Username": "a@x.test", "Name": "Ann", "Division": "East"}
    ask = little(
        deals=[deal(1, 100, OwnerId=ANN), deal(2, 40, OwnerId=OTHER)],
        users=[{"Id": ANN, **user}, {"Id": OTHER, **user}],
        quotas=[
            {"Id": f"0J900000000000{n}AAA", "QuotaOwnerId": owner, "StartDate": "2026-04-01", "QuotaAmount": amount}
            for n, owner, amount in ((1, ANN, 600), (2, OTHER, 400))
        ],
    )
    found = ask("funnel_coverage", period="2026-Q2", as_of="2026-05-02", dimension="owner")
    assert set(found.select("dimension_value", "open_amount", "goal").rows()) == {
        ("Ann (East, 005000000000001)", 100, 600),
        ("Ann (East, 005000000000002)", 40, 400),
    }
