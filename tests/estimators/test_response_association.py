"""Response time beside the won rate: by hand, and with the truth known."""

import numpy as np
import polars as pl
import pytest

from estimators import HEADERS, EstimatorError, response_association


def groups(*rows: tuple[str, int, str, int, int]) -> pl.DataFrame:
    """Return rows of a response group, its position, a source, leads and won."""
    names = {"response": pl.String, "position": pl.Int64, "source": pl.String, "leads": pl.Int64, "won": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(segment=pl.lit(None, dtype=pl.String))


def test_by_hand() -> None:
    # One kind of lead: 30% of 100 and 20% of 100; the interval of a difference of two shares.
    row = response_association(groups(("at once", 0, "web", 100, 30), ("later", 1, "web", 100, 20))).row(1, named=True)
    assert row["difference"] == pytest.approx(-0.1)
    spread = 1.959964 * (0.3 * 0.7 / 100 + 0.2 * 0.8 / 100) ** 0.5
    assert (row["low"], row["high"]) == pytest.approx((-0.1 - spread, -0.1 + spread))
    assert row["verdict"] == "cannot tell"


def test_kinds_are_matched() -> None:
    # Within each source the two groups win alike; the quick group merely has more of the good source.
    frame = groups(
        ("at once", 0, "good", 300, 60),
        ("at once", 0, "bad", 100, 5),
        ("later", 1, "good", 100, 20),
        ("later", 1, "bad", 300, 15),
        ("never", 2, "other", 50, 0),
    )
    quick, later, never = response_association(frame).iter_rows(named=True)
    assert (quick["rate"], later["rate"]) == pytest.approx((0.1625, 0.0875))
    assert quick["difference"] is None
    assert later["difference"] == pytest.approx(0)
    assert (never["matched_leads"], never["difference"], never["verdict"]) == (0, None, None)


def test_intervals_hold_the_truth() -> None:
    """In 300 companies of forty small kinds of leads the 95% interval holds the true difference of five points."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        base, n, m = rng.uniform(0.05, 0.4, 40), rng.integers(3, 12, 40), rng.integers(3, 12, 40)
        frame = groups(
            *[("at once", 0, f"s{k}", int(m[k]), int(rng.binomial(m[k], base[k] + 0.05))) for k in range(40)],
            *[("later", 1, f"s{k}", int(n[k]), int(rng.binomial(n[k], base[k]))) for k in range(40)],
        )
        row = response_association(frame).row(1, named=True)
        held += row["low"] <= -0.05 <= row["high"]
    assert 0.92 <= held / 300 <= 0.98


def test_edges() -> None:
    assert response_association(groups()).columns == list(HEADERS["response_association"].columns)
    with pytest.raises(EstimatorError, match="'won' is missing"):
        response_association(groups().drop("won"))
