"""How far leads came, in cases that the hand-worked company does not have."""

from tests.conftest import Little
from tests.little import lead, status, won


def test_a_win_without_a_close_date_took_no_known_time(little: Little) -> None:
    ask = little(
        deals=[won(1, close=""), won(2, close="2026-02-20")],
        leads=[lead(1, deal=1), lead(2, deal=2)],
    )
    assert ask("lead_survival").rows() == [(None, 50, 1, 0)]  # 1 Jan to 20 Feb
    row = ask("lead_to_close").row(0, named=True)
    assert (row["won"], row["won_undated"], row["median_days"]) == (2, 1, 50)
    within = ask("lead_to_close_within", days=50).row(0, named=True)
    assert (within["leads"], within["won"], within["won_undated"]) == (2, 1, 1)


def test_the_amount_of_a_deal_with_two_leads_stands_with_the_first(little: Little) -> None:
    ask = little(
        deals=[won(1, 100)],
        leads=[lead(1, "Web", "2026-01-01", 1), lead(2, "Trade", "2026-01-02", 1)],
    )
    assert ask("lead_to_close")["won_amount"].to_list() == [100]
    assert ask("lead_to_close", source=["Web"])["won_amount"].to_list() == [100]
    assert ask("lead_to_close", source=["Trade"]).select("won", "won_amount").row(0) == (1, 0)
    assert ask("lead_records", stage="won")["won_amount"].sum() == 100


def test_a_lead_converted_after_its_deal_was_won_was_an_opportunity(little: Little) -> None:
    ask = little(
        deals=[won(1, 100, "2026-02-20", "2026-02-20")],
        leads=[
            lead(1, deal=1, ConvertedDate="2026-08-01", SystemModstamp="2026-08-02T15:00:00Z"),
            lead(2, SystemModstamp="2026-08-02T15:00:00Z"),
        ],
        history=[
            status(1, 2, "2026-01-03", "Open", "Marketing Qualified"),
            status(2, 2, "2026-01-04", "Marketing Qualified", "Sales Accepted"),
            status(3, 2, "2026-01-05", "Sales Accepted", "Sales Qualified"),
        ],
    )
    reached = ask("lead_funnel", as_of="2026-03-01").select("stage", "reached").rows()
    assert reached == [("lead", 2), ("mql", 2), ("sal", 2), ("sql", 2), ("opportunity", 1), ("won", 1)]
