"""How far each kind of lead came, by hand: a little company, and the hand-worked one (its facts: test_golden.py)."""

import polars as pl
import pytest

from estimators import leads_or_selling
from tests.conftest import Ask, Little
from tests.little import lead, status, won


def test_the_cells_of_a_little_company(little: Little) -> None:
    ask = little(
        deals=[won(1, close="2026-02-20"), won(2, close="2026-04-20")],
        leads=[
            lead(1, "Web", deal=1),  # won on day 50
            lead(2, "Web", deal=2),  # won on day 109, a deal on day 19
            lead(3, "Web"),  # ready on day 2 and rejected
            lead(4, "Trade"),  # accepted on day 3
            lead(5, "Trade", created="2026-04-20"),  # too young for 60 days
        ],
        history=[
            status(1, 3, "2026-01-03", "Open", "Marketing Qualified"),
            status(2, 3, "2026-01-04", "Marketing Qualified", "Rejected by Sales"),
            status(3, 4, "2026-01-03", "Open", "Marketing Qualified"),
            status(4, 4, "2026-01-04", "Marketing Qualified", "Sales Accepted"),
            status(5, 1, "2026-01-04", "Open", "Sales Qualified"),
        ],
    )
    found = ask("leads_or_selling_cells", days=60).select("unit", "source", "leads", "mql", "sal", "sql", "won")
    assert found.rows() == [(None, "Trade", 1, 1, 1, 0, 0), (None, "Web", 3, 3, 2, 2, 1)]
    later = ask("leads_or_selling_cells", days=120).select("source", "leads", "won")
    assert later.rows() == [("Trade", 1, 0), ("Web", 3, 2)]


def test_the_cells_of_the_hand_worked_company(golden: Ask) -> None:
    # At least 40 days old on 15 May: L1, L7 (won on days 49 and 44), L2 (rejected on day 3), L3 (a deal on day 17),
    # L4 (accepted on day 17), L5.
    found = golden("leads_or_selling_cells", days=40).select(pl.col("leads", "mql", "sal", "sql", "won").sum())
    assert found.row(0) == (6, 5, 4, 3, 0)
    assert golden("leads_or_selling_cells", days=60).select(pl.col("leads", "sql", "won").sum()).row(0) == (2, 2, 2)


def test_they_are_what_lead_to_close_within_counts(sample: Ask) -> None:
    cells = sample("leads_or_selling_cells", days=90, dimension="owner")
    plain = sample("lead_to_close_within", days=90)
    assert cells.select(pl.col("leads", "won").sum()).row(0) == plain.select("leads", "won").row(0)
    stages = cells.select("leads", "mql", "sal", "sql", "won").to_numpy()
    assert (stages[:, :-1] >= stages[:, 1:]).all()


def test_two_years_of_the_sample_split_without_a_rest(sample: Ask) -> None:
    years = [sample("leads_or_selling_cells", days=90, period=year) for year in ("2025", "2026")]
    sides = zip(years, ("before", "after"), strict=True)
    parts = leads_or_selling(pl.concat(cells.with_columns(side=pl.lit(side)) for cells, side in sides), draws=50)
    rates = [cells["won"].sum() / cells["leads"].sum() for cells in years]
    assert parts["value"].sum() == pytest.approx(rates[1] - rates[0], abs=1e-12)
