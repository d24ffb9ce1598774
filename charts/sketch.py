"""A figure as plain values, made plotly's own only where it is looked at: plotly checks and copies with every line added."""

from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.basedatatypes import BaseTraceType, convert_to_base64

Layout = dict[str, Any]

# The only names of plotly's layout in which an underscore does not lead into a part.
_WITH_UNDERSCORE = ("paper_bgcolor", "plot_bgcolor")
_SPANNING: dict[str, Layout] = {
    "v": {"xref": "x", "yref": "y domain", "y0": 0, "y1": 1},
    "h": {"yref": "y", "xref": "x domain", "x0": 0, "x1": 1},
}


class Sketch(go.Figure):  # type: ignore[misc]
    """A figure with one pair of axes that keeps what is asked of it as plain values until somebody looks at it.

    The screen takes the plain values as they are. What a sketch does not know how to keep (several axes, words beside a
    line), and every look at its parts, makes plotly's figure of it, checked as any other.
    """

    def __init__(self, layout: Layout) -> None:
        self._is_begun = False
        self._traces: list[BaseTraceType] = []
        self._late: Layout = {}
        self._shapes: list[Layout] = []
        self._annotations: list[Layout] = []
        _merge(self._late, layout)

    def __getattr__(self, name: str) -> Any:
        """Return what plotly's figure has and this has not, for it was not made yet."""
        if self.__dict__.get("_is_begun", True):
            raise AttributeError(name)
        self._begin()
        return getattr(self, name)

    @property
    def layout(self) -> go.Layout:
        """The layout, with all that was asked of it."""
        self._settle()
        return go.Figure.layout.fget(self)

    @layout.setter
    def layout(self, value: Any) -> None:
        self._settle()
        go.Figure.layout.fset(self, value)

    def plain(self) -> Layout:
        """Return the figure as plain values to be looked at, not changed: layout keys are spelled out, nothing is checked."""
        if self._is_begun:
            self._settle()
            return {"data": self._data, "layout": self._layout}
        layout = {"template": _template(pio.templates.default), **self._late}
        for name, values in (("shapes", self._shapes), ("annotations", self._annotations)):
            if values:
                layout[name] = [_spelled_out(each) for each in values]
        return {"data": [trace._props for trace in self._traces], "layout": layout}

    def to_dict(self) -> Layout:
        """Return the figure as plain values."""
        if self._is_begun:
            self._settle()
            found: Layout = super().to_dict()
            return found
        found = _copied(self.plain())
        convert_to_base64(found)
        return found

    def add_trace(
        self,
        trace: Any,
        row: Any = None,
        col: Any = None,
        secondary_y: Any = None,
        exclude_empty_subplots: bool = False,  # noqa: FBT001, FBT002
    ) -> "Sketch":
        """Add a trace."""
        is_kept = not self._is_begun and isinstance(trace, BaseTraceType)
        if is_kept and row is None and col is None and secondary_y is None:
            self._traces.append(trace)
        else:
            super().add_trace(trace, row, col, secondary_y, exclude_empty_subplots)
        return self

    def update_layout(self, dict1: Layout | None = None, overwrite: bool = False, **values: Any) -> "Sketch":  # noqa: FBT001, FBT002
        """Change the layout; arrays of shapes and the like are plotly's business."""
        if dict1 is not None or overwrite or {"shapes", "annotations"} & set(values):
            super().update_layout(dict1, overwrite=overwrite, **values)
        else:
            _merge(self._late, values)
        return self

    def update_xaxes(self, patch: Layout | None = None, **values: Any) -> "Sketch":
        """Change the horizontal axis."""
        return self._update_axis("x", patch, values)

    def update_yaxes(self, patch: Layout | None = None, **values: Any) -> "Sketch":
        """Change the vertical axis."""
        return self._update_axis("y", patch, values)

    def add_shape(self, arg: Any = None, **values: Any) -> "Sketch":
        """Add a shape."""
        if arg is not None or {"row", "col"} & set(values):
            super().add_shape(arg, **values)
        else:
            self._shapes.append(values)
        return self

    def add_annotation(self, arg: Any = None, **values: Any) -> "Sketch":
        """Add a text."""
        if arg is not None or {"row", "col"} & set(values):
            super().add_annotation(arg, **values)
        else:
            self._annotations.append(values)
        return self

    def add_vline(self, x: Any, **values: Any) -> "Sketch":
        """Add a line from the bottom to the top."""
        if _is_plain(values):
            return self.add_shape(**_SPANNING["v"], type="line", x0=x, x1=x, **values)
        super().add_vline(x, **values)
        return self

    def add_hline(self, y: Any, **values: Any) -> "Sketch":
        """Add a line from side to side."""
        if _is_plain(values):
            return self.add_shape(**_SPANNING["h"], type="line", y0=y, y1=y, **values)
        super().add_hline(y, **values)
        return self

    def add_vrect(self, x0: Any, x1: Any, **values: Any) -> "Sketch":
        """Add a band from the bottom to the top."""
        if _is_plain(values):
            return self.add_shape(**_SPANNING["v"], type="rect", x0=x0, x1=x1, **values)
        super().add_vrect(x0, x1, **values)
        return self

    def add_hrect(self, y0: Any, y1: Any, **values: Any) -> "Sketch":
        """Add a band from side to side."""
        if _is_plain(values):
            return self.add_shape(**_SPANNING["h"], type="rect", y0=y0, y1=y1, **values)
        super().add_hrect(y0, y1, **values)
        return self

    def _update_axis(self, letter: str, patch: Layout | None, values: Layout) -> "Sketch":
        if patch is not None or {"selector", "overwrite", "row", "col", "secondary_y"} & set(values):
            change = super().update_xaxes if letter == "x" else super().update_yaxes
            change(patch, **values)
        else:
            _merge(self._late.setdefault(f"{letter}axis", {}), values)
        return self

    def _begin(self) -> None:
        """Make plotly's figure of what was kept: ten times as fast as changing the layout of a figure that stands."""
        self._is_begun = True
        late, shapes, annotations = self._taken()
        for name, values in (("shapes", shapes), ("annotations", annotations)):
            if values:
                late[name] = values
        super().__init__(data=self._traces, layout=late)
        self._traces = []

    def _settle(self) -> None:
        """Hand over what was kept."""
        if not self._is_begun:
            self._begin()
        elif self._late or self._shapes or self._annotations:
            late, shapes, annotations = self._taken()
            before = go.Figure.layout.fget(self)
            if shapes:
                late["shapes"] = [*before.shapes, *shapes]
            if annotations:
                late["annotations"] = [*before.annotations, *annotations]
            before.update(late)

    def _taken(self) -> tuple[Layout, list[Layout], list[Layout]]:
        """Return what was kept of the layout, and keep it no longer."""
        kept = self._late, self._shapes, self._annotations
        self._late, self._shapes, self._annotations = {}, [], []
        return kept


