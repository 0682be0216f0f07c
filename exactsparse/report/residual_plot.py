"""Values of a network beside labels and band, row by row: of any number of features."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from exactsparse.report.canvas import (
    DATA,
    LAW,
    band_of,
    draw_band,
    has_band,
    number_axes,
    plain,
    require_finite,
    thinned,
)
from exactsparse.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Rows and neurons times features; beyond, rows are thinned out.
_MOST_PRODUCTS = 50_000_000
_MOST_DOTS, _FEWEST_DOTS = 20_000, 100

Floats = NDArray[np.float64]


class _Sample(NamedTuple):
    """Some rows, ascending, with points, labels, values and bounds in float64."""

    rows: NDArray[np.intp]
    labels: Floats
    values: Floats
    lower: Floats
    upper: Floats


def _sample_of(solution: Solution) -> _Sample:
    dataset, network = solution.problem.dataset, solution.network
    work = dataset.n_features * max(len(network.neurons), 1)
    rows = thinned(dataset.n_points, min(max(_MOST_PRODUCTS // work, _FEWEST_DOTS), _MOST_DOTS))
    points = np.column_stack([feature.to_float64()[rows] for feature in dataset.features])
    labels = dataset.labels.to_float64()[rows]
    values = network.predict(points)
    lower, upper = band_of(solution, rows, labels)
    ends = [bound[np.isfinite(bound)] for bound in (lower, upper)]
    require_finite(points, labels, values, *ends)
    return _Sample(rows, labels, values, lower, upper)


def draw_residuals(axes: Axes, solution: Solution) -> None:
    """Draw value minus label at every row, and the band around it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    solution : Solution
        With a network; many rows are thinned out evenly.

    Raises
    ------
    OutputError
        If numbers exceed float64.
    """
    sample = _sample_of(solution)
    at, y = sample.rows.astype(np.float64), sample.labels
    draw_band(axes, at, sample.values - y, sample.lower - y, sample.upper - y, "value − label")
    axes.axhline(0, color=DATA, linewidth=0.8)
    axes.set_xlabel("row, counted from 0")
    axes.set_ylabel("value − label")
    axes.set_title("residuals, the band behind them", fontsize="small")
    number_axes(axes)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def draw_fit(axes: Axes, solution: Solution) -> None:
    """Draw values against labels, and the band: what is exact lies on the diagonal.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    solution : Solution
        With a network; many rows are thinned out evenly.

    Raises
    ------
    OutputError
        If numbers exceed float64.
    """
    sample = _sample_of(solution)
    order = np.argsort(sample.labels, kind="stable")
    labels, values = sample.labels[order], sample.values[order]
    lower, upper = sample.lower[order], sample.upper[order]
    axes.axline((labels[0], labels[0]), slope=1, color=LAW, linewidth=0.8, label="equal")
    if has_band(solution):
        draw_band(axes, labels, values, lower, upper, "data")
    else:
        axes.plot(labels, values, ".", color=DATA, label="data, exact", zorder=2)
    name = plain(solution.problem.dataset.shown_label)
    axes.set_xlabel(f"{name}, label")
    axes.set_ylabel(f"{name}, value of the network")
    axes.legend(frameon=False, fontsize="small")
    number_axes(axes)
