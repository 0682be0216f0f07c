"""Networks of two features: the data in the plane, coloured by label, and where neurons switch."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import counted, to_float
from exactsparse.report.html.numbers import exact_text
from exactsparse.report.html.rows import Rows
from exactsparse.report.html.spec import Floats, Layer, Picture, Stops
from exactsparse.solution import Solution

_SHADES = 5
_MOST_DRAWN = 3_000
_MOST_LINES = 40


def plane_picture(solution: Solution) -> Picture:
    """The picture of a network of two features.

    Parameters
    ----------
    solution : Solution
        With a network.
    """
    rows, dataset, network = Rows.of(solution), solution.problem.dataset, solution.network
    x, y = (column.to_float64() for column in dataset.features)
    kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), _MOST_DRAWN)).round().astype(np.intp))
    box = [(float(v.min()), float(v.max())) for v in (x, y)]
    lines = list(_lines(solution, box))
    first, second = dataset.shown_features
    caption = [] if len(kept) == len(x) else [
        f"Of {len(x):,} rows {len(kept):,} are drawn, evenly spaced in the table."
    ]  # fmt: skip
    if len(lines) < network.n_neurons:
        caption.append(
            f"Of {counted(network.n_neurons, 'neuron')} {len(lines)} switch within the picture"
            + (
                f", of which the first {_MOST_LINES} are drawn."
                if len(lines) == _MOST_LINES
                else "."
            )
        )
    return Picture(
        key="plane",
        title=f"{dataset.shown_label} over {first} and {second}",
        description=(
            f"{counted(len(dataset), 'row')} of data in the plane of {first} and {second}, in "
            f"{_SHADES} shades from the lowest labels to the highest, and the "
            f"{counted(len(lines), 'line')} along which neurons switch. The table of neurons holds "
            "the same numbers."
        ),
        x_label=first,
        panels=((second, 1.0),),
        layers=(*_shades(rows.y, x, y, kept), *lines),
        stops=(_stops(solution, rows, kept, x, y),),
        caption=tuple(caption),
        free=True,
    )


def _shades(labels: Floats, x: Floats, y: Floats, kept: NDArray[np.intp]) -> Iterator[Layer]:
    values = np.unique(labels)
    # Labels beyond float64 are of the darkest shade.
    with np.errstate(invalid="ignore"):
        edges = np.quantile(values, np.linspace(0, 1, _SHADES + 1))
    shade = np.clip(np.searchsorted(edges[1:-1], labels, side="right"), 0, _SHADES - 1)
    for k in range(_SHADES):
        chosen = kept[shade[kept] == k]
        if len(chosen):
            low, high = labels[chosen].min(), labels[chosen].max()
            name = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
            yield Layer("dots", f"shade{k}", name, x[chosen], y[chosen])


def _lines(solution: Solution, box: list[tuple[float, float]]) -> Iterator[Layer]:
    """Where the inputs of neurons are zero, clipped to the data."""
    (left, right), (bottom, top) = box
    found = 0
    for neuron in solution.network.neurons:
        if not any(neuron.weights) or found == _MOST_LINES:
            continue
        a, b = (to_float(w / _size(neuron.weights)) for w in neuron.weights)
        c = to_float(neuron.bias / _size(neuron.weights))
        ends = []
        if b:
            ends += [(u, -(a * u + c) / b) for u in (left, right)]
        if a:
            ends += [(-(b * v + c) / a, v) for v in (bottom, top)]
        slack = 1e-9 * max(right - left, 1e-300), 1e-9 * max(top - bottom, 1e-300)
        inside = sorted(
            {
                (u, v)
                for u, v in ends
                if left - slack[0] <= u <= right + slack[0]
                and bottom - slack[1] <= v <= top + slack[1]
            }
        )
        if len(inside) > 1:
            found += 1
            xs, ys = np.array([inside[0], inside[-1]]).T
            name = "where a neuron switches" if found == 1 else ""
            yield Layer("line", "switch", name, xs, ys)


def _size(weights: tuple[Fraction, ...]) -> Fraction:
    return max(map(abs, weights))


def _stops(solution: Solution, rows: Rows, kept: NDArray[np.intp], x: Floats, y: Floats) -> Stops:
    dataset, network = solution.problem.dataset, solution.network
    names = ["row", *dataset.shown_features]
    names += [] if rows.intervals is not None else [dataset.shown_label]
    names += ["network", "band"] if rows.has_band else []
    values = []
    for row in kept.tolist():
        *point, label = dataset.row(row)
        texts = [str(dataset.origin.row_number(row)), *map(exact_text, point)]
        if rows.intervals is None:
            texts.append(exact_text(label))
        if rows.has_band:
            texts += [exact_text(network.evaluate(point)), rows.window_text(row)]
        values.append(texts)
    return Stops("row", tuple(names), x[kept], y[kept], values)
