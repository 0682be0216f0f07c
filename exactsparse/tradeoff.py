"""Size against tolerance: the least tolerance for every number of knots, parameters or neurons."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast, overload

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import format_rational, rational_text, to_float
from exactsparse.problem.limit import require_time_limit
from exactsparse.problem.problem import Problem, require_choice, require_one_feature
from exactsparse.progress import WORK_CLOCK, Deadline, Progress, until_stopped
from exactsparse.progress_bar import reports
from exactsparse.routes.registry import INSTEAD_OF_KNOTS
from exactsparse.solve import INTERRUPTS, as_dataset

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from exactsparse.problem.dataset import Dataset
    from exactsparse.routes.activity_search.least_tolerance import LeastTolerances
    from exactsparse.routes.activity_search.tolerance_solution import NetworkToleranceSolution
    from exactsparse.routes.univariate.band.dual import Tolerances
    from exactsparse.routes.univariate.band.solution import ToleranceSolution

MOST_KNOTS = 20
_FEW_KNOTS = 4


@dataclass(frozen=True, repr=False)
class TradeoffPoint:
    """The least tolerance for a number of knots, parameters or neurons.

    Parameters
    ----------
    count : int
        How many are allowed.
    tolerance : Fraction
        What a function of so few attains: the least of all, if it equals ``lower_bound``.
    lower_bound : Fraction
        Proved: no function of so few has less.
    """

    count: int
    tolerance: Fraction
    lower_bound: Fraction

    def __repr__(self) -> str:
        proved = "the least" if self.proved else f"at least {format_rational(self.lower_bound)}"
        return f"<TradeoffPoint: {self.count} within {format_rational(self.tolerance)}, {proved}>"

    @property
    def knots(self) -> int:
        """The count, where knots are counted."""
        return self.count

    @property
    def proved(self) -> bool:
        """Whether the tolerance is the least."""
        return self.tolerance == self.lower_bound


@dataclass(frozen=True, eq=False, repr=False)
class Tradeoff(Sequence[TradeoffPoint]):
    """Least tolerances for 0, 1, 2, … of something, up to a number or the first that needs none.

    Parameters
    ----------
    dataset : Dataset
        The table.
    points : tuple of TradeoffPoint
        One for every number, from 0 on.
    seconds : float
        How long it took.
    counted : str
        ``"knots"``, ``"parameters"`` or ``"neurons"``.
    skip : str
        ``"affine"`` or ``"none"``.

    Examples
    --------
    >>> import exactsparse as es
    >>> curve = es.tradeoff([0, 1, 2, 3, 4], [0, 1, 0, 1, 0])
    >>> len(curve), curve.elbow, str(curve[2].tolerance)
    (4, 3, '1/2')
    """

    dataset: Dataset
    points: tuple[TradeoffPoint, ...]
    seconds: float
    _table: Tolerances | LeastTolerances
    counted: str = "knots"
    skip: str = "affine"

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, count: Any) -> Any:
        return self.points[count]

    def __repr__(self) -> str:
        return f"<Tradeoff: 0 to {len(self) - 1} {self.counted}, elbow at {self.elbow}>"

    @property
    def elbow(self) -> int | None:
        """Number of knots at which the curve bends most: more of them gain little.

        Where the tolerance, on a logarithmic scale, falls most before it against after it; behind
        the last point nothing is taken to fall.  A tolerance of zero counts as a thousandth of the
        one before, or is left out where it takes a knot on more than a quarter of the points.  None
        of a single point, and where the bend is of tolerances that are not proved to be least.

        Notes
        -----
        A rule of thumb, not a theorem: look at the curve.
        """
        values = [point.tolerance for point in self.points]
        if len(values) < 2:
            return None
        if values[-1] == 0 and len(values) - 1 > max(_FEW_KNOTS, self.dataset.n_points // 4):
            values.pop()
        elif values[-1] == 0:
            values[-1] = values[-2] / 1000
        logs = [math.log(max(to_float(value), sys.float_info.min)) for value in values]
        falls = [before - after for before, after in pairwise(logs)] + [0.0]
        bends = [before - after for before, after in pairwise(falls)]
        bend = 1 + bends.index(max(bends))
        return bend if all(point.proved for point in self.points[bend - 1 : bend + 2]) else None

    def solution(self, count: int) -> ToleranceSolution | NetworkToleranceSolution:
        """The law, or network, of a number of knots, parameters or neurons.

        Within the least tolerance for them; a law of one feature has its certificate.

        Raises
        ------
        IndexError
            If the curve does not reach so far.
        """
        if not 0 <= count < len(self):
            raise IndexError(
                f"the curve is known for 0 to {len(self) - 1} {self.counted}, not for {count}"
            )
        problem = _problem(self.dataset, self.counted, count, self.skip)
        if self.counted == "knots":
            from exactsparse.routes.univariate.band.route import tolerance_solution

            return tolerance_solution(problem, cast("Tolerances", self._table), self.seconds)
        from exactsparse.routes.activity_search.tolerance_solution import (
            tolerance_solution as network_solution,
        )

        return network_solution(problem, cast("LeastTolerances", self._table), self.seconds)

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/tradeoff/1``, rationals as strings."""
        return {
            "schema": "exactsparse/tradeoff/1",
            "points": [
                {
                    self.counted: point.count,
                    "tolerance": rational_text(point.tolerance),
                    "lower_bound": rational_text(point.lower_bound),
                    "status": "optimal" if point.proved else "feasible",
                }
                for point in self.points
            ],
            "elbow": self.elbow,
            "n_points": self.dataset.n_points,
            "seconds": round(self.seconds, 6),
        }

    @overload
    def plot(self, path: str | os.PathLike[str] | None = None, *, ax: None = None) -> Figure: ...
    @overload
    def plot(self, path: str | os.PathLike[str] | None = None, *, ax: Axes) -> Axes: ...
    def plot(
        self, path: str | os.PathLike[str] | None = None, *, ax: Axes | None = None
    ) -> Figure | Axes:
        """Draw the curve, its elbow, and laws around it; also into a file if a path is given.

        Parameters
        ----------
        path : path, optional
            ``.png``, ``.svg`` or ``.pdf``.
        ax : matplotlib.axes.Axes, optional
            Where to draw the curve; the laws are left out then.

        Returns
        -------
        Figure or Axes
            The axes if they are given; else a figure, which a notebook shows.

        Raises
        ------
        OutputError
            If the data exceed float64, or the file cannot be written.
        """
        # The one upward import: users expect the method, and drawing belongs to the reports.
        from exactsparse.report.tradeoff_plot import plot_tradeoff

        return plot_tradeoff(self, path, ax)

    def _repr_html_(self) -> str:
        from exactsparse.report.notebook import tradeoff_html

        return tradeoff_html(self)