def _is_plain(values: Layout) -> bool:
    """Whether a spanning shape has no words beside it and stands on the one pair of axes."""
    return not any(
        name.startswith("annotation") or name in ("row", "col", "exclude_empty_subplots", "xref", "yref")
        for name in values
    )


def plain(fig: go.Figure) -> Layout:
    """Return a figure as plain values to be looked at, not changed."""
    return fig.plain() if isinstance(fig, Sketch) else {"data": fig._data, "layout": fig._layout}


@cache
def _template(name: str | None) -> Layout:
    """Return a look that plotly knows by name, as plain values."""
    found: Layout = go.Figure(layout={"template": name}).to_dict()["layout"]["template"]
    return found


def _spelled_out(values: Layout) -> Layout:
    """Return values with names like `line_width` as dictionaries in dictionaries."""
    found: Layout = {}
    _merge(found, values)
    return found


def _merge(into: Layout, values: Layout) -> None:
    """Add values to others, the later over the earlier, and dictionaries value by value."""
    for name, value in values.items():
        first, _, rest = (name, "", "") if name in _WITH_UNDERSCORE else name.partition("_")
        given = {rest: value} if rest else {"text": value} if name == "title" and isinstance(value, str) else value
        if isinstance(given, dict):
            own = into.get(first)
            into[first] = {} if not isinstance(own, dict) else own
            _merge(into[first], given)
        else:
            into[first] = given


def _copied(value: Any) -> Any:
    """Return a copy in which dictionaries and lists are new, and what stands in them is the same; empty parts are left out."""
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items() if not (isinstance(each, dict) and not each)}
    if isinstance(value, (list, tuple)):
        return [_copied(each) if isinstance(each, (dict, list, tuple)) else each for each in value]
    return value
