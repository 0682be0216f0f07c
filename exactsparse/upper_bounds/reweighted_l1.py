"""Rounds of reweighted ℓ¹ minimisation over rays, in floats.

Each round solves the program over extreme rays with costs ``(size + ε)^(p−1)``: E. J. Candès,
M. B. Wakin and S. P. Boyd, *Enhancing sparsity by reweighted ℓ¹ minimization* (2008).  The size of
a ray is that of a neuron of the last solution, smaller by a factor for every row and input in which
the ray differs from the neuron's cell and support, so that neurons attract rays and move to
neighbouring cells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from exactsparse.lp.restricted import RestrictedLP
from exactsparse.patterns.closed_cells import RayNeuron, joined_in_cells
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.budget import BUDGET

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

_TOLERANCE = 1e-7
_SINGULAR = 1e-12
_EPSILON = 1e-2
_SPREAD = 0.2


@dataclass(frozen=True, eq=False)
class RayPool:
    """Rays of small supports on some rows, both sides of each, in floats.

    Parameters
    ----------
    rays : ndarray of float64, shape (m, D)
        Of norm 1, no row of the pool strictly between the cells that they bound.
    signs : ndarray of int8, shape (m, n)
        Signs of ``x̄ᵢ · r``.
    columns : ndarray of float64, shape (m, n)
        ``(x̄ᵢ · r)₊``.
    """

    rays: Floats
    signs: Signs
    columns: Floats

    @classmethod
    def of(cls, points: Floats, most: int = BUDGET.most_rays) -> RayPool:
        """Rays of scaled rows, support by support while there are at most so many.

        Parameters
        ----------
        points : ndarray of float64, shape (n, D)
            Rows of entries up to 1.
        """
        n, width = points.shape
        parts: list[Floats] = []
        left = most
        for size in range(1, min(width, BUDGET.largest_support) + 1):
            count = math.comb(width, size) * math.comb(n, size - 1)
            if size > 2 and count > left:
                break
            left -= count
            for support in combinations(range(width), size):
                parts.append(_rays_of_support(points, support))
        rays = np.concatenate(parts)
        rays = np.concatenate([rays, -rays])
        products = rays @ points.T
        products[np.abs(products) < 1e-12] = 0.0
        signs = np.sign(products).astype(np.int8)
        useful = (signs > 0).any(axis=1)
        columns = np.maximum(products, 0.0)
        return cls(rays[useful], signs[useful], columns[useful])


class Reweighting:
    """Rounds of reweighted ℓ¹ on a pool of rays.

    Parameters
    ----------
    pool : RayPool
        Rays and rows.
    lower, upper : ndarray of float64, shape (n,)
        Bounds, scaled like the rows, infinite for none; equal where labels are to be met.
    free : ndarray of float64, shape (n, k)
        Columns at no cost.
    p : float
        In (0, 1).
    near : float
        Factor for every row and input in which a ray differs from a neuron.
    seed : int
        0 starts from the costs of supports, others from random ones.
    by_support : bool
        Whether small supports are wanted, not only few neurons.
    deadline : Deadline
        When to stop.

    Attributes
    ----------
    affine : ndarray of float64, shape (k,)
        Weights of the free columns in the last solution.
    """

    def __init__(
        self,
        pool: RayPool,
        lower: Floats,
        upper: Floats,
        free: Floats,
        p: float,
        near: float,
        seed: int,
        by_support: bool,
        deadline: Deadline,
    ) -> None:
        self.pool, self.p, self.near, self.deadline = pool, p, near, deadline
        self.by_support = by_support
        m, n = pool.columns.shape
        self.positive = (pool.signs > 0).astype(np.float32)
        self.negative = (pool.signs < 0).astype(np.float32)
        self.inputs = (pool.rays != 0).astype(np.float32)
        supports = self.inputs.sum(axis=1)
        noise = np.random.default_rng(seed).normal(size=m)
        self.costs = np.exp(_SPREAD * noise) if seed else np.ones(m)
        if by_support:
            self.costs *= supports
        self.master = RestrictedLP(free, lower, upper)
        self.master.forbid_deviations()
        self.used = np.empty(0, dtype=np.int64)
        self.affine = np.zeros(free.shape[1])
        self._add(np.flatnonzero(supports <= 2)[: BUDGET.first_columns * n])

    def rounds(self) -> Iterator[list[RayNeuron]]:
        """The neurons of every round's solution.

        Raises
        ------
        Stopped
            If the deadline has passed, or the rays do not meet the labels.
        """
        last: set[NeuronType] = set()
        for _ in range(BUDGET.rounds):
            units = self._units(self._solve())
            types = {unit.type for unit in units}
            if types == last or not types:
                return
            yield units
            last = types
            self._reweight(units)

    def _solve(self) -> Floats:
        """Weights of the used rays, by column generation over the pool."""
        while True:
            self.deadline.check()
            solution = self.master.solve(self.deadline.seconds_left)
            excess = np.abs(self.pool.columns @ solution.duals) / self.costs
            excess[self.used] = 0.0
            order = np.argsort(-excess, kind="stable")[: BUDGET.new_columns]
            new = order[excess[order] > 1 + _TOLERANCE]
            if len(new) == 0:
                self.affine = solution.free_values
                return solution.values[0::2] - solution.values[1::2]
            self._add(new)

    def _add(self, chosen: NDArray[np.int64]) -> None:
        columns = np.repeat(self.pool.columns[chosen], 2, axis=0)
        columns[1::2] *= -1
        self.master.add(columns.T, np.repeat(self.costs[chosen], 2))
        self.used = np.concatenate([self.used, chosen])

    def _units(self, values: Floats) -> list[RayNeuron]:
        """Rays of one sign and closed cell added up, large ones first."""
        size = np.abs(values)
        order = np.argsort(-size, kind="stable")
        used = order[size[order] > _TOLERANCE * size.max(initial=0.0)]
        rays = self.used[used]
        return joined_in_cells(
            RayNeuron(1 if value > 0 else -1, signs, abs(value) * ray)
            for value, signs, ray in zip(
                values[used], self.pool.signs[rays], self.pool.rays[rays], strict=True
            )
        )

    def _reweight(self, units: list[RayNeuron]) -> None:
        """Make rays cheap that are near a neuron of the last solution."""
        signs = np.array([unit.signs for unit in units]).T
        weights = np.array([unit.weights for unit in units]).T
        # float32 holds these counts exactly, and multiplies fast.
        differs = self.positive @ (signs < 0).astype(np.float32)
        differs += self.negative @ (signs > 0).astype(np.float32)
        if self.by_support:
            differs += self.inputs @ (weights == 0).astype(np.float32)
        shares = self.near ** np.arange(sum(map(len, (signs, weights))) + 1)
        sizes = np.zeros(len(self.costs))
        for size, counts in zip(np.abs(weights).sum(axis=0), differs.T, strict=True):
            sizes = np.maximum(sizes, size * shares[counts.astype(np.int64)])
        self.costs = (sizes / sizes.max() + _EPSILON) ** (self.p - 1)
        self.costs /= self.costs.min()
        self.master.set_costs(np.repeat(self.costs[self.used], 2))


def _rays_of_support(points: Floats, support: tuple[int, ...]) -> Floats:
    """Rays of norm 1 with all of a support, where rows meet in it, shape (m, D)."""
    n, width = points.shape
    size = len(support)
    chosen = np.array(list(combinations(range(n), size - 1)), dtype=np.int64)
    rows = points[:, list(support)][chosen.reshape(len(chosen), size - 1)]
    inside = np.empty((len(chosen), size))
    for c in range(size):
        others = [k for k in range(size) if k != c]
        inside[:, c] = (-1) ** c * np.linalg.det(rows[:, :, others])
    norms = np.abs(inside).sum(axis=1)
    inside = inside[norms > _SINGULAR] / norms[norms > _SINGULAR, None]
    inside = inside[(np.abs(inside) > _SINGULAR).all(axis=1)]
    rays = np.zeros((len(inside), width))
    rays[:, list(support)] = inside
    return rays


def few_rows(n: int, width: int) -> int:
    """Rows to begin with: as many as leave room for rays of three inputs, if that is enough."""
    room = BUDGET.most_rays / max(math.comb(width, 3), 1)
    rows = int((1 + math.sqrt(1 + 8 * room)) / 2)
    return min(n, rows if BUDGET.fewest_rows <= rows < BUDGET.most_rows else BUDGET.most_rows)
