"""How many leads a curve stands on: by hand, and as lifelines counts them."""

import warnings

import polars as pl
import pytest

from estimators import HEADERS, EstimatorError, at_risk, kaplan_meier, watched_until
from tests.estimators.test_kaplan_meier import frame

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

DAYS = [2, 3, 3, 5, 9, 9, 9, 14]
WON = [True, False, True, True, False, True, False, False]


def test_by_hand() -> None:
    found = at_risk(frame(DAYS, WON), [0, 3, 4, 9, 14, 15])
    assert found["at_risk"].to_list() == [8, 7, 5, 4, 1, 0]


def test_it_is_what_the_curve_stands_on_and_what_lifelines_says() -> None:
    curve = kaplan_meier(frame(DAYS, WON))
    found = at_risk(frame(DAYS, WON), curve["day"].to_list())
    assert found["at_risk"].to_list() == curve["at_risk"].to_list()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = KaplanMeierFitter().fit(DAYS, WON).event_table
    asked = [int(day) for day in table.index]
    assert at_risk(frame(DAYS, WON), asked)["at_risk"].to_list() == table["at_risk"].to_list()


def test_until_when_there_are_enough() -> None:
    both = pl.concat([frame(DAYS, WON, "a"), frame([4], [False], None)])
    assert watched_until(both, 4) == {"a": (9, 14), None: (0, 4)}  # 4 are at risk on day 9; one alone never
    assert watched_until(both, 8)["a"] == (2, 14)


def test_nothing_gives_nothing_and_what_cannot_be_used_is_said() -> None:
    empty = pl.DataFrame(schema={"dimension_value": pl.String, "day": pl.Int64, "won": pl.Int64, "censored": pl.Int64})
    assert at_risk(empty, [0, 30]).is_empty()
    assert watched_until(empty, 30) == {}
    with pytest.raises(EstimatorError, match="'censored' is missing"):
        at_risk(empty.drop("censored"), [0])


def test_the_header_is_true() -> None:
    assert list(HEADERS["at_risk"].columns) == at_risk(frame([1], [True]), [0]).columns
