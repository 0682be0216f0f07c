"""A picture of size against tolerance; of one feature with the laws around the elbow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import counted, to_float
from exactsparse.report.band_plot import separated, with_separators
from exactsparse.report.plot import save, thinned
from exactsparse.report.summary import format_short
from exactsparse.routes.univariate.band.solution import LawSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exactsparse.tradeoff import Tradeoff

_CURVE, _ELBOW, _LAW, _DATA = "#08306b", "#d94801", "#08306b", "0.6"


def plot_tradeoff(tradeoff: Tradeoff, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the curve on a logarithmic scale, and the laws of its elbow and its neighbours.

    Parameters
    ----------
    tradeoff : Tradeoff
        What to draw.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    OutputError
        If the data exceed float64, the format is unknown or the file cannot be written.
    """
    known = {point.count: point.tolerance for point in tradeoff}
    elbow = max(known) if tradeoff.elbow is None else tradeoff.elbow
    chosen = [k for k in (elbow - 1, elbow, elbow + 1) if k in known]
    # Only laws of one feature can be drawn.
    chosen = chosen if tradeoff.counted == "knots" else []
    one = tradeoff.counted.removesuffix("s")
    figure = Figure(figsize=(10, 5.5), layout="constrained")
    grid = figure.add_gridspec(max(len(chosen), 1), 2, width_ratios=(3, 2))
    axes = figure.add_subplot(grid[:, 0] if chosen else grid[:, :])
    knots, values = np.array(list(known)), np.array([to_float(v) for v in known.values()])
    if not np.isfinite(values).all():
        raise OutputError("numbers beyond the range of float64 cannot be drawn")
    # A logarithmic scale has no zero.
    positive = values > 0 if values.any() else values == 0
    axes.plot(
        knots[positive], values[positive], "o-", color=_CURVE, linewidth=1, markersize=5,
    )  # fmt: skip
    if values.any():
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, 1)
    axes.set_xlim(-0.5, max(known) + 0.5)
    _mark_zero(axes, known, one)
    height = to_float(known[elbow])
    if height > 0:
        axes.plot(elbow, height, "D", color=_ELBOW, fillstyle="none", markersize=11)
        axes.annotate(
            _within(elbow, known[elbow], one),
            (elbow, height), xytext=(10, 8), textcoords="offset points", color=_ELBOW,
        )  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_xlabel(tradeoff.counted)
    axes.set_ylabel(f"least tolerance of {tradeoff.dataset.label_name}")
    for row, k in enumerate(chosen):
        panel = figure.add_subplot(grid[row, 1])
        _draw_law(panel, tradeoff, k)
        panel.tick_params(labelbottom=row == len(chosen) - 1)
        if row == len(chosen) - 1:
            panel.set_xlabel(tradeoff.dataset.feature_names[0])
    return save(figure, path)


def _within(count: int, tolerance: Fraction, one: str) -> str:
    within = f"within {separated(format_short(tolerance))}" if tolerance else "exact"
    return f"{counted(count, one)}{' ' if tolerance else ', '}{within}"


def _mark_zero(axes: Axes, known: Mapping[int, Fraction], one: str) -> None:
    """Say with how many no tolerance is needed, which a logarithmic scale cannot show."""
    exact = next((k for k, tolerance in known.items() if tolerance == 0), None)
    if exact is not None:
        axes.axvline(exact, color=_ELBOW, linestyle=":", linewidth=1)
        axes.annotate(
            # The curve comes from above on the left, so that the top is free.
            f"{counted(exact, one)}: exact", (exact, 1), xytext=(-6, -8), ha="right", va="top",
            xycoords=("data", "axes fraction"), textcoords="offset points", color=_ELBOW,
        )  # fmt: skip


def _draw_law(axes: Axes, tradeoff: Tradeoff, knots: int) -> None:
    dataset, solution = tradeoff.dataset, tradeoff.solution(knots)
    if not isinstance(solution, LawSolution):
        raise AssertionError("laws are of one feature")
    x, y = dataset.features[0].to_float64(), dataset.labels.to_float64()
    shown = np.argsort(x, kind="stable")[thinned(len(x))]
    positions, _ = solution.law.knot_arrays()
    ends = [float(x.min()), float(x.max())]
    curve = np.union1d(ends, positions)
    curve = curve[(curve >= ends[0]) & (curve <= ends[1])]
    axes.plot(x[shown], y[shown], ".", color=_DATA, markersize=3)
    axes.plot(curve, solution.law.predict(curve), color=_LAW, linewidth=1.2)
    axes.plot(positions, solution.law.predict(positions), "D", color=_ELBOW, fillstyle="none")
    axes.set_title(_within(knots, tradeoff[knots].tolerance, "knot"), fontsize="small")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(with_separators))
