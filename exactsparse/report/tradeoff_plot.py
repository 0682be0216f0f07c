"""A picture of size against tolerance; of one feature with the laws around the elbow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from exactsparse.exact.numbers import counted, to_float
from exactsparse.report.canvas import (
    KNOT,
    LAW,
    Picture,
    new_figure,
    number_axes,
    placed,
    plain,
    require_finite,
    separated,
    thinned,
)
from exactsparse.report.summary import format_short
from exactsparse.routes.univariate.band.solution import LawSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from exactsparse.tradeoff import Tradeoff

_DATA = "0.6"


def plot_tradeoff(
    tradeoff: Tradeoff, path: str | os.PathLike[str] | None = None, ax: Axes | None = None
) -> Figure | Axes:
    """Draw the curve; also into a file if a path is given.

    Parameters
    ----------
    tradeoff : Tradeoff
        What to draw.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.
    ax : matplotlib.axes.Axes, optional
        Where to draw the curve, without laws.

    Raises
    ------
    OutputError
        If the data exceed float64, the format is unknown or the file cannot be written.
    """
    return placed(tradeoff, tradeoff_figure, draw_tradeoff, path, ax)


def tradeoff_figure(tradeoff: Tradeoff) -> Picture:
    """A figure of :func:`draw_tradeoff` with the laws of the elbow and its neighbours beside it."""
    figure = new_figure(10, 5.5)
    known, elbow = _known(tradeoff)
    chosen = [k for k in (elbow - 1, elbow, elbow + 1) if k in known]
    # Only laws of one feature can be drawn.
    chosen = chosen if tradeoff.counted == "knots" else []
    grid = figure.add_gridspec(max(len(chosen), 1), 2, width_ratios=(3, 2))
    draw_tradeoff(figure.add_subplot(grid[:, 0] if chosen else grid[:, :]), tradeoff)
    for row, k in enumerate(chosen):
        panel = figure.add_subplot(grid[row, 1])
        _draw_law(panel, tradeoff, k)
        panel.tick_params(labelbottom=row == len(chosen) - 1)
        if row == len(chosen) - 1:
            panel.set_xlabel(plain(tradeoff.dataset.shown_features[0]))
    return figure


def draw_tradeoff(axes: Axes, tradeoff: Tradeoff) -> None:
    """Draw the curve on a logarithmic scale.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    tradeoff : Tradeoff
        What to draw.

    Raises
    ------
    OutputError
        If the data exceed float64.
    """
    known, elbow = _known(tradeoff)
    one = tradeoff.counted.removesuffix("s")
    knots, values = np.array(list(known)), np.array([to_float(v) for v in known.values()])
    require_finite(values)
    # A logarithmic scale has no zero.
    positive = values > 0 if values.any() else values == 0
    axes.plot(
        knots[positive], values[positive], "o-", color=LAW, linewidth=1, markersize=5,
    )  # fmt: skip
    if values.any():
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, 1)
    axes.set_xlim(-0.5, max(known) + 0.5)
    _mark_zero(axes, known, one)
    height = to_float(known[elbow])
    if height > 0:
        axes.plot(elbow, height, "D", color=KNOT, fillstyle="none", markersize=11)
        axes.annotate(
            _within(elbow, known[elbow], one),
            (elbow, height), xytext=(10, 8), textcoords="offset points", color=KNOT,
        )  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_xlabel(tradeoff.counted)
    axes.set_ylabel(f"least tolerance of {plain(tradeoff.dataset.shown_label)}")


def _known(tradeoff: Tradeoff) -> tuple[dict[int, Fraction], int]:
    """Tolerances by number, and the elbow, or the last number where there is none."""
    known = {point.count: point.tolerance for point in tradeoff}
    return known, max(known) if tradeoff.elbow is None else tradeoff.elbow


def _within(count: int, tolerance: Fraction, one: str) -> str:
    within = f"within {separated(format_short(tolerance))}" if tolerance else "exact"
    return f"{counted(count, one)}{' ' if tolerance else ', '}{within}"


def _mark_zero(axes: Axes, known: Mapping[int, Fraction], one: str) -> None:
    """Say with how many no tolerance is needed, which a logarithmic scale cannot show."""
    exact = next((k for k, tolerance in known.items() if tolerance == 0), None)
    if exact is not None:
        axes.axvline(exact, color=KNOT, linestyle=":", linewidth=1)
        axes.annotate(
            # The curve comes from above on the left, so that the top is free.
            f"{counted(exact, one)}: exact", (exact, 1), xytext=(-6, -8), ha="right", va="top",
            xycoords=("data", "axes fraction"), textcoords="offset points", color=KNOT,
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
    axes.plot(curve, solution.law.predict(curve), color=LAW, linewidth=1.2)
    axes.plot(positions, solution.law.predict(positions), "D", color=KNOT, fillstyle="none")
    axes.set_title(_within(knots, tradeoff[knots].tolerance, "knot"), fontsize="small")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    number_axes(axes)
