"""The screen's figures as pictures on white, drawn by a Chromium or Chrome that the machine has.

One browser is kept for the process, because its start costs ten times as much as a picture. It draws what it is handed
and asks nobody: plotly comes with the package, and formulas in labels are not set.
"""

import atexit
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import kaleido
import plotly.graph_objects as go
from choreographer.browsers.chromium import Chromium

PAPER = "#ffffff"
TEXT = "#1f2933"
GRID = "#e3e7ed"
COLOURS = ("#4b83c4", "#2a9d6f", "#c98a1b", "#8a6fc9", "#d1495b", "#3d9fa8", "#a3764b", "#6f7f95", "#b65fa0", "#7c9a3a")
FAMILY = "Source Sans Pro, Source Sans 3, Segoe UI, Helvetica Neue, Arial, sans-serif"
NO_PICTURE = "The figure is given as a table, because no Chrome or Chromium was found on the machine that wrote this."
_SECONDS = 60
_LOG = logging.getLogger("same_page")


class _Browser:
    """The one browser that draws, and the lock before it: an answer is handed to whoever asks next."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_there: bool | None = None

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes | None:
        with self.lock:
            if not self._begin():
                return None
            try:
                drawn: bytes = kaleido.calc_fig_sync(figure, opts=options)
            except Exception as error:
                _LOG.warning("a figure was not drawn: %s", error)
                self._end()
                return None
            return drawn

    def _begin(self) -> bool:
        if self.is_there is None:
            self.is_there = Chromium.find_browser(skip_local=False) is not None
            if self.is_there:
                kaleido.start_sync_server(n=1, timeout=_SECONDS, mathjax=False, silence_warnings=True)
                atexit.register(self._end)
        return self.is_there

    def _end(self) -> None:
        if self.is_there:
            kaleido.stop_sync_server(silence_warnings=True)
        self.is_there = None


_BROWSER = _Browser()


@dataclass(frozen=True)
class Picture:
    """A drawn figure, and its size in pixels."""

    content: bytes
    width: int
    height: int


def picture(draw: Callable[[], go.Figure], form: str, width: int, scale: float = 1) -> Picture | None:
    """Return a figure as a picture on white, or None where nothing here can draw it.

    Parameters
    ----------
    draw
        Makes the figure as the screen has it.
    form
        "svg" or "png".
    width
        In pixels; the height is the figure's own.
    scale
        Dots a pixel, for "png".
    """
    figure = on_paper(draw())
    height = figure.layout.height or 360
    options = {"format": form, "width": width, "height": height, "scale": scale}
    content = _BROWSER.draw(figure.to_dict(), options)
    return None if content is None else Picture(content, width, int(height))


def on_paper(figure: go.Figure) -> go.Figure:
    """Return a copy of a figure in the colours of paper: given one by one, since plotly's default may be the screen's."""
    axis = {"gridcolor": GRID, "linecolor": GRID, "zerolinecolor": "#b8c0cc", "tickcolor": GRID}
    copied = go.Figure(figure.to_dict())
    copied.update_layout(
        template={
            "layout": {
                "colorway": list(COLOURS),
                "font": {"family": FAMILY, "color": TEXT},
                "paper_bgcolor": PAPER,
                "plot_bgcolor": PAPER,
                "xaxis": axis,
                "yaxis": axis,
            }
        },
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
    )
    return copied
