"""A picture of an exact law of one feature: data, law, knots, and runs marked by curvature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import counted
from exactsparse.report.canvas import (
    number_axes,
    plain,
    require_finite,
    size_of_knots,
    thinned,
)
from exactsparse.report.summary import headline
from exactsparse.routes.univariate.route import UnivariateSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of Okabe and Ito, and marks of their own for those who see no colours.
_RUNS = {
    0: ("#0072b2", "o", "no curvature"),
    1: ("#e69f00", "^", "convex run"),
    -1: ("#cc79a7", "v", "concave run"),
}


def draw_interpolant(axes: Axes, solution: UnivariateSolution) -> None:
    """Draw data, law and knots.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    solution : UnivariateSolution
        What to draw; beyond 20,000 points the data are thinned out evenly.

    Raises
    ------
    OutputError
        If the data exceed float64, or their abscissae are all one number there.
    """
    law = solution.law
    points = law.points
    shown = thinned(len(points))
    x, y = points.x.to_float64()[shown], points.y.to_float64()[shown]
    positions, _ = law.knot_arrays()
    knots = positions[thinned(len(positions))]
    heights = law.predict(knots)
    require_finite(x, y, knots, heights)
    if len(x) > 1 and x.min() == x.max():
        raise OutputError("the abscissae are one number in float64, and cannot be drawn")
    curve = np.union1d(x, knots)
    axes.plot(curve, law.predict(curve), color="0.35", linewidth=1.2, label="law", zorder=1)
    for sign, (color, mark, label) in _RUNS.items():
        chosen = points.signs[shown] == sign
        if chosen.any():
            axes.scatter(
                x[chosen], y[chosen], s=14, color=color, marker=mark, label=label, zorder=2
            )
    if len(knots):
        axes.plot(
            knots, heights, "D", color="black", fillstyle="none", label="knots", zorder=3,
            markersize=size_of_knots(len(knots)),
        )  # fmt: skip
    axes.set_xlabel(plain(points.dataset.shown_features[0]))
    axes.set_ylabel(plain(points.dataset.shown_label))
    knots_of = f"{counted(law.n_knots, 'knot')}, {counted(len(points), 'point')}"
    axes.set_title(f"{headline(solution)}   ({knots_of})", fontsize="medium")
    axes.legend(framealpha=0.85, edgecolor="none")
    number_axes(axes)
