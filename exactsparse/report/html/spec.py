"""What a picture holds: panels, layers of marks, and the stops that a reader can step through.

One description serves both painters: :mod:`exactsparse.report.html.svg` draws what prints and what
is seen without scripts, ``report.js`` draws it again at every zoom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Layer:
    """Marks of one kind.

    Parameters
    ----------
    mark : str
        ``"line"``, ``"dots"`` and ``"diamonds"`` at ``(x, low)``; ``"bars"`` from ``(x, low)`` to
        ``(x, high)``; ``"spans"``, over the height of the panel, from abscissa ``low`` to ``high``;
        ``"up"`` and ``"down"``: triangles at ``(x, low)``.
    style : str
        The class that gives it its colour.
    name : str
        What the legend calls it; empty for nothing.
    x, low, high : ndarray, shape (n,)
        Coordinates.
    panel : int
        Where it is drawn.
    """

    mark: str
    style: str
    name: str
    x: Floats
    low: Floats
    high: Floats | None = None
    panel: int = 0

    def heights(self) -> Floats:
        """All ordinates; none of spans."""
        if self.mark == "spans":
            return np.empty(0)
        return self.low if self.high is None else np.concatenate((self.low, self.high))

    def to_json(self) -> dict[str, Any]:
        """What the script reads."""
        found = {
            "mark": self.mark,
            "style": self.style,
            "panel": self.panel,
            "x": self.x.tolist(),
            "low": self.low.tolist(),
        }
        return found if self.high is None else found | {"high": self.high.tolist()}


@dataclass(frozen=True, eq=False)
class Stops:
    """What is said at points: of one kind, the same fields at each.

    Parameters
    ----------
    kind : str
        ``"row"`` or ``"knot"``.
    fields : tuple of str
        What the values are.
    x, y : ndarray, shape (n,)
        Where.
    values : sequence of sequence of str
        Of each point, one text for every field.
    """

    kind: str
    fields: tuple[str, ...]
    x: Floats
    y: Floats
    values: Sequence[Sequence[str]]

    def to_json(self) -> dict[str, Any]:
        """What the script reads."""
        return {
            "kind": self.kind,
            "fields": list(self.fields),
            "x": self.x.tolist(),
            "y": self.y.tolist(),
            "values": [list(texts) for texts in self.values],
        }


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture of one panel or of several above each other.

    Parameters
    ----------
    key : str
        What its identifiers in the page begin with.
    title, description : str
        For those who do not see it.
    x_label : str
        Of all panels.
    panels : tuple of (label, share of the height)
        From top to bottom.
    layers : tuple of Layer
        From back to front.
    stops : tuple of Stops
        What is said where.
    caption : tuple of str
        Sentences below it: what is drawn, and what is not.
    places : tuple of (name, low, high)
        Intervals to go to.
    free : bool
        Whether both axes are zoomed; else heights fit what is in view.
    """

    key: str
    title: str
    description: str
    x_label: str
    panels: tuple[tuple[str, float], ...]
    layers: tuple[Layer, ...]
    stops: tuple[Stops, ...] = ()
    caption: tuple[str, ...] = ()
    places: tuple[tuple[str, float, float], ...] = ()
    free: bool = False

    @property
    def is_finite(self) -> bool:
        """Whether everything can be drawn in float64, widths of ranges too."""
        (low, high), heights = self.x_range, [self.y_range(k) for k in range(len(self.panels))]
        ends = [high - low, *(top - bottom for bottom, top in heights)]
        numbers = [layer.x for layer in self.layers] + [layer.heights() for layer in self.layers]
        return all(map(math.isfinite, ends)) and all(np.isfinite(v).all() for v in numbers)

    @property
    def x_range(self) -> tuple[float, float]:
        """Ends of the abscissae, with a margin."""
        ends = [v for layer in self.layers if layer.mark != "spans" for v in _ends(layer.x)]
        return _with_margin(ends, 0.04)

    def y_range(self, panel: int) -> tuple[float, float]:
        """Ends of the ordinates of a panel, with a margin."""
        layers = [layer for layer in self.layers if layer.panel == panel]
        return _with_margin([v for layer in layers for v in _ends(layer.heights())], 0.06)

    def legend(self) -> list[tuple[str, str, str]]:
        """Mark, style and name of every layer that has one."""
        return [(layer.mark, layer.style, layer.name) for layer in self.layers if layer.name]

    def to_json(self) -> dict[str, Any]:
        """What the script reads."""
        return {
            "key": self.key,
            "xLabel": self.x_label,
            "panels": [{"label": label, "share": share} for label, share in self.panels],
            "layers": [layer.to_json() for layer in self.layers],
            "stops": [stops.to_json() for stops in self.stops],
            "places": [list(place[1:]) for place in self.places],
            "free": self.free,
            "xRange": list(self.x_range),
            "yRanges": [list(self.y_range(k)) for k in range(len(self.panels))],
        }


def _ends(values: Floats) -> list[float]:
    return [float(values.min()), float(values.max())] if len(values) else []


def _with_margin(values: list[float], share: float) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = share * (high - low)
    if high == low:
        margin = abs(low) / 10 or 1.0
    return low - margin, high + margin
