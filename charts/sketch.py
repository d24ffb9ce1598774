"""A figure whose layout is checked once, when it is read: plotly checks and copies it with every line that is added."""

from typing import Any

import plotly.graph_objects as go

Layout = dict[str, Any]

_SPANNING: dict[str, Layout] = {
    "v": {"xref": "x", "yref": "y domain", "y0": 0, "y1": 1},
    "h": {"yref": "y", "xref": "x domain", "x0": 0, "x1": 1},
}


class Sketch(go.Figure):  # type: ignore[misc]
    """A figure with one pair of axes that keeps what is asked of its layout until somebody looks at it.

    What it does not know how to keep (several axes, words beside a line) it leaves to plotly, at once.
    """

    def __init__(self, layout: Layout) -> None:
        self._late: Layout = {}
        self._shapes: list[Layout] = []
        self._annotations: list[Layout] = []
        self._is_begun = False
        super().__init__()
        _merge(self._late, layout)

    @property
    def layout(self) -> go.Layout:
        """The layout, with all that was asked of it."""
        self._settle()
        return go.Figure.layout.fget(self)

    @layout.setter
    def layout(self, value: Any) -> None:
        self._settle()
        go.Figure.layout.fset(self, value)

    def to_dict(self) -> Layout:
        """Return the figure as plain values."""
        self._settle()
        found: Layout = super().to_dict()
        return found

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

    def _settle(self) -> None:
        """Hand over what was kept."""
        late, shapes, annotations = self._late, self._shapes, self._annotations
        if not (late or shapes or annotations):
            return
        self._late, self._shapes, self._annotations = {}, [], []
        before = go.Figure.layout.fget(self)
        if shapes:
            late["shapes"] = [*before.shapes, *shapes]
        if annotations:
            late["annotations"] = [*before.annotations, *annotations]
        if self._is_begun:
            before.update(late)
            return
        # Ten times as fast as changing the layout of a figure that stands.
        self._is_begun = True
        super().__init__(data=self.data, layout=late)


def _is_plain(values: Layout) -> bool:
    """Whether a spanning shape has no words beside it and stands on the one pair of axes."""
    return not any(
        name.startswith("annotation") or name in ("row", "col", "exclude_empty_subplots", "xref", "yref")
        for name in values
    )


def _merge(into: Layout, values: Layout) -> None:
    """Add values to others, the later over the earlier, and dictionaries value by value."""
    for name, value in values.items():
        given = {"text": value} if name == "title" and isinstance(value, str) else value
        if isinstance(given, dict):
            own = into.get(name)
            into[name] = {} if not isinstance(own, dict) else own
            _merge(into[name], given)
        else:
            into[name] = given
