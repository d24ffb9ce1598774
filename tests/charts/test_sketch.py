"""A sketch is the figure that plotly makes of the same calls."""

import json
from collections.abc import Callable

import plotly.graph_objects as go
import pytest

from charts.look import figure
from charts.numbers import NumberFormat
from charts.sketch import Sketch

LAYOUT = {"height": 200, "margin": {"l": 8, "t": 28}, "legend": {"y": 1.0}, "xaxis": {"automargin": True}, "yaxis": {}}

CALLS: dict[str, Callable[[go.Figure], object]] = {
    "layout": lambda fig: fig.update_layout(barmode="stack", margin={"t": 76}, legend={"x": 1}, legend_y=2),
    "axes": lambda fig: (
        fig.update_xaxes(title="Month", range=[0, 4], tickfont={"size": 9}),
        fig.update_xaxes(title={"font": {"size": 20}}, type="category"),
        fig.update_yaxes(tickvals=[1, 2], ticktext=["a", "b"]),
    ),
    "lines": lambda fig: (fig.add_vline(x=3, line={"color": "red", "width": 2}), fig.add_hline(y="a", line_width=1)),
    "bands": lambda fig: (
        fig.add_vrect(x0=1, x1=2, fillcolor="red", line_width=0, layer="below"),
        fig.add_hrect(y0=1, y1=2, fillcolor="blue"),
    ),
    "a band with words": lambda fig: fig.add_hrect(
        y0=1, y1=2, annotation_text="the band", annotation_position="top left"
    ),
    "a line that names its axis": lambda fig: fig.add_vline(x=3, xref="x"),
    "shapes": lambda fig: (
        fig.add_shape(type="line", x0=0, x1=1, y0=0, y1=1),
        fig.add_vline(x=3),
        fig.add_shape(type="rect", x0=0, x1=1, y0=0, y1=1, xref="paper"),
    ),
    "texts": lambda fig: fig.add_annotation(x=1, y=1, yref="paper", text="goal", font={"size": 12}, showarrow=False),
    "looked at in between": lambda fig: (
        fig.add_vline(x=1),
        fig.layout.shapes,
        fig.add_vline(x=2),
        fig.update_layout(shapes=fig.layout.shapes[:1]),
        fig.add_annotation(x=1, y=1, text="late"),
    ),
    "by attribute": lambda fig: (fig.update_xaxes(type="date"), fig.layout.xaxis.update(range=[0, 1])),
    "a layout of its own": lambda fig: (fig.update_layout(bargap=0.1), setattr(fig, "layout", {"height": 30})),
    "overwritten": lambda fig: fig.update_layout({"margin": {"b": 1}}, overwrite=True),
}


@pytest.mark.parametrize("calls", CALLS)
def test_a_sketch_is_what_plotly_makes_of_the_same_calls(calls: str) -> None:
    ours, theirs = Sketch({**LAYOUT}), go.Figure(layout=LAYOUT)
    for fig in (ours, theirs):
        fig.add_trace(go.Bar(x=[1, 2], y=["a", "b"]))
        CALLS[calls](fig)
        fig.add_trace(go.Scatter(x=[1], y=["a"]))
    assert json.loads(ours.to_json()) == json.loads(theirs.to_json())
    assert ours.layout is not None  # looked at: from here on it is plotly's own
    assert ours.to_dict() == theirs.to_dict()
    assert go.Figure(ours).to_dict() == theirs.to_dict()


def test_what_plotly_does_not_know_is_an_error_where_the_figure_is_looked_at() -> None:
    fig = figure(200, NumberFormat("USD", "en")).update_layout(nosuchthing=1)
    with pytest.raises(ValueError, match="nosuchthing"):
        assert fig.layout


def test_two_figures_share_nothing() -> None:
    numbers = NumberFormat("USD", "en")
    first = figure(200, numbers).update_layout(margin={"t": 99})
    assert first.layout.margin.t == 99
    assert figure(200, numbers).layout.margin.t == 28
