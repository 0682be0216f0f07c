"""A picture of a univariate solution: data, law, knots, and runs coloured by curvature."""

from __future__ import annotations

import os

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import counted
from exactsparse.report.summary import headline
from exactsparse.routes.univariate.route import UnivariateSolution

_MOST_DOTS = 20_000
_COLORS = {1: ("tab:orange", "convex run"), -1: ("tab:purple", "concave run")}


def plot_solution(
    solution: UnivariateSolution, path: str | os.PathLike[str] | None = None
) -> Figure:
    """Draw data, law and knots; also into a file if a path is given.

    Parameters
    ----------
    solution : UnivariateSolution
        What to draw; beyond 20,000 points the data are thinned out evenly.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    OutputError
        If the data exceed float64, the format is unknown or the file cannot be written.
    """
    law = solution.law
    points = law.points
    shown = thinned(len(points))
    x, y = points.x.to_float64()[shown], points.y.to_float64()[shown]
    positions, _ = law.knot_arrays()
    knots = positions[thinned(len(positions))]
    drawn = (x, y, law.predict(knots))
    if not all(np.isfinite(values).all() for values in drawn):
        raise OutputError("numbers beyond the range of float64 cannot be drawn")
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    curve = np.union1d(x, knots)
    axes.plot(curve, law.predict(curve), color="0.35", linewidth=1.2, label="law", zorder=1)
    for sign in (0, 1, -1):
        chosen = points.signs[shown] == sign
        if chosen.any():
            color, label = _COLORS.get(sign, ("tab:blue", "no curvature"))
            axes.scatter(x[chosen], y[chosen], s=14, color=color, label=label, zorder=2)
    if len(knots):
        heights = law.predict(knots)
        axes.plot(
            knots, heights, "D", color="black", fillstyle="none", label="knots", zorder=3,
            markersize=size_of_knots(len(knots)),
        )  # fmt: skip
    axes.set_xlabel(points.dataset.feature_names[0])
    axes.set_ylabel(points.dataset.label_name)
    knots_of = f"{counted(law.n_knots, 'knot')}, {counted(len(points), 'point')}"
    axes.set_title(f"{headline(solution)}   ({knots_of})")
    axes.legend(frameon=False)
    return save(figure, path)


def size_of_knots(n: int) -> float:
    """Size of the marks of so many knots: many would hide the law."""
    return max(2.0, 7 - n / 30)


def save(figure: Figure, path: str | os.PathLike[str] | None) -> Figure:
    """Write a figure into a file if a path is given.

    Raises
    ------
    OutputError
        If the format is unknown or the file cannot be written.
    """
    try:
        if path is not None:
            figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot write the picture: {error}") from None
    return figure


def thinned(n: int) -> NDArray[np.intp]:
    """At most 20,000 evenly spaced positions, the first and the last among them."""
    return np.unique(np.linspace(0, max(n - 1, 0), min(n, _MOST_DOTS)).round().astype(np.intp))
