"""Rays that improve a restricted program, and proved bounds on what all rays can violate.

A vector of duals λ proves the lower bound ``λ · y / max(1, M)`` of the least ℓ¹ path norm, where
``M = max |λ · (X̄r)₊| / ‖r‖₁`` over all extreme rays r.  The maximum is over every plane in which D
− 2 hyperplanes meet: first in floats with the error bounds of
:mod:`exactsparse.routes.column_generation.pricing_kernels`, then, where those do not suffice, from
the exact basis of the plane.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import primitive
from exactsparse.patterns.rays import Integers, ray_of
from exactsparse.progress import Deadline, Progress
from exactsparse.routes.column_generation.plane_walk import PlaneWalk
from exactsparse.routes.column_generation.pricing_kernels import plane_bound, quotients

Floats = NDArray[np.float64]
Ray = tuple[int, ...]

_UNIT = 2.0**-53
# A row this small in a plane meets it in a line that floats do not know well.
_ILL_CONDITIONED = 1e-6
# Heights this small may be 0, which floats do not show.
_CANCELLED = 1e-8


@dataclass(frozen=True)
class Violation:
    """How far duals can be from feasible.

    Parameters
    ----------
    largest : float
        Proved upper bound of ``|λ · (X̄r)₊| / ‖r‖₁`` over all rays.
    suspects : frozenset of tuple of int
        All rays, one of each opposite pair, at which the quotient may exceed the target.
    """

    largest: float
    suspects: frozenset[Ray]


@dataclass(frozen=True, eq=False)
class RayPricing:
    """The refined arrangement of some rows, in exact integers and in scaled floats.

    Parameters
    ----------
    points : ndarray of int (object), shape (n, D)
        Rows ``x̄ᵢ`` times positive factors, D >= 2.
    """

    points: Integers

    @property
    def width(self) -> int:
        """Number of inputs, D."""
        return int(self.points.shape[1])

    @property
    def depth(self) -> int:
        """Hyperplanes that meet in a plane, D − 2."""
        return self.width - 2

    @property
    def n_rays(self) -> int:
        """Pairs of opposite rays at most."""
        return math.comb(len(self.planes), self.width - 1)

    @cached_property
    def exponents(self) -> list[int]:
        """Powers of two that scale the rows to entries below 1."""
        return [max(abs(v) for v in row).bit_length() for row in self.points.tolist()]

    @cached_property
    def scaled(self) -> Floats:
        """Rows over their powers of two, each entry correctly rounded, shape (n, D)."""
        rows = zip(self.points.tolist(), self.exponents, strict=True)
        return np.array([[v / (1 << e) for v in row] for row, e in rows], dtype=np.float64)

    @cached_property
    def rows(self) -> Integers:
        """Coordinates, then data rows, shape (D + n, D)."""
        return np.concatenate([np.eye(self.width, dtype=int).astype(object), self.points])

    @cached_property
    def planes(self) -> NDArray[np.int64]:
        """Positions in ``rows`` of pairwise different hyperplanes."""
        first: dict[Ray, int] = {}
        for k, row in enumerate(self.rows.tolist()):
            if any(row):
                first.setdefault(primitive(row), k)
        return np.array(list(first.values()), dtype=np.int64)

    @cached_property
    def _start(self) -> Floats:
        """Coefficients of all rows in the whole space, shape (D, D + n)."""
        return np.ascontiguousarray(np.concatenate([np.eye(self.width), self.scaled]).T)

    def heights(self, rays: Sequence[Ray]) -> Floats:
        """``X̄r / ‖r‖₁`` for some rays r, rows scaled, shape (n, rays); small ones are exact."""
        norms = [sum(map(abs, ray)) for ray in rays]
        shares = [[v / norm for v in ray] for ray, norm in zip(rays, norms, strict=True)]
        heights: Floats = self.scaled @ np.array(shares).T
        for i, k in np.argwhere(np.abs(heights) < _CANCELLED).tolist():
            product = sum(a * b for a, b in zip(self.points[i].tolist(), rays[k], strict=True))
            heights[i, k] = product / (norms[k] << self.exponents[i])
        return heights

    def improving(
        self, duals: Floats, deadline: Deadline, progress: Progress, task: str
    ) -> tuple[list[Ray], float]:
        """Rays of quotients above 1, largest first, and the largest one, or 1; every ray is met.

        In float64, without proof.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        planes = self.planes
        found: list[tuple[float, tuple[int, ...]]] = []
        if self.depth == 0:
            values = quotients(self._start, duals, self.width)[planes]
            order = np.argsort(-values, kind="stable")
            found = [(float(values[k]), (int(k),)) for k in order]
        else:
            walk = PlaneWalk.over(self.planes, self.width, self._start, 4 * _UNIT, duals)
            for _ in walk.steps(False, math.inf, deadline):
                progress(task, walk.place, len(self.planes))
            found = walk.best()
            found.sort(key=lambda pair: -pair[0])
        largest = max(found[0][0], 1.0) if found else 1.0
        rays = (ray_of(self.rows[planes[list(chosen)]]) for value, chosen in found if value > 1)
        return list(dict.fromkeys(ray for ray in rays if ray is not None)), largest

    def violation(
        self, duals: Floats, target: float, deadline: Deadline, progress: Progress, task: str
    ) -> Violation:
        """Proved bound of the quotient over all rays.

        Parameters
        ----------
        duals : ndarray of float64, shape (n,)
            λ for the rows ``scaled``, each the float nearest to what is meant.
        target : float
            Planes are computed exactly where the error bound of floats exceeds it.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        if self.depth == 0:
            return self._exact_subspace((), duals, target, deadline)
        walk = PlaneWalk.over(self.planes, self.width, self._start, 4 * _UNIT, duals)
        return self._walked(
            walk, (), target, deadline, lambda: progress(task, walk.place, len(self.planes))
        )

    def _walked(
        self,
        walk: PlaneWalk,
        chosen: tuple[int, ...],
        target: float,
        deadline: Deadline,
        report: Callable[[], None],
    ) -> Violation:
        """The bound over a walk; what floats reject on it is computed exactly."""
        largest, suspects = 0.0, set[Ray]()
        for rejected, bound in walk.steps(True, target, deadline):
            report()
            largest = max(largest, bound)
            for choice in rejected.tolist():
                deadline.check()
                deeper = (*chosen, *(k for k in choice if k >= 0))
                exact = self._exact_subspace(deeper, walk.state.duals, target, deadline)
                largest = max(largest, exact.largest)
                suspects |= exact.suspects
        return Violation(largest, frozenset(suspects))

    def _exact_subspace(
        self, chosen: Sequence[int], duals: Floats, target: float, deadline: Deadline
    ) -> Violation:
        """The same where some hyperplanes meet, from their exact common basis."""
        normals = self.rows[self.planes[list(chosen)]]
        restricted = self._restricted(normals)
        if restricted is None:
            return Violation(0.0, frozenset())
        T_max = float(np.abs(restricted).max())
        rho = 4 * _UNIT * T_max
        total = float(np.abs(duals).sum())
        if len(restricted) == 2:
            values = quotients(restricted, duals, self.width)
            top = float(values.max())
            upper = plane_bound(top, T_max, rho, total, self.width, len(self.points))
            if upper <= target:
                return Violation(upper, frozenset())
            # Where a row is no smaller than this, floats know its direction up to rho over it.
            sizes = np.abs(restricted[:, self.planes]).max(axis=0)
            near = (
                target - 8 * (total + self.width) * T_max * rho / _ILL_CONDITIONED - (upper - top)
            )
            doubtful = (values[self.planes] >= near) | (sizes <= _ILL_CONDITIONED)
            further = self.rows[self.planes[np.flatnonzero(doubtful)]]
            rays = (ray_of(np.concatenate([normals, row[None]])) for row in further)
            return Violation(upper, frozenset(ray for ray in rays if ray is not None))
        # Incomplete: the floats went astray before; go on from the exact basis.
        walk = PlaneWalk.over(self.planes, self.width, restricted, rho, duals, chosen[-1] + 1)
        return self._walked(walk, tuple(chosen), target, deadline, lambda: None)

    def _restricted(self, normals: Integers) -> Floats | None:
        """All rows in the space that some hyperplanes share; None if these are dependent.

        Some coordinates of the space are those of the basis themselves.  Correctly rounded.
        """
        width, dimension = self.width, self.width - len(normals)
        if len(normals):
            null, nullity = flint.fmpz_mat(normals.tolist()).nullspace()
            if nullity > dimension:
                return None
            basis = [[int(null[c, k]) for c in range(width)] for k in range(dimension)]
        else:
            basis = np.eye(width, dtype=int).tolist()
        restricted = np.empty((dimension, width + len(self.points)))
        for k, (vector, denominator) in enumerate(_with_identity(basis)):
            entries = self.rows.dot(np.array(vector, dtype=object)).tolist()
            restricted[k, :width] = [v / denominator for v in entries[:width]]
            restricted[k, width:] = [
                v / (denominator << e) for v, e in zip(entries[width:], self.exponents, strict=True)
            ]
        return restricted


def _with_identity(basis: list[list[int]]) -> list[tuple[list[int], int]]:
    """The same space by vectors over denominators, unit vectors in some coordinates.

    Each pivot is the largest entry left, so that the other entries stay small.
    """
    rows = [[flint.fmpq(v) for v in vector] for vector in basis]
    width, pivots = len(rows[0]), list[int]()
    for k in range(len(rows)):
        j, c = max(
            ((j, c) for j in range(k, len(rows)) for c in range(width)),
            key=lambda at: abs(rows[at[0]][at[1]]) if at[1] not in pivots else -1,
        )
        rows[k], rows[j] = rows[j], rows[k]
        rows[k] = [v / rows[k][c] for v in rows[k]]
        for other in range(len(rows)):
            if other != k and rows[other][c]:
                factor = rows[other][c]
                rows[other] = [v - factor * w for v, w in zip(rows[other], rows[k], strict=True)]
        pivots.append(c)
    exact = []
    for row in rows:
        denominator = math.lcm(*(int(v.q) for v in row))
        exact.append(([int(v.p) * (denominator // int(v.q)) for v in row], denominator))
    return exact
