"""The proof that no function meets the data."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from exactsparse.errors import NoFunctionError
from exactsparse.problem.conflicts import reconciliation
from exactsparse.problem.problem import Problem
from exactsparse.problem.rows import Window, windows_of
from exactsparse.solution.solution import Solution, Status


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class InfeasibleSolution(Solution):
    """The proof that no function meets the data.

    Parameters
    ----------
    reason : str
        Which rows forbid it.
    argument : dict
        The proof, as certificates write it.

    Examples
    --------
    >>> import exactsparse as es
    >>> es.solve([0, 1, 2], [0, 1, 0], shape="convex").reason
    'the data: rows 0, 1 and 2 allow no convex function'
    """

    reason: str
    argument: dict[str, Any]

    @classmethod
    def of_empty_window(
        cls, problem: Problem, method: str, windows: Sequence[Window] | None = None
    ) -> InfeasibleSolution | None:
        """The solution of a problem with a point whose bounds leave no number; None without one.

        Where every distinct point has a number, some network meets them all.

        Parameters
        ----------
        problem : Problem
            With a band, of any number of features.
        method : str
            The route that answers.
        windows : sequence of Window, optional
            Of the points, if they are known.

        Examples
        --------
        >>> from exactsparse import Dataset
        >>> data = Dataset.from_arrays([[0, 1], [0, 1]], [0, 3])
        >>> found = InfeasibleSolution.of_empty_window(Problem.of(data, tolerance=1), "tree")
        >>> found.reason.partition(";")[0]
        'the data: rows 0 and 1 have the same point and no value in common'
        """
        began = time.perf_counter()
        if windows is None:
            windows = windows_of(problem.dataset, problem.half_width)
        place = next((k for k, window in enumerate(windows) if window.is_empty), None)
        if place is None:
            return None
        origin = problem.dataset.origin
        rows = {windows[place].lower_row, windows[place].upper_row}
        first, *others = sorted(map(origin.row_number, rows))
        reason = f"row {first}: the lower bound lies above the upper one"
        if others:
            reason = f"rows {first} and {others[0]} have the same point and no value in common"
        if others and problem.dataset.intervals is None:
            reason += f"; {reconciliation(problem.dataset)}"
        return cls(
            problem=problem,
            status=Status.INFEASIBLE,
            cost=math.inf,
            bound=math.inf,
            method=method,
            seconds=time.perf_counter() - began,
            reason=f"{origin}: {reason}",
            argument={"kind": "empty_interval", "abscissa": place},
        )

    @property
    def value(self) -> float:
        """Infinity, the least cost of no function."""
        return math.inf

    @property
    def lower_bound(self) -> float:
        """Infinity."""
        return math.inf

    @property
    def network(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoFunctionError
            Always.
        """
        raise NoFunctionError(f"there is no network: {self.reason}")

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/solution/1``: value and network are null."""
        return self._json(None) | {"reason": self.reason}

    def _argument(self) -> dict[str, Any]:
        return self.argument
