"""A picture of a law within a band: data, band, law, knots and where they can lie, slopes below."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import to_float
from exactsparse.problem.band import Intervals
from exactsparse.report.plot import save, size_of_knots, thinned
from exactsparse.report.summary import format_short
from exactsparse.report.verdict import claim_of
from exactsparse.routes.univariate.band.solution import BandSolution, LawSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAND, _LAW, _KNOT, _DATA = "#9ecae1", "#08306b", "#d94801", "0.35"
# More bars, intervals or labels than these would hide each other.
_LABEL = (0.08, 0.03)  # Of the width and the height of a picture.
_MOST_BARS, _MOST_INTERVALS, _MOST_LABELS = 400, 60, 12


def plot_law(solution: LawSolution, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw data, band, law and knots, and the slopes below; also into a file if a path is given.

    Parameters
    ----------
    solution : BandSolution or ToleranceSolution
        What to draw; beyond 20,000 points the data are thinned out evenly.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    OutputError
        If the data exceed float64, the format is unknown or the file cannot be written.
    """
    dataset, law = solution.problem.dataset, solution.law
    shown = thinned(dataset.n_points)
    x = dataset.features[0].to_float64()
    order = np.argsort(x, kind="stable")[shown]
    x, y = x[order], dataset.labels.to_float64()[order]
    lower, upper = _band(solution, order, y)
    positions, _ = law.knot_arrays()
    heights = law.predict(positions)
    ends = [bound[np.isfinite(bound)] for bound in (lower, upper)]
    if not all(np.isfinite(values).all() for values in (x, y, positions, heights, *ends)):
        raise OutputError("numbers beyond the range of float64 cannot be drawn")
    figure = Figure(figsize=(8, 6), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    points = "middle" if isinstance(solution.problem.band, Intervals) else "data"
    _draw_band(top, x, y, lower, upper, points)
    left, right = float(x.min()), float(x.max())
    curve = np.union1d(np.linspace(left, right, 2), positions)
    curve = curve[(curve >= left) & (curve <= right)]
    top.plot(curve, law.predict(curve), color=_LAW, linewidth=1.4, label="law", zorder=3)
    if len(positions):
        top.plot(
            positions, heights, "D", color=_KNOT, fillstyle="none", label="knots", zorder=4,
            markersize=size_of_knots(len(positions)),
        )  # fmt: skip
    _draw_knots(solution, top, positions, heights)
    slopes = np.array([to_float(line.slope) for line in law.lines])
    edges = np.clip(np.concatenate(([left], positions, [right])), left, right)
    bottom.stairs(slopes, edges, color=_LAW, linewidth=1.2, baseline=None)
    bottom.set_xlabel(dataset.feature_names[0])
    bottom.set_ylabel("slope")
    top.set_ylabel(dataset.label_name)
    top.set_title(claim_of(solution), fontsize="medium")
    top.legend(frameon=False)
    for axis in (top.yaxis, bottom.xaxis, bottom.yaxis):
        axis.set_major_formatter(FuncFormatter(with_separators))
    return save(figure, path)


def _band(
    solution: LawSolution, order: NDArray[np.intp], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    band, width = solution.problem.band, solution.tolerance
    if isinstance(band, Intervals):
        rows = order.tolist()
        lows = [-np.inf if band.lower[i] is None else to_float(band.lower[i]) for i in rows]
        highs = [np.inf if band.upper[i] is None else to_float(band.upper[i]) for i in rows]
        return np.array(lows), np.array(highs)
    half = to_float(width or Fraction(0))
    # What exceeds float64 is refused by the caller.
    with np.errstate(invalid="ignore"):
        return y - half, y + half


def _draw_band(
    axes: Axes,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    points: str,
) -> None:
    both, few = np.isfinite(lower) & np.isfinite(upper), len(x) <= _MOST_BARS
    if both.any():
        if few:
            axes.vlines(x[both], lower[both], upper[both], color=_BAND, linewidth=3, label="band")
        else:
            axes.fill_between(
                x, lower, upper, where=both, color=_BAND, alpha=0.6, linewidth=0, label="band"
            )
        size = 4 if few else 1.5
        axes.plot(x[both], y[both], ".", color=_DATA, markersize=size, label=points, zorder=2)
    for bound, mark, label in ((lower, "^", "lower bound only"), (upper, "v", "upper bound only")):
        alone = np.isfinite(bound) & ~both
        if alone.any():
            size = 6 if few else 2
            axes.plot(x[alone], bound[alone], mark, color=_BAND, markersize=size, label=label)


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
            axes.axvspan(to_float(low), to_float(high), color=_KNOT, alpha=0.15, lw=0, label=label)
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
            separated(format_short(knot)), (positions[k], heights[k]),
            xytext=(7 if right else -7, -11 if right == rises else 6),
            ha="left" if right else "right",
            textcoords="offset points", fontsize="small", color=_KNOT,
        )  # fmt: skip


def _is_free(named: list[tuple[bool, float, float]], place: tuple[bool, float, float]) -> bool:
    side, x, y = place
    return not any(
        side == other and abs(x - u) < _LABEL[0] and abs(y - v) < _LABEL[1] for other, u, v in named
    )


def with_separators(value: float, _: object) -> str:
    """Write a number on an axis, with commas between thousands."""
    if value and not 1e-4 <= abs(value) < 1e15:
        return f"{value:g}"
    return separated(f"{value:.10f}".rstrip("0").rstrip("."))


def separated(number: str) -> str:
    """Write a decimal with commas between thousands; anything else as it is."""
    whole, point, rest = number.partition(".")
    digits = whole.lstrip("-")
    return f"{int(whole):,}{point}{rest}" if digits.isdigit() and len(digits) > 4 else number
