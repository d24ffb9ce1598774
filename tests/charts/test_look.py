"""What all figures share."""

import plotly.graph_objects as go

from charts.look import LEAST_TYPE, LONGEST_TITLE, figure, folded
from charts.numbers import NumberFormat


def test_a_long_title_of_an_axis_stands_on_lines_that_a_phone_holds() -> None:
    title = "Open pipeline (USD); the axis does not begin at nothing, and ends where the largest step does"
    fig = folded(go.Figure(layout={"xaxis": {"title": title}, "xaxis2": {"title": "Amount"}}))
    lines = fig.layout.xaxis.title.text.split("<br>")
    assert " ".join(lines) == title
    assert max(len(line) for line in lines) <= LONGEST_TITLE
    assert fig.layout.xaxis2.title.text == "Amount"
    own = "Its lines<br>are chosen for what they say here, whatever their length"
    assert folded(go.Figure(layout={"xaxis": {"title": own}})).layout.xaxis.title.text == own


def test_no_label_shrinks_below_what_can_be_read() -> None:
    assert figure(300, NumberFormat()).layout.uniformtext.minsize == LEAST_TYPE