def tradeoff(
    X: Any,
    y: Any = None,
    *,
    knots: int | None = None,
    parameters: int | None = None,
    neurons: int | None = None,
    skip: str | None = None,
    time_limit: float | None = None,
    floats: str | None = None,
    on_interrupt: str = "raise",
    progress: Progress | bool = False,
) -> Tradeoff:
    """Least tolerance for every number of knots, parameters or neurons: how few are needed, when.

    Parameters
    ----------
    X, y : Dataset, or array_like of shapes (n, d) and (n,)
        As in :func:`exactsparse.solve`; one feature where knots are counted.
    knots : int, optional
        How far the curve goes, 20 by default; it ends earlier where no tolerance is needed.
    parameters, neurons : int, optional
        Of any number of features: count these, and go so far.
    skip : {"affine", "none"}, optional
        As in :func:`exactsparse.solve`, where parameters or neurons are counted.
    time_limit : float, optional
        Seconds after which what is known is returned: a tolerance that is attained and one that is
        proved to be needed, for every number.
    floats : {"decimal", "binary"}, optional
        How floats are read, as in :func:`exactsparse.solve`.
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, or return what is known.
    progress : bool or callable
        As in :func:`exactsparse.solve`.

    Returns
    -------
    Tradeoff

    Raises
    ------
    DataError
        If the data are not finite numbers.
    ProblemError
        If an option is out of range.
    UnsupportedProblemError
        If there are several features and knots are counted, or an interval per row.

    Notes
    -----
    ``ε*(k)`` is exact; of knots its two proofs are those of ``solve(X, y, knots=k)``.

    Examples
    --------
    >>> import exactsparse as es
    >>> curve = es.tradeoff([0, 1, 2, 3, 4], [0, 1, 0, 1, 0])
    >>> [(point.count, str(point.tolerance)) for point in curve]
    [(0, '1/2'), (1, '1/2'), (2, '1/2'), (3, '0')]
    >>> curve = es.tradeoff([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], parameters=3)
    >>> [str(point.tolerance) for point in curve]
    ['1', '1/2', '1/2', '1/2']
    """
    dataset = as_dataset(X, y, floats)
    if knots is None and parameters is None and neurons is None:
        knots = MOST_KNOTS
    problem = Problem.of(dataset, knots=knots, parameters=parameters, neurons=neurons, skip=skip)
    require_choice("on_interrupt", on_interrupt, INTERRUPTS)
    require_time_limit(time_limit)
    if problem.limit is None:
        raise AssertionError("a curve is one of knots, parameters or neurons")
    counted, most = problem.limit.counted, problem.limit.most
    if counted == "knots":
        require_one_feature(dataset, "the curve is", INSTEAD_OF_KNOTS)
        if problem.skip != "affine":
            raise ProblemError("knots are counted with a free affine part: leave skip out")
    began = time.perf_counter()
    deadline = Deadline(time_limit, interrupts_count=on_interrupt == "return")
    known: Tolerances | LeastTolerances
    with reports(progress) as told:
        if counted == "knots":
            known, most = _curve_of_knots(problem, most, deadline, told)
        else:
            known = _curve_of_networks(problem, deadline, told)
    found: list[TradeoffPoint] = []
    for k in range(most + 1):
        high = known.upper(k).tolerance
        found.append(TradeoffPoint(k, high, known.lower(k)))
        if high == known.floor:
            break
    seconds = time.perf_counter() - began
    return Tradeoff(dataset, tuple(found), seconds, known, counted, problem.skip)


