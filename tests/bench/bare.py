"""A bare Streamlit page beside ours: one filter, and static figures and tables, as many as each of our pages has.

`streamlit run tests/bench/bare.py`, with BARE_PAGES naming the numbers, as JSON: {"funnel_coverage": [3, 2]}. It asks
nothing and computes nothing: what it takes is what Streamlit, plotly and the browser take.
"""

import json
import os

import plotly.graph_objects as go
import polars as pl
import streamlit as st

ROWS = 12
COLUMNS = 8
NAMES = tuple(f"Value {number}" for number in range(1, 41))


def draw(figures: int, tables: int, turn: int) -> None:
    """Draw so many figures and tables; `turn` moves them a little, so that a click shows."""
    for number in range(figures):
        values = [(row * 7 + number + turn) % 23 + 1 for row in range(ROWS)]
        figure = go.Figure(go.Bar(x=values, y=list(NAMES[:ROWS]), orientation="h"), layout={"height": 420})
        st.plotly_chart(figure, key=f"figure_{number}")
    for number in range(tables):
        frame = pl.DataFrame({NAMES[c]: [row * c + number + turn for row in range(ROWS)] for c in range(COLUMNS)})
        st.dataframe(frame, key=f"table_{number}", hide_index=True)


def main() -> None:
    """Draw the frame and the chosen page."""
    st.set_page_config(page_title="Bare", layout="wide")
    counts: dict[str, list[int]] = json.loads(os.environ["BARE_PAGES"])

    def page(name: str) -> st.Page:
        def show() -> None:
            st.title(name.replace("_", " ").capitalize(), anchor=False)
            draw(*counts[name], turn=len(chosen))

        return st.Page(show, title=name.replace("_", " ").capitalize(), url_path=name)

    # The default page has no address of its own.
    home = st.Page(lambda: None, title="Home", url_path="home", default=True, visibility="hidden")
    opened = st.navigation([home, *(page(name) for name in counts)])
    with st.sidebar:
        chosen = st.multiselect("Owner", NAMES, key="owner", bind="query-params", placeholder="All")
    opened.run()


main()
