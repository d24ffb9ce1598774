"""How soon leads were first answered beside their wins, by hand."""

from tests.conftest import Ask, Little
from tests.little import lead, won
from tests.queries.test_leads_handoff import passed, task


def test_the_cells_of_a_little_company(little: Little) -> None:
    ask = little(
        deals=[won(1, close="2026-02-20"), won(2, close="2026-04-20")],
        leads=[lead(1, deal=1), lead(2, deal=2), lead(3), lead(4, "Trade"), lead(5, created="2026-04-20")],
        history=[passed(n, n, "2026-01-05") for n in range(1, 5)] + [passed(9, 5, "2026-04-21")],
        tasks=[
            task(9, 3, "2026-01-04T17:00:00"),  # from here on answers are recorded; before the pass, so none
            task(1, 1, "2026-01-05T17:00:00"),
            task(2, 2, "2026-01-06T17:00:00"),
            task(4, 4, "2026-01-15T17:00:00"),  # the tenth day
            task(5, 5, "2026-04-21T17:00:00"),  # too young for 60 days
        ],
    )
    found = ask("lead_response_cells", days=60).select("response", "source", "leads", "won")
    assert found.rows() == [
        ("the same day", "Web", 1, 1),
        ("the next day", "Web", 1, 0),  # won on day 109
        ("later or never", "Trade", 1, 0),
        ("later or never", "Web", 1, 0),
    ]


def test_a_first_wait_that_nobody_answered_is_not_made_good_by_the_second(little: Little) -> None:
    ask = little(
        deals=[won(1, close="2026-02-20")],
        leads=[lead(1, deal=1), lead(2)],
        history=[passed(1, 1, "2026-01-05"), passed(2, 2, "2026-01-05"), passed(3, 2, "2026-02-02")],
        tasks=[task(1, 1, "2026-01-05T17:00:00"), task(2, 2, "2026-02-02T17:00:00")],
    )
    found = ask("lead_response_cells", days=60).select("response", "source", "leads", "won")
    assert found.rows() == [("the same day", "Web", 1, 1), ("later or never", "Web", 1, 0)]


def test_they_are_the_first_waits_of_leads_that_are_old_enough(sample: Ask) -> None:
    cells = sample("lead_response_cells", days=90)
    waits = sample("first_response_records")
    assert cells["leads"].sum() <= waits["record_id"].n_unique()
    assert (cells["won"] <= cells["leads"]).all()
