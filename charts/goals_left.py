"""How a goal fills: what is won, what is expected, and what is left to find."""

import plotly.graph_objects as go

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, SECOND, count_axis, figure, money_axis
from charts.numbers import NumberFormat

PARTS = {
    "won": ("Won", GOOD),
    "deals": ("Expected from open deals", PLAIN),
    "leads": ("Expected from leads in flight", SECOND),
    "gap": ("Left to find", BAD),
}


def goal_by_part(parts: dict[str, float | None], goal: float, numbers: NumberFormat, *, is_money: bool) -> go.Figure:
    """Return one bar that fills up to the goal, part by part, and the goal as a line.

    Parameters
    ----------
    parts
        The value of each of `PARTS`; None where it is not known.
    goal
        The goal.
    numbers
        How the company writes numbers.
    is_money
        Whether the goal is an amount.
    """

    def shown(value: float) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    fig = figure(230, numbers)
    total = 0.0
    for part, (name, colour) in PARTS.items():
        value = parts.get(part)
        if not value:
            continue
        total += value
        fig.add_trace(
            go.Bar(
                x=[value],
                y=["Goal"],
                orientation="h",
                name=f"{name}: {shown(value)}",
                marker={"color": colour},
                customdata=[part],
                hovertext=[f"<b>{name}</b><br>{shown(value)} ({numbers.share(value / goal, 0)} of the goal)"],
                hoverinfo="text",
            )
        )
    fig.add_vline(x=goal, line={"color": INK, "width": 2, "dash": "dash"})
    fig.add_annotation(
        x=goal,
        y=0,
        yref="paper",
        xanchor="right",
        yanchor="bottom",
        xshift=-4,
        showarrow=False,
        text=f"goal {shown(goal)}",
        font={"color": INK, "size": 12},
    )
    fig.update_layout(
        barmode="stack", barcornerradius=0, bargap=0.5, legend={"itemwidth": 30}, shapes=fig.layout.shapes
    )
    fig.update_yaxes(showticklabels=False)
    heights = [total, goal]
    if is_money:
        fig.update_xaxes(**money_axis(numbers, f"Won and expected ({numbers.currency})", heights))
    else:
        fig.update_xaxes(**count_axis(numbers, "Won and expected (deals)", heights))
    fig.update_xaxes(gridcolor=FAINT)
    return fig
