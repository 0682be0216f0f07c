"""Fewest knots against tolerance: the least tolerance for every number of knots, exact."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from exactsparse.errors import ProblemError
from exactsparse.exact.numbers import rational_text, to_float
from exactsparse.problem.problem import Problem, require_choice, require_one_feature
from exactsparse.progress import Deadline, Progress, silent, until_stopped
from exactsparse.solve import INTERRUPTS, as_dataset, require_time_limit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from exactsparse.problem.dataset import Dataset
    from exactsparse.routes.univariate.band.dual import Tolerances
    from exactsparse.routes.univariate.band.solution import ToleranceSolution

MOST_KNOTS = 20
_FEW_KNOTS = 4


@dataclass(frozen=True)
class TradeoffPoint:
    """The least tolerance for a number of knots.

    Parameters
    ----------
    knots : int
        How many are allowed.
    tolerance : Fraction
        What a law of so few knots attains: the least of all, if it equals ``lower_bound``.
    lower_bound : Fraction
        Proved: no law of so few knots has less.
    """

    knots: int
    tolerance: Fraction
    lower_bound: Fraction

    @property
    def proved(self) -> bool:
        """Whether the tolerance is the least."""
        return self.tolerance == self.lower_bound


@dataclass(frozen=True, eq=False, repr=False)
class Tradeoff(Sequence[TradeoffPoint]):
    """Least tolerances for 0, 1, 2, … knots, up to a number or the first that needs none.

    Parameters
    ----------
    dataset : Dataset
        The table.
    points : tuple of TradeoffPoint
        One for every number of knots, from 0 on.
    seconds : float
        How long it took.

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
    _table: Tolerances

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, knots: Any) -> Any:
        return self.points[knots]

    def __repr__(self) -> str:
        return f"<Tradeoff: 0 to {len(self) - 1} knots, elbow at {self.elbow}>"

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

    def solution(self, knots: int) -> ToleranceSolution:
        """The law of a number of knots within the least tolerance, with its certificate.

        Raises
        ------
        IndexError
            If the curve does not reach so far.
        """
        from exactsparse.routes.univariate.band.route import tolerance_solution

        if not 0 <= knots < len(self):
            raise IndexError(f"the curve is known for 0 to {len(self) - 1} knots, not for {knots}")
        return tolerance_solution(Problem.of(self.dataset, knots=knots), self._table, self.seconds)

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/tradeoff/1``, rationals as strings."""
        return {
            "schema": "exactsparse/tradeoff/1",
            "points": [
                {
                    "knots": point.knots,
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

    def plot(self, path: str | os.PathLike[str] | None = None) -> Figure:
        """Draw the curve, its elbow, and laws around it; also into a file if a path is given.

        Parameters
        ----------
        path : path, optional
            ``.png``, ``.svg`` or ``.pdf``.

        Raises
        ------
        OutputError
            If the data exceed float64, or the file cannot be written.
        """
        # The one upward import: users expect the method, and drawing belongs to the reports.
        from exactsparse.report.tradeoff_plot import plot_tradeoff

        return plot_tradeoff(self, path)


def tradeoff(
    X: Any,
    y: Any = None,
    *,
    knots: int = MOST_KNOTS,
    time_limit: float | None = None,
    floats: str | None = None,
    on_interrupt: str = "raise",
    progress: Progress = silent,
) -> Tradeoff:
    """Least tolerance for every number of knots: how few a table of one feature needs, and when.

    Parameters
    ----------
    X, y
        One feature, as in :func:`exactsparse.solve`.
    knots : int
        How far the curve goes; it ends earlier where no tolerance is needed any more.
    time_limit : float, optional
        Seconds after which what is known is returned: a tolerance that is attained and one that is
        proved to be needed, for every number of knots.
    floats : {"decimal", "binary"}, optional
        How floats are read, as in :func:`exactsparse.solve`.
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, or return what is known.
    progress : callable, optional
        Receives (task, done, total) now and then.

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
        If there are several features, or an interval per row.

    Notes
    -----
    ``ε*(k)`` is exact; its two proofs are those of ``solve(X, y, knots=k)``.

    Examples
    --------
    >>> import exactsparse as es
    >>> curve = es.tradeoff([0, 1, 2, 3, 4], [0, 1, 0, 1, 0])
    >>> [(point.knots, str(point.tolerance)) for point in curve]
    [(0, '1/2'), (1, '1/2'), (2, '1/2'), (3, '0')]
    """
    from exactsparse.routes.univariate.band.route import tolerances_of

    dataset = as_dataset(X, y, floats)
    problem = Problem.of(dataset, knots=knots)
    knots = 0 if problem.limit is None else problem.limit.most
    require_choice("on_interrupt", on_interrupt, INTERRUPTS)
    require_time_limit(time_limit)
    require_one_feature(dataset, "the curve is")
    if dataset.intervals is not None:
        raise ProblemError("every row has its own interval: there is no tolerance to vary")
    began = time.perf_counter()
    deadline = Deadline(time_limit, interrupts_count=on_interrupt == "return")
    table, found = tolerances_of(problem), []
    # So many suffice for any law.
    knots = min(knots, len(dataset))
    table.keep(knots)
    with deadline.hears_interrupts(), until_stopped(deadline):
        for k in range(knots + 1):
            progress("least tolerances", k, knots + 1)
            table.least(k, deadline)
    for k in range(knots + 1):
        low, high = table.bounds(k)
        found.append(TradeoffPoint(k, high.tolerance, low.tolerance))
        if found[-1].tolerance == table.floor:
            break
    return Tradeoff(dataset, tuple(found), time.perf_counter() - began, table)