def _problem(dataset: Dataset, counted: str, count: int, skip: str) -> Problem:
    given: dict[str, Any] = {counted: count}
    return Problem.of(dataset, skip=skip, **given)


def _curve_of_knots(
    problem: Problem, most: int, deadline: Deadline, progress: Progress
) -> tuple[Tolerances, int]:
    from exactsparse.routes.univariate.band.route import tolerances_of

    table = tolerances_of(problem)
    # So many suffice for any law.
    most = min(most, len(problem.dataset))
    table.keep(most)
    with deadline.hears_interrupts(), until_stopped(deadline):
        for k in range(most + 1):
            progress("least tolerances", k, most + 1)
            table.least(k, deadline)
    return table, most


def _curve_of_networks(problem: Problem, deadline: Deadline, progress: Progress) -> LeastTolerances:
    from exactsparse.routes.activity_search.least_tolerance import LeastTolerances

    if problem.limit is None:
        raise AssertionError("a curve is one of parameters or neurons")
    with WORK_CLOCK.pauses_told_to(progress), deadline.hears_interrupts():
        known = LeastTolerances.of(problem, deadline, progress)
        with until_stopped(deadline):
            for k in range(problem.limit.most + 1):
                known.prove(k)
                if known.upper(k).tolerance == known.floor:
                    break
    return known
