"""A picture of a network of one feature: data, band, function and kinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exactsparse.exact.numbers import to_float
from exactsparse.problem.band import Intervals
from exactsparse.report.canvas import (
    KNOT,
    LAW,
    band_of,
    draw_band,
    has_band,
    in_lines,
    number_axes,
    plain,
    require_finite,
    size_of_knots,
    thinned,
)
from exactsparse.report.verdict import claim_of
from exactsparse.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_line(axes: Axes, solution: Solution) -> None:
    """Draw data, band, function and kinks of a network of one feature.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    solution : Solution
        Of one feature, by a route of any number; beyond 20,000 points the data are thinned out.

    Raises
    ------
    OutputError
        If the data exceed float64.
    """
    dataset, network = solution.problem.dataset, solution.network
    x = dataset.features[0].to_float64()
    order = np.argsort(x, kind="stable")[thinned(len(x))]
    x, y = x[order], dataset.labels.to_float64()[order]
    lower, upper = band_of(solution, order, y)
    kinks = np.array(
        sorted(to_float(-n.bias / n.weights[0]) for n in network.neurons if any(n.weights))
    )
    left, right = float(x.min()), float(x.max())
    kinks = kinks[(kinks >= left) & (kinks <= right)]
    curve = np.union1d([left, right], kinks)
    heights = network.predict(curve)
    ends = [bound[np.isfinite(bound)] for bound in (lower, upper)]
    require_finite(x, y, heights, *ends)
    if has_band(solution):
        between = isinstance(solution.problem.band, Intervals)
        draw_band(axes, x, y, lower, upper, "middle" if between else "data")
    else:
        axes.plot(x, y, ".", color="0.35", label="data", zorder=2)
    axes.plot(curve, heights, color=LAW, linewidth=1.4, label="network", zorder=3)
    if len(kinks):
        axes.plot(
            kinks, network.predict(kinks), "D", color=KNOT, fillstyle="none", label="kinks",
            zorder=4, markersize=size_of_knots(len(kinks)),
        )  # fmt: skip
    axes.set_xlabel(plain(dataset.shown_features[0]))
    axes.set_ylabel(plain(dataset.shown_label))
    axes.set_title(in_lines(claim_of(solution)), fontsize="medium")
    axes.legend(framealpha=0.85, edgecolor="none")
    number_axes(axes)
