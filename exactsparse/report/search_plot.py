"""A picture of a search: what was proved and what was found, against time."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from exactsparse.errors import UnsupportedProblemError
from exactsparse.exact.numbers import to_float
from exactsparse.report.canvas import BAND, KNOT, LAW, Picture, new_figure, number_axes, placed
from exactsparse.report.summary import headline
from exactsparse.solution import Solution, Status

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Beyond such a quotient of costs a linear scale shows nothing of the smaller ones.
_WIDE = 20


def plot_search(
    solution: Solution, path: str | os.PathLike[str] | None = None, ax: Axes | None = None
) -> Figure | Axes:
    """Draw bound and cost of a search against time.

    Parameters
    ----------
    solution : Solution
        With a history.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.
    ax : matplotlib.axes.Axes, optional
        Where.

    Raises
    ------
    OutputError
        If the file cannot be written.
    UnsupportedProblemError
        If the solution has no history.
    """
    if not solution.history:
        raise UnsupportedProblemError(
            f"method {solution.method!r} keeps no record of its way: plot_search() draws searches "
            "for networks"
        )
    return placed(solution, _figure, _draw, path, ax)


def _figure(solution: Solution) -> Picture:
    figure = new_figure(8, 4)
    _draw(figure.add_subplot(), solution)
    return figure


def _draw(axes: Axes, solution: Solution) -> None:
    stages = solution.history
    at = np.array([stage.seconds for stage in stages])
    bounds = np.array([_number(stage.bound) for stage in stages])
    costs = np.array([_number(stage.cost) for stage in stages])
    costs[np.isinf(costs)] = np.nan
    axes.step(at, costs, where="post", color=KNOT, label="best exact network so far")
    axes.step(at, bounds, where="post", color=LAW, label="proved: no network has less")
    axes.fill_between(
        at, bounds, costs, step="post", color=BAND, alpha=0.4, linewidth=0, label="open"
    )
    if solution.status is Status.OPTIMAL:
        axes.plot(at[-1], costs[-1], "*", color="black", markersize=11, label="they meet: optimal")
    finite = costs[np.isfinite(costs)]
    if len(finite) and finite.max() > _WIDE * max(float(finite.min()), 1.0):
        axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("seconds of search, without compiling")
    axes.set_ylabel(solution.problem.objective.replace("_", " "))
    axes.set_title(headline(solution), fontsize="medium")
    axes.legend(frameon=False)
    number_axes(axes)


def _number(value: int | Fraction | float) -> float:
    return to_float(value) if isinstance(value, Fraction) else float(value)
