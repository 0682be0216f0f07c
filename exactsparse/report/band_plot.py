"""A picture of a law within a band: data, band, law, knots and where they can lie, slopes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.numbers import to_float
from exactsparse.problem.band import Intervals
from exactsparse.report.canvas import (
    KNOT,
    LAW,
    Picture,
    band_of,
    draw_band,
    in_lines,
    new_figure,
    number_axes,
    plain,
    require_finite,
    separated,
    size_of_knots,
    thinned,
)
from exactsparse.report.law_table import digits_of_knots
from exactsparse.report.summary import format_short
from exactsparse.report.verdict import claim_of
from exactsparse.routes.univariate.band.solution import BandSolution, LawSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABEL = (0.08, 0.03)  # Of the width and the height of a picture.
# More intervals or labels than these would hide each other.
_MOST_INTERVALS, _MOST_LABELS = 60, 12


def law_figure(solution: LawSolution) -> Picture:
    """A figure of :func:`draw_law` with the slopes below."""
    figure = new_figure(8, 6)
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    draw_law(top, solution)
    top.set_xlabel("")
    law, x = solution.law, solution.problem.dataset.features[0].to_float64()
    left, right = float(x.min()), float(x.max())
    slopes = np.array([to_float(line.slope) for line in law.lines])
    positions, _ = law.knot_arrays()
    edges = np.clip(np.concatenate(([left], positions, [right])), left, right)
    bottom.stairs(slopes, edges, color=LAW, linewidth=1.2, baseline=None)
    bottom.set_xlabel(plain(solution.problem.dataset.shown_features[0]))
    bottom.set_ylabel("slope")
    number_axes(bottom)
    return figure


def draw_law(axes: Axes, solution: LawSolution) -> None:
    """Draw data, band, law and knots, and where the knots can lie.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    solution : BandSolution or ToleranceSolution
        What to draw; beyond 20,000 points the data are thinned out evenly.

    Raises
    ------
    OutputError
        If the data exceed float64.
    """
    dataset, law = solution.problem.dataset, solution.law
    shown = thinned(dataset.n_points)
    x = dataset.features[0].to_float64()
    order = np.argsort(x, kind="stable")[shown]
    x, y = x[order], dataset.labels.to_float64()[order]
    lower, upper = band_of(solution, order, y)
    positions, _ = law.knot_arrays()
    heights = law.predict(positions)
    ends = [bound[np.isfinite(bound)] for bound in (lower, upper)]
    require_finite(x, y, positions, heights, *ends)
    points = "middle" if isinstance(solution.problem.band, Intervals) else "data"
    draw_band(axes, x, y, lower, upper, points)
    left, right = float(x.min()), float(x.max())
    curve = np.union1d(np.linspace(left, right, 2), positions)
    curve = curve[(curve >= left) & (curve <= right)]
    axes.plot(curve, law.predict(curve), color=LAW, linewidth=1.4, label="law", zorder=3)
    if len(positions):
        axes.plot(
            positions, heights, "D", color=KNOT, fillstyle="none", label="knots", zorder=4,
            markersize=size_of_knots(len(positions)),
        )  # fmt: skip
    _draw_knots(solution, axes, positions, heights)
    axes.set_xlabel(plain(dataset.shown_features[0]))
    axes.set_ylabel(plain(dataset.shown_label))
    axes.set_title(in_lines(claim_of(solution)), fontsize="medium")
    axes.legend(framealpha=0.85, edgecolor="none")
    number_axes(axes)


def _draw_knots(
    solution: LawSolution,
    axes: Axes,
    positions: NDArray[np.float64],
    heights: NDArray[np.float64],
) -> None:
    """Where each knot can lie, and the abscissa of the one that is drawn, if there is room."""
    intervals = solution.knot_intervals if isinstance(solution, BandSolution) else None
    if intervals and len(intervals) <= _MOST_INTERVALS:
        for k, (low, high) in enumerate(intervals):
            label = "where it can lie" if k == 0 else None
            axes.axvspan(to_float(low), to_float(high), color=KNOT, alpha=0.15, lw=0, label=label)
    if len(positions) <= _MOST_LABELS:
        axes.margins(x=0.08, y=0.1)
        _name_knots(solution, axes, positions, heights)


def _name_knots(
    solution: LawSolution,
    axes: Axes,
    positions: NDArray[np.float64],
    heights: NDArray[np.float64],
) -> None:
    """Abscissae beside the knots: away from a neighbour, off the law, none on another."""
    width, height = np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())
    gaps = np.concatenate(([np.inf], np.diff(positions), [np.inf])) / width
    named: list[tuple[bool, float, float]] = []
    digits = digits_of_knots(solution, solution.law.positions)
    digits = 6 if digits == 10 else digits
    for k, knot in enumerate(solution.law.positions):
        right = k % 2 == 0
        if min(gaps[k : k + 2]) < _LABEL[0]:
            right = bool(gaps[k] < gaps[k + 1])
        x, y = positions[k] / width, heights[k] / height
        if not _is_free(named, (right, x, y)):
            right = not right
        if not _is_free(named, (right, x, y)):
            continue
        named.append((right, x, y))
        rises = solution.law.lines[k + right].slope >= 0
        axes.annotate(
            separated(format_short(knot, digits)), (positions[k], heights[k]),
            xytext=(7 if right else -7, -11 if right == rises else 6),
            ha="left" if right else "right",
            textcoords="offset points", fontsize="small", color=KNOT,
        )  # fmt: skip


def _is_free(named: list[tuple[bool, float, float]], place: tuple[bool, float, float]) -> bool:
    side, x, y = place
    return not any(
        side == other and abs(x - u) < _LABEL[0] and abs(y - v) < _LABEL[1] for other, u, v in named
    )
