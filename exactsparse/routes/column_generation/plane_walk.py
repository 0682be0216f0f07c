"""A walk over the planes in which hyperplanes meet, in the pieces that the compiled one takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exactsparse.progress import Deadline
from exactsparse.routes.column_generation.budget import BUDGET
from exactsparse.routes.column_generation.pricing_kernels import WalkState, scan

Floats = NDArray[np.float64]


@dataclass(eq=False)
class PlaneWalk:
    """A walk over planes that pauses now and then.

    Parameters
    ----------
    state : WalkState
        Where it stands, and what it has found.
    """

    state: WalkState

    @classmethod
    def over(
        cls,
        planes: NDArray[np.int64],
        width: int,
        start: Floats,
        rho: float,
        duals: Floats,
        first: int = 0,
    ) -> PlaneWalk:
        """Start in a subspace, with hyperplanes from ``first`` on.

        Parameters
        ----------
        planes, width, duals
            As of the state.
        start : ndarray of float64, shape (dimension, rows)
            Coefficients of all rows in the subspace.
        rho : float
            Bound of their errors.
        first : int
            Position in ``planes``.
        """
        depth, rows, m = len(start) - 2, start.shape[1], len(planes)
        stack = np.zeros((depth + 1, depth + 2, rows))
        stack[0] = start
        errors = np.full(depth + 1, rho)
        chosen = np.full(depth, -1, dtype=np.int64)
        chosen[0] = first - 1
        where = np.full((m, depth + 1), -1, dtype=np.int64)
        return cls(WalkState(planes, width, duals, stack, errors, chosen, np.zeros(m), where))

    @property
    def place(self) -> int:
        """Position of the first hyperplane."""
        return max(int(self.state.chosen[0]), 0)

    def steps(
        self, every: bool, target: float, deadline: Deadline
    ) -> Iterator[tuple[NDArray[np.int64], float]]:
        """Rejected choices and the bound of the other planes, pause by pause.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        budget = 1 + BUDGET.most_evaluations // self.state.stack.shape[2] ** 2
        level = 0
        while level >= 0:
            deadline.check()
            rejected = np.empty((BUDGET.most_rejected, len(self.state.chosen)), dtype=np.int64)
            level, count, bound = scan(self.state, level, every, target, rejected, budget)
            yield rejected[:count], float(bound)

    def best(self) -> list[tuple[float, tuple[int, ...]]]:
        """Quotients above 1, one at most for each second hyperplane, with those of their rays."""
        best = self.state.best
        return [
            (float(best[k]), tuple(self.state.where[k].tolist())) for k in np.flatnonzero(best > 1)
        ]
