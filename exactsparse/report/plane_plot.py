"""A picture of a network of two features: its values, the lines of its neurons, data, residuals."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patheffects import AbstractPathEffect, Normal, Stroke
from numpy.typing import NDArray

from exactsparse.exact.numbers import counted, to_float
from exactsparse.problem.network import Network
from exactsparse.report.canvas import (
    Picture,
    has_band,
    in_lines,
    new_figure,
    number_axes,
    plain,
    require_finite,
    thinned,
    with_separators,
)
from exactsparse.report.residual_plot import draw_residuals
from exactsparse.report.verdict import claim_of
from exactsparse.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The same to all kinds of colour blindness, and in grey.
_COLOURS = "viridis"
_MOST_POINTS, _MOST_LINES, _MOST_NAMED = 5_000, 200, 8
# Products of neurons and places of the grid.
_MOST_PRODUCTS = 50_000_000
_FINEST = 200
_MARGIN = 0.06

Box = tuple[tuple[float, float], tuple[float, float]]
Floats = NDArray[np.float64]


def plane_figure(solution: Solution) -> Picture:
    """A figure of :func:`draw_plane`, within a band with the residuals below."""
    if not has_band(solution):
        figure = new_figure(8, 5.5)
        draw_plane(figure.add_subplot(), solution)
        return figure
    figure = new_figure(8, 7)
    top, bottom = figure.subplots(2, 1, height_ratios=(3, 1))
    draw_plane(top, solution)
    draw_residuals(bottom, solution)
    return figure


def draw_plane(axes: Axes, solution: Solution) -> None:
    """Draw values as colours, the line on which each neuron begins, and data in the same colours.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where; the bar of colours takes some of its place.
    solution : Solution
        Of two features; beyond 5,000 points the data are thinned out, beyond 200 neurons no line is
        drawn.

    Raises
    ------
    OutputError
        If the data exceed float64.
    """
    dataset, network = solution.problem.dataset, solution.network
    shown = thinned(dataset.n_points, _MOST_POINTS)
    u, v = (feature.to_float64()[shown] for feature in dataset.features)
    labels = dataset.labels.to_float64()[shown]
    require_finite(u, v, labels)
    box = (_range(u), _range(v))
    side = int(np.sqrt(_MOST_PRODUCTS / max(len(network.neurons), 1)))
    across, up = (np.linspace(*ends, min(max(side, 20), _FINEST)) for ends in box)
    places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    values = network.predict(places).reshape(len(up), len(across))
    require_finite(values)
    least = min(float(values.min()), float(labels.min()))
    most = max(float(values.max()), float(labels.max()))
    colours = Normalize(least, most if most > least else least + 1)
    mesh = axes.pcolormesh(
        across, up, values, norm=colours, cmap=_COLOURS, shading="nearest", rasterized=True
    )
    if np.ptp(values) > 0:
        axes.contour(across, up, values, levels=9, colors="black", linewidths=0.4, alpha=0.5)
    drawn = _draw_lines(axes, network, box)
    axes.scatter(
        u, v, c=labels, norm=colours, cmap=_COLOURS, edgecolors="white", linewidths=1,
        s=30 if len(u) <= 400 else 8, path_effects=_outlined(2), zorder=4,
    )  # fmt: skip
    whole = axes.get_figure(root=True)
    if whole is not None:
        bar = whole.colorbar(mesh, ax=axes, label=plain(dataset.shown_label))
        bar.ax.yaxis.set_major_formatter(with_separators)
    axes.set_xlim(*box[0])
    axes.set_ylim(*box[1])
    names = dataset.shown_features
    axes.set_xlabel(plain(names[0]))
    axes.set_ylabel(plain(names[1]))
    left_out = "" if drawn else f" ({counted(len(network.neurons), 'neuron')}, lines not drawn)"
    axes.set_title(in_lines(claim_of(solution) + left_out), fontsize="medium")
    number_axes(axes)


def _outlined(width: float) -> list[AbstractPathEffect]:
    """White lines with black edges, which are seen on every colour."""
    return [Stroke(linewidth=width, foreground="black"), Normal()]


def _range(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _draw_lines(axes: Axes, network: Network, box: Box) -> bool:
    """Draw where neurons begin; whether there are few enough for that."""
    if len(network.neurons) > _MOST_LINES:
        return False
    for number, ends in _segments(network, box):
        (start, end) = ends
        axes.plot(
            *zip(*ends, strict=True), color="white", linewidth=1.2, path_effects=_outlined(2.6),
            zorder=3, solid_capstyle="butt",
        )  # fmt: skip
        if len(network.neurons) <= _MOST_NAMED:
            at = (0.93 * end[0] + 0.07 * start[0], 0.93 * end[1] + 0.07 * start[1])
            axes.annotate(
                str(number), at, ha="center", va="center", fontsize="small", zorder=5,
                bbox={"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": "black"},
                color="black",
            )  # fmt: skip
    return True


def _segments(
    network: Network, box: Box
) -> Iterator[tuple[int, tuple[tuple[float, float], tuple[float, float]]]]:
    """Number of each neuron, counted from 1, and where its line enters and leaves the box."""
    (left, right), (bottom, top) = box
    for number, neuron in enumerate(network.neurons, start=1):
        size = max(map(abs, neuron.weights))
        if not size:
            continue
        # Scaled, so that no weight is beyond floats.
        a, b, c = (to_float(Fraction(w) / size) for w in (*neuron.weights, neuron.bias))
        if not np.isfinite(c):
            continue
        found = []
        if abs(b) > 0:
            found += [(x, -(a * x + c) / b) for x in (left, right)]
        if abs(a) > 0:
            found += [(-(b * y + c) / a, y) for y in (bottom, top)]
        slack = 1e-9 * max(right - left, top - bottom)
        inside = sorted(
            (x, y)
            for x, y in found
            if left - slack <= x <= right + slack and bottom - slack <= y <= top + slack
        )
        if len(inside) >= 2 and inside[0] != inside[-1]:
            yield number, (inside[0], inside[-1])
