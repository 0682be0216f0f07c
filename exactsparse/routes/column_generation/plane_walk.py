"""A walk over the planes in which hyperplanes meet, in the pieces that the compiled one takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exactsparse.progress import Deadline
from exactsparse.routes.column_generation.budget import BUDGET
from exactsparse.routes.column_generation.pricing_kernels import scan

Floats = NDArray[np.float64]


@dataclass(eq=False)
class PlaneWalk:
    """A walk over planes that pauses now and then.

    Parameters
    ----------
    planes : ndarray of int, shape (m,)
        Rows of pairwise different hyperplanes.
    width : int
        D, the first rows.
    duals : ndarray of float64, shape (n,)
        λ.
    stack, errors, chosen : ndarray
        State, as :func:`~exactsparse.routes.column_generation.pricing_kernels.scan` has it.
    best, where : ndarray
        Largest quotients and their rays.
    """

    planes: NDArray[np.int64]
    width: int
    duals: Floats
    stack: Floats
    errors: Floats
    chosen: NDArray[np.int64]
    best: Floats
    where: NDArray[np.int64]

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
            As of the class.
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
        return cls(planes, width, duals, stack, errors, chosen, np.zeros(m), where)

    @property
    def place(self) -> int:
        """Position of the first hyperplane."""
        return max(int(self.chosen[0]), 0)

    def steps(
        self, every: bool, target: float, deadline: Deadline
    ) -> Iterator[tuple[NDArray[np.int64], float]]:
        """Rejected choices and the bound of the other planes, pause by pause.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        budget = 1 + BUDGET.most_evaluations // self.stack.shape[2] ** 2
        level = 0
        while level >= 0:
            deadline.check()
            rejected = np.empty((BUDGET.most_rejected, len(self.chosen)), dtype=np.int64)
            level, count, bound = scan(
                self.stack, self.errors, self.chosen, level, self.planes, self.duals,
                self.width, len(self.planes), every, target, rejected, self.best, self.where,
                budget,
            )  # fmt: skip
            yield rejected[:count], float(bound)

    def take_best(self) -> list[tuple[float, tuple[int, ...]]]:
        """Quotients above 1 since the last time, with the hyperplanes of their rays."""
        found = [
            (float(self.best[k]), tuple(self.where[k].tolist()))
            for k in np.flatnonzero(self.best > 1)
        ]
        self.best[:] = 0
        return found
