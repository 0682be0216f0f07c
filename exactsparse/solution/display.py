"""What a solution shows of itself: values at points, pictures, tables, its face in notebooks."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast, overload

import numpy as np

from exactsparse.errors import ProblemError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from exactsparse.solution.solution import Solution

# Upward imports, in all methods: users expect them here, and drawing belongs to the reports.


class Display:
    """Methods of every solution, whatever it was found by."""

    def __call__(self, x: Any) -> Fraction:
        """Value at one point, exact; ``network.predict`` takes arrays.

        Parameters
        ----------
        x : number or str, or a sequence of them
            The abscissa; of several features a number for each.

        Raises
        ------
        NoFunctionError
            If there is no function.
        ProblemError
            If it is no point of so many features.
        """
        itself = cast("Solution", self)
        network = itself.network
        if np.ndim(x) > (network.n_features > 1):
            what = "one abscissa" if network.n_features == 1 else "one point"
            raise ProblemError(
                f"a solution is called with {what}, exact; solution.network.predict(X) takes an "
                "array"
            )
        return network.evaluate(x)

    @overload
    def plot(self, path: str | os.PathLike[str] | None = None, *, ax: None = None) -> Figure: ...
    @overload
    def plot(self, path: str | os.PathLike[str] | None = None, *, ax: Axes) -> Axes: ...
    def plot(
        self, path: str | os.PathLike[str] | None = None, *, ax: Axes | None = None
    ) -> Figure | Axes:
        """Draw data and function; also into a file if a path is given.

        One feature: data, band, law and knots.  Two: values as colours, the line on which each
        neuron begins, the data.  More: values against labels, and lines along the features.

        Parameters
        ----------
        path : path, optional
            ``.png``, ``.svg`` or ``.pdf``.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a panel of slopes or residuals is left out then.

        Returns
        -------
        Figure or Axes
            The axes if they are given; else a figure, which a notebook shows, and which pyplot does
            not keep.

        Raises
        ------
        NoFunctionError
            If there is no function.
        OutputError
            If the data exceed float64, or the file cannot be written.
        """
        from exactsparse.report.plot import plot_solution

        return plot_solution(cast("Solution", self), path, ax)

    @overload
    def plot_search(
        self, path: str | os.PathLike[str] | None = None, *, ax: None = None
    ) -> Figure: ...
    @overload
    def plot_search(self, path: str | os.PathLike[str] | None = None, *, ax: Axes) -> Axes: ...
    def plot_search(
        self, path: str | os.PathLike[str] | None = None, *, ax: Axes | None = None
    ) -> Figure | Axes:
        """Draw how a search came to its result: proved bound and best network against time.

        Parameters
        ----------
        path, ax
            As for :meth:`plot`.

        Returns
        -------
        Figure or Axes
            As of :meth:`plot`.

        Raises
        ------
        OutputError
            If the file cannot be written.
        UnsupportedProblemError
            If the result was not searched for: those of one feature are computed.
        """
        from exactsparse.report.search_plot import plot_search

        return plot_search(cast("Solution", self), path, ax)

    def to_frame(self, *, exact: bool = False) -> Any:
        """The function as a table: the pieces of a law, or the neurons of a network.

        Pieces have ``start``, ``end``, ``slope`` and ``intercept``.  Neurons have a weight for
        each feature, ``bias`` and ``output``; an affine part is the last row, named so.

        Parameters
        ----------
        exact : bool
            Whether numbers are texts as ``-1/2``, nothing where there is no end; else they are
            float64, the nearest, with infinities.

        Returns
        -------
        pandas.DataFrame or pyarrow.Table
            The former if pandas is installed.

        Raises
        ------
        NoFunctionError
            If there is no function.
        """
        from exactsparse.report.frame import solution_frame

        return solution_frame(cast("Solution", self), exact)

    def to_html(
        self, path: str | os.PathLike[str] | None = None, *, curve_seconds: float = 5.0
    ) -> str:
        """A report in one HTML file: verdict, picture, law, proof, data and code; it loads nothing.

        Parameters
        ----------
        path : path, optional
            Where to write it; over a file that exists.
        curve_seconds : float
            Time that the curve of knots against tolerance may take; 0 leaves it out.

        Returns
        -------
        str
            The text of the file.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        from exactsparse.report.html.page import html_report, write

        text = html_report(cast("Solution", self), curve_seconds=curve_seconds)
        if path is not None:
            write(text, path)
        return text

    def _repr_html_(self) -> str:
        from exactsparse.report.notebook import solution_html

        return solution_html(cast("Solution", self))
