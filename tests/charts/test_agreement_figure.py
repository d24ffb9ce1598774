"""The blocks of the agreement: one a week and row, with a sign whatever the colour, and what it opens."""

from datetime import date

from charts.agreement import Block, blocks_by_week
from charts.numbers import NumberFormat

NUMBERS = NumberFormat("USD", "en")
WEEKS = (date(2026, 10, 26), date(2026, 11, 2))


def block(row: str, week: date, state: str) -> Block:
    return Block(row, week, state, "2/3", f"<b>{row}</b>", f"{row}|{week.isoformat()}")


def test_marketing_stands_above_sales_and_each_block_opens() -> None:
    blocks = [
        block("Marketing", WEEKS[0], "kept"),
        block("Marketing", WEEKS[1], "broken"),
        block("Sales", WEEKS[0], "not due"),
        block("Sales", WEEKS[1], "nothing"),
    ]
    fig = blocks_by_week(blocks, ["Marketing", "Sales"], NUMBERS)
    bars = [trace for trace in fig.data if trace.type == "bar"]
    assert [(bar.name, list(bar.x), list(bar.customdata)) for bar in bars] == [
        ("✓ kept", ["1 Nov"], ["Marketing|2026-10-26"]),
        ("✗ broken", ["8 Nov"], ["Marketing|2026-11-02"]),
        ("… not yet due", ["1 Nov"], ["Sales|2026-10-26"]),
        ("– nothing to judge", ["8 Nov"], ["Sales|2026-11-02"]),
    ]
    assert min(bars[0].base) > max(bars[2].base)
    written = [text for trace in fig.data for text in trace.text or ()]
    assert sorted(text[0] for text in written) == sorted("✓✗…–")
    assert list(fig.layout.xaxis.categoryarray) == ["1 Nov", "8 Nov"]


def test_a_row_without_a_block_in_a_week_has_a_hole_and_teams_are_parted() -> None:
    blocks = [block("Leads", WEEKS[0], "kept"), block("Response (%)", WEEKS[1], "kept")]
    fig = blocks_by_week(blocks, ["Leads", "Response (%)"], NUMBERS, gap_after=1)
    assert list(fig.data[0].x) == ["1 Nov", "8 Nov"]
    above, below = fig.data[0].base
    assert above - below > 1.2
