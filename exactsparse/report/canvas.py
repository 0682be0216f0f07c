"""What all pictures share: figures that notebooks show, names and numbers in them, files."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from fractions import Fraction
from textwrap import fill
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import to_float
from exactsparse.problem.band import Intervals
from exactsparse.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Thing = TypeVar("Thing")
# Of Okabe and Ito, which the colour-blind can tell apart.
BAND, LAW, KNOT, DATA = "#9ecae1", "#08306b", "#d94801", "0.35"
_MOST_DOTS = 20_000
_MOST_BARS = 400
_LONGEST_NAME = 50
_TITLE = 76


class Picture(Figure):
    """A figure that a notebook shows as the result of a cell, once, and that pyplot never keeps."""

    def _repr_png_(self) -> bytes:
        return self.png()

    def png(self) -> bytes:
        """The figure as a PNG file, a hundred dots per inch."""
        held = io.BytesIO()
        self.savefig(held, format="png", dpi=100)
        return held.getvalue()


def new_figure(width: float, height: float) -> Picture:
    """An empty figure of so many inches."""
    return Picture(figsize=(width, height), layout="constrained")


def placed(
    thing: Thing,
    figure_of: Callable[[Thing], Picture],
    draw: Callable[[Axes, Thing], None],
    path: str | os.PathLike[str] | None,
    ax: Axes | None,
) -> Figure | Axes:
    """Draw something into axes, which are returned, or else into a figure of its own.

    Parameters
    ----------
    thing : object
        What is drawn.
    figure_of, draw : callable
        How it is drawn whole, and into one frame.
    path : path or None
        A file to write, too.
    ax : matplotlib.axes.Axes or None
        The frame.

    Raises
    ------
    OutputError
        If the format is unknown or the file cannot be written.
    """
    if ax is None:
        whole = figure_of(thing)
        save(whole, path)
        return whole
    draw(ax, thing)
    around = ax.get_figure(root=True)
    if around is not None:
        save(around, path)
    return ax


def save(figure: Figure, path: str | os.PathLike[str] | None) -> None:
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


def require_finite(*arrays: NDArray[np.float64]) -> None:
    """Refuse what cannot be drawn.

    Raises
    ------
    OutputError
        If a number is not finite.
    """
    if not all(np.isfinite(values).all() for values in arrays):
        raise OutputError("numbers beyond the range of float64 cannot be drawn")


def thinned(n: int, most: int = _MOST_DOTS) -> NDArray[np.intp]:
    """At most 20,000 evenly spaced positions, the first and the last among them."""
    return np.unique(np.linspace(0, max(n - 1, 0), min(n, most)).round().astype(np.intp))


def size_of_knots(n: int) -> float:
    """Size of the marks of so many knots: many would hide the law."""
    return max(2.0, 7 - n / 30)


def plain(name: str) -> str:
    """A name as it is, in which no dollar begins a formula; a long one is cut."""
    shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return shown.replace("$", r"\$")


def in_lines(title: str) -> str:
    """A title in lines that a figure is wide enough for."""
    return fill(title, _TITLE)


def number_axes(axes: Axes) -> None:
    """Write the numbers of both axes in full, with commas between thousands."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(with_separators))


def with_separators(value: float, _: object = None) -> str:
    """Write a number on an axis, with commas between thousands."""
    if value and not 1e-4 <= abs(value) < 1e15:
        return f"{value:g}"
    return separated(f"{value:.10f}".rstrip("0").rstrip("."))


def separated(number: str) -> str:
    """Write a decimal with commas between thousands; anything else as it is."""
    whole, point, rest = number.partition(".")
    digits = whole.lstrip("-")
    return f"{int(whole):,}{point}{rest}" if digits.isdigit() and len(digits) > 4 else number


def half_width_of(solution: Solution) -> Fraction:
    """How far the function may be from every label; 0 where every row has its own interval."""
    if solution.problem.objective.is_tolerance and isinstance(solution.cost, Fraction):
        return solution.cost
    return solution.problem.half_width


def has_band(solution: Solution) -> bool:
    """Whether the function meets an interval at every row, not the label."""
    return solution.problem.band is not None or half_width_of(solution) > 0


def band_of(
    solution: Solution, rows: NDArray[np.intp], labels: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds at some rows, in float64; infinite where there is none."""
    band = solution.problem.band
    if isinstance(band, Intervals):
        order = rows.tolist()
        lows = [-np.inf if band.lower[i] is None else to_float(band.lower[i]) for i in order]
        highs = [np.inf if band.upper[i] is None else to_float(band.upper[i]) for i in order]
        return np.array(lows), np.array(highs)
    half = to_float(half_width_of(solution))
    # What exceeds float64 is refused by the caller.
    with np.errstate(invalid="ignore"):
        return labels - half, labels + half


def draw_band(
    axes: Axes,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    points: str,
) -> None:
    """Draw intervals and what lies in them, x ascending; ``points`` names the latter."""
    both, few = np.isfinite(lower) & np.isfinite(upper), len(x) <= _MOST_BARS
    if both.any():
        if few:
            axes.vlines(x[both], lower[both], upper[both], color=BAND, linewidth=3, label="band")
        else:
            axes.fill_between(
                x, lower, upper, where=both, color=BAND, alpha=0.6, linewidth=0, label="band"
            )
        size = 4 if few else 1.5
        axes.plot(x[both], y[both], ".", color=DATA, markersize=size, label=points, zorder=2)
    for bound, mark, label in ((lower, "^", "lower bound only"), (upper, "v", "upper bound only")):
        alone = np.isfinite(bound) & ~both
        if alone.any():
            size = 6 if few else 2
            axes.plot(x[alone], bound[alone], mark, color=BAND, markersize=size, label=label)
