"""The picture of a solution of any kind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from exactsparse.report.band_plot import draw_law, law_figure
from exactsparse.report.canvas import Picture, new_figure, placed
from exactsparse.report.interpolant_plot import draw_interpolant
from exactsparse.report.line_plot import draw_line
from exactsparse.report.partial_plot import partial_figure
from exactsparse.report.plane_plot import draw_plane, plane_figure
from exactsparse.report.residual_plot import draw_fit
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_solution(
    solution: Solution, path: str | os.PathLike[str] | None = None, ax: Axes | None = None
) -> Figure | Axes:
    """Draw a solution; also into a file if a path is given.

    Parameters
    ----------
    solution : Solution
        With a function.
    path : path, optional
        ``.png``, ``.svg`` or ``.pdf``.
    ax : matplotlib.axes.Axes, optional
        Where; what else belongs to the picture is left out then.

    Returns
    -------
    Figure or Axes
        The axes if they are given, else the figure.

    Raises
    ------
    NoFunctionError
        If there is no function.
    OutputError
        If the data exceed float64, the format is unknown or the file cannot be written.
    """
    return placed(solution, solution_figure, _draw, path, ax)


def solution_figure(solution: Solution) -> Picture:
    """The picture of a solution."""
    if isinstance(solution, LawSolution):
        return law_figure(solution)
    n_features = solution.problem.dataset.n_features
    if n_features > 1:
        return plane_figure(solution) if n_features == 2 else partial_figure(solution)
    figure = new_figure(8, 4.5)
    _draw(figure.add_subplot(), solution)
    return figure


def _draw(axes: Axes, solution: Solution) -> None:
    """What can be drawn into one frame."""
    if isinstance(solution, UnivariateSolution):
        draw_interpolant(axes, solution)
    elif isinstance(solution, LawSolution):
        draw_law(axes, solution)
    else:
        pictures = {1: draw_line, 2: draw_plane}
        pictures.get(solution.network.n_features, draw_fit)(axes, solution)
