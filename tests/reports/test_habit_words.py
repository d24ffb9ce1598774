"""Tidy or gamed, in words."""

import polars as pl

from charts.numbers import NumberFormat
from reports.habits import habits_finding, headline_table, moves, owners_finding, without_sentence

NUMBERS = NumberFormat("USD")


def habits(*rows: tuple[str, int | None, int | None], value: str | None = None) -> pl.DataFrame:
    schema = {"habit": pl.String, "deals": pl.Int64, "judged": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(share=pl.col("deals") / pl.col("judged"), dimension_value=pl.lit(value, dtype=pl.String))


def headlines(**values: tuple[float | None, float | None]) -> pl.DataFrame:
    rows = [
        {"headline": name, "as_counted": before, "without": after, "counted": 100, "left_out": 10}
        for name, (before, after) in values.items()
    ]
    schema = {
        "headline": pl.String,
        "as_counted": pl.Float64,
        "without": pl.Float64,
        "counted": pl.Int64,
        "left_out": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema)


def test_what_was_found_and_what_rests_on_it() -> None:
    found = habits(("same_day", 3, 60), ("pushed_at_end", 0, 40), ("cut_at_close", None, None))
    said = habits_finding(
        found, headlines(win_rate=(0.30, 0.25), won_amount=(100.0, 50.0), cycle_days=(50.0, 51.0)), NUMBERS
    )
    assert said == (
        "Created and won on one day 3 of 60 (5%). What rests on them: win rate, by count (30.0%, 25.0% without). "
        "Not recorded in the exports: amount cut at close."
    )


def test_nothing_found_and_nothing_known() -> None:
    none = habits_finding(habits(("same_day", 0, 60)), headlines(), NUMBERS)
    assert none == "No deal of this period shows any of the habits that can be told."
    unknown = habits_finding(habits(("same_day", 0, 0)), headlines(), NUMBERS)
    assert unknown == "Of no deal in this period can it be told whether it was tidied or gamed."


def test_the_line_on_other_pages() -> None:
    frame = headlines(coverage_to_go=(3.4, 2.9), win_rate=(0.3, 0.25), slippage=(None, 0.1))
    assert without_sentence(frame, ("coverage_to_go", "slippage"), NUMBERS) == (
        "Without deals that show a habit (tidy or gamed?): coverage to go 2.9× instead of 3.4×."
    )
    assert str(without_sentence(frame, ("win_rate",), NUMBERS)).endswith("leaves out wins and no losses.")
    assert without_sentence(frame.with_columns(left_out=0), ("coverage_to_go",), NUMBERS) is None


def test_what_moves_a_headline() -> None:
    moved = {
        row["headline"]: moves(row) for row in headlines(win_rate=(0.3, 0.281), average_won=(100.0, 91.0)).to_dicts()
    }
    assert moved == {"win_rate": False, "average_won": False}
    moved = {
        row["headline"]: moves(row) for row in headlines(win_rate=(0.3, 0.279), average_won=(100.0, 90.0)).to_dicts()
    }
    assert moved == {"win_rate": True, "average_won": True}
    # Of a goal that is nearly reached coverage is a giant, and says nothing.
    assert not moves(headlines(coverage_to_go=(287.0, 0.3)).row(0, named=True))


def test_who_does_it() -> None:
    others = [habits(("pushed_at_end", 10, 100), value=name) for name in ("Ann", "Bo", "Cy")]
    loud = pl.concat([*others, habits(("pushed_at_end", 60, 100), value="Di")])
    assert owners_finding(loud, "pushed_at_end", "owner").startswith("Surely more often than the others: Di.")
    few = pl.concat([*others, habits(("pushed_at_end", 1, 2), value="Di")])
    assert "of 4 owners there are too few deals to tell" in owners_finding(few, "pushed_at_end", "owner")


def test_the_table_for_people() -> None:
    row = headline_table(headlines(cycle_days=(56.0, 55.0)), NUMBERS).row(0, named=True)
    assert row == {
        "Headline": "Cycle (median)",
        "As counted": "56 days",
        "Without": "55 days",
        "Of": "10 of 100 left out",
    }
