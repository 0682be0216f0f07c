"""The law of one feature: data, band, law, where knots can lie, and slopes below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import counted, to_float
from exactsparse.report.html.curve import Curve, steps
from exactsparse.report.html.numbers import exact_text, interval_text
from exactsparse.report.html.rows import Rows
from exactsparse.report.html.spec import Floats, Layer, Picture, Stops
from exactsparse.report.html.svg import MOST_MARKS
from exactsparse.report.html.thinning import COLUMNS, drawn
from exactsparse.routes.univariate.band.solution import BandSolution
from exactsparse.solution import Solution

_MOST_PLACES = 200
# What is seen around a knot that one goes to, as a share of the whole.
_AROUND = 0.01


@dataclass(frozen=True, eq=False)
class _Knots:
    """The knots that are drawn, of all or of long laws some, and where they can lie."""

    curve: Curve
    which: NDArray[np.intp]
    heights: Floats
    intervals: list[tuple[Fraction, Fraction]] | None

    @property
    def x(self) -> Floats:
        return self.curve.positions[self.which]

    def spans(self) -> list[Layer]:
        """Where knots can lie."""
        if not self.intervals:
            return []
        low, high = np.array([[to_float(end) for end in ends] for ends in self.intervals]).T
        return [Layer("spans", "where", "where a knot can lie", self.x, low, high)]

    def stops(self, x_name: str) -> Stops:
        """What is said at the knots."""
        fields = ["knot", x_name, "slope before", "slope after"]
        values = [[str(k + 1), *map(exact_text, self.curve.knot(k))] for k in self.which.tolist()]
        if self.intervals is not None:
            fields.append("can lie in")
            for row, interval in zip(values, self.intervals, strict=True):
                row.append(interval_text(*interval))
        return Stops("knot", tuple(fields), self.x, self.heights, values)

    def places(self, width: float) -> Iterator[tuple[str, float, float]]:
        """Intervals around the knots, to go to."""
        for place, k in enumerate(self.which.tolist()):
            at = float(self.x[place])
            low = high = at
            if self.intervals is not None:
                low, high = (to_float(end) for end in self.intervals[place])
            around = max(high - low, width * _AROUND if low == high else 0.0)
            yield (
                f"knot {k + 1}, at {exact_text(self.curve.knot(k)[0])}",
                low - around,
                high + around,
            )


def law_picture(solution: Solution, curve: Curve) -> Picture:
    """The picture of a law.

    Parameters
    ----------
    solution : Solution
        Of one feature, with a function.
    curve : Curve
        Its function.
    """
    rows, dataset = Rows.of(solution), solution.problem.dataset
    x_name, y_name = dataset.shown_features[0], dataset.shown_label
    x = dataset.features[0].to_float64()
    order = np.argsort(x, kind="stable")
    kept = order[drawn(x[order], rows.y[order], rows.lower[order], rows.upper[order])]
    ends = _ends(x, curve.positions)
    line = np.concatenate((ends[:1], curve.positions, ends[1:]))
    values = curve.predict(line)
    heights = values[1:-1]
    corners = drawn(line, values)
    slopes = curve.slopes
    edges, levels = steps(line, slopes)
    bends = drawn(edges, levels)
    which = drawn(curve.positions, heights, most=COLUMNS)
    intervals = solution.knot_intervals if isinstance(solution, BandSolution) else None
    knots = _Knots(
        curve, which, heights[which], intervals and [intervals[k] for k in which.tolist()]
    )
    layers = (
        *knots.spans(),
        *rows.layers(x[kept], rows.lower[kept], rows.upper[kept], rows.y[kept]),
        Layer("line", "law", "the law", line[corners], values[corners]),
        Layer("diamonds", "knots", "knots of this law", knots.x, knots.heights),
        Layer("line", "slope", "", edges[bends], levels[bends], panel=1),
    )
    said = (row_stops(rows, kept, curve, x[kept]), knots.stops(x_name))
    places = knots.places(float(ends[1] - ends[0])) if len(which) <= _MOST_PLACES else ()
    return Picture(
        key="law",
        title=f"{y_name} over {x_name}",
        description=_description(solution, curve, rows),
        x_label=x_name,
        panels=((y_name, 3.0), ("slope", 1.0)),
        layers=tuple(layer for layer in layers if len(layer.x)),
        stops=tuple(stops for stops in said if len(stops.x)),
        caption=tuple(_caption(len(dataset), len(kept), curve.n_knots, len(which))),
        places=tuple(places),
    )


def row_stops(rows: Rows, kept: NDArray[np.intp], curve: Curve, x: Floats) -> Stops:
    """What is said at the rows that are drawn.

    Parameters
    ----------
    rows : Rows
        All rows.
    kept : ndarray of intp
        Those that are drawn.
    curve : Curve
        The function.
    x : ndarray
        Where they are.
    """
    dataset = rows.dataset
    names = ["row", dataset.shown_features[0], dataset.shown_label]
    if rows.intervals is not None:
        names.pop()
    # Without a band the law is the label.
    names += ["law", "band"] if rows.has_band else []
    values, heights = [], rows.y[kept].copy()
    for place, row in enumerate(kept.tolist()):
        at = dataset.features[0][row]
        texts = [str(dataset.origin.row_number(row)), exact_text(at)]
        if rows.intervals is None:
            texts.append(exact_text(dataset.labels[row]))
        if rows.has_band:
            law = curve.evaluate(at)
            texts += [exact_text(law), rows.window_text(row)]
            heights[place] = heights[place] if rows.intervals is None else to_float(law)
        values.append(texts)
    return Stops("row", tuple(names), x, heights, values)


def _ends(x: Floats, positions: Floats) -> Floats:
    """From where to where the law is drawn: over all data and knots."""
    marks = np.concatenate(([x.min(), x.max()], positions[:1], positions[-1:]))
    return np.array([marks.min(), marks.max()])


def _description(solution: Solution, curve: Curve, rows: Rows) -> str:
    dataset = solution.problem.dataset
    text = (
        f"{counted(len(dataset), 'row')} of data and a continuous piecewise-linear law with "
        f"{counted(curve.n_knots, 'knot')}"
    )
    if rows.has_band:
        text += ", and the band that it keeps within"
    return (
        f"{text}. Below it the slopes of its pieces. The tables of the law hold the same numbers."
    )


def _caption(n: int, kept: int, n_knots: int, shown: int) -> Iterator[str]:
    if kept < n:
        yield (
            f"Of {n:,} rows {kept:,} are drawn: in each of {COLUMNS:,} columns the first, the "
            "last, the lowest and the highest; zooming in shows no others."
        )
    if shown < n_knots:
        yield f"Of {n_knots:,} knots {shown:,} can be marked, chosen in the same way."
    if shown > MOST_MARKS:
        yield f"Knots are marked where no more than {MOST_MARKS} are in view."
