"""The program over extreme rays for p = 1, solved by column generation.

The restricted program is solved in floats; rays that its duals undervalue are added until there is
none.  Then the last basis is solved in rationals, each row at the bound that it is at: its weights
are an interpolant, or a network within the band, and its duals prove a bound
(:mod:`exactsparse.routes.column_generation.lower_bound`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.integers import primitive
from exactsparse.exact.numbers import to_float
from exactsparse.lp.exact_basis import BasisSolution, relu_column, solve_basis
from exactsparse.lp.restricted import MasterSolution, RestrictedLP
from exactsparse.patterns.closed_cells import network_of_rays
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.routes.column_generation.budget import BUDGET
from exactsparse.routes.column_generation.pricing import RayPricing

Ray = tuple[int, ...]
Floats = NDArray[np.float64]

_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Restricted:
    """Optimum of a restricted program, and its basis in rationals.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    solution : MasterSolution
        In floats.
    rays : list of (ray, sign)
        Basic columns.
    meets_labels : bool
        Whether deviations from the labels were forbidden.
    largest : float
        Largest ``|λ · (X̄r)₊| / ‖r‖₁`` of its duals, in float64; infinite if unknown.
    """

    table: IntegerTable
    solution: MasterSolution
    rays: list[tuple[Ray, int]]
    meets_labels: bool
    largest: float

    @cached_property
    def free(self) -> list[int]:
        """Basic free columns."""
        return [self.table.basis[int(k)] for k in self.solution.free_basis]

    def _ends(self, duals: list[Fraction]) -> list[int] | None:
        """Bounds that the rows are at: those on which prices stand, which floats may mistake."""
        open_rows = set(self.solution.open_rows.tolist())
        ends: list[int] = []
        for row, (dual, at_upper) in enumerate(zip(duals, self.solution.at_upper, strict=True)):
            upper = dual < 0 or (at_upper and not dual)
            end = (self.table.upper if upper else self.table.lower)[row]
            if row in open_rows:
                # Whatever the value is there, its difference to this is the weight of a column.
                end = self.table.labels[row]
            if end is None:
                return None
            ends.append(int(end))
        return ends

    @cached_property
    def exact(self) -> BasisSolution | None:
        """Weights and duals of the basis; None if it is singular, or meets other equations."""
        n, open_rows = len(self.table), self.solution.open_rows.tolist()
        columns = [relu_column(self.table, ray) for ray, _ in self.rays]
        columns += [self.table.points[:, c].tolist() for c in self.free]
        columns += [[int(i == row) for i in range(n)] for row in open_rows]
        if not self.meets_labels or len(columns) != n:
            return None
        costs = [sign * sum(map(abs, ray)) for ray, sign in self.rays]
        costs += [0] * (n - len(costs))
        return solve_basis(columns, costs, self._ends)

    def network(self, skip: bool) -> Network | None:
        """The interpolant of the basis, if there is one."""
        if self.exact is None:
            return None
        weights, n_rays, n_free = self.exact.weights, len(self.rays), len(self.free)
        open_rows = self.solution.open_rows.tolist()
        for row, weight in zip(open_rows, weights[n_rays + n_free :], strict=True):
            value, low, high = (
                x[row] for x in (self.table.labels, self.table.lower, self.table.upper)
            )
            value -= weight
            if (low is not None and value < low) or (high is not None and value > high):
                return None
        weighted = [(ray, weight) for (ray, _), weight in zip(self.rays, weights, strict=False)]
        affine = [Fraction(0)] * self.table.width
        for c, weight in zip(self.free, weights[n_rays:], strict=False):
            affine[c] = weight
        return network_of_rays(self.table, weighted, affine if skip else None)


@dataclass(eq=False)
class ColumnGeneration:
    """Least ℓ¹ path norm of the rows of a table.

    Parameters
    ----------
    table : IntegerTable
        All rows, some label not zero, or with bounds that zero does not meet.
    skip : bool
        Whether an affine part is free.
    deadline : Deadline
        When to stop.
    progress : callable
        Receives (task, done, total).
    priced : Restricted or None
        Optimum of the last program for which all rays were priced: its duals prove bounds.
    latest : Restricted or None
        Optimum of the last program that meets the labels: an interpolant.
    """

    table: IntegerTable
    skip: bool
    deadline: Deadline
    progress: Progress
    priced: Restricted | None = None
    latest: Restricted | None = None
    _rays: list[Ray] = field(default_factory=list)
    _meets_labels: bool = False
    _master: RestrictedLP | None = None

    @cached_property
    def pricing(self) -> RayPricing:
        """The refined arrangement."""
        return RayPricing(self.table.points)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Bounds of the rows as pricing scales them, over the largest; infinite for none."""
        scaled = [
            [None if v is None else Fraction(v, 1 << e) for v, e in
             zip(side, self.pricing.exponents, strict=True)]
            for side in (self.table.lower, self.table.upper)
        ]  # fmt: skip
        largest = max(abs(value) for side in scaled for value in side if value is not None)
        lower, upper = (
            np.array([none if v is None else to_float(v / largest) for v in side])
            for side, none in zip(scaled, (-math.inf, math.inf), strict=True)
        )
        return lower, upper

    def run(self) -> None:
        """Add rays until none improves the program.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        free = self.pricing.scaled[:, list(self.table.basis) if self.skip else []]
        lower, upper = self.bounds
        master = self._master = RestrictedLP(free, lower, upper)
        self._add(master, self._first_rays())
        while True:
            self.deadline.check()
            started = WORK_CLOCK.now()
            solution = master.solve(self.deadline.seconds_left)
            ends = np.where(solution.duals > 0, lower, upper)
            value = float(np.dot(solution.duals, np.where(np.isfinite(ends), ends, 0.0)))
            task = f"path norm near {value:.6g}: looking through {self.pricing.n_rays} rays"
            began = WORK_CLOCK.now()
            found, largest = self.pricing.improving(
                solution.duals / (1 + _TOLERANCE), self.deadline, self.progress, task
            )
            took = WORK_CLOCK.now() - began
            self.priced = self._restricted(solution, largest)
            most = min(BUDGET.most_new_rays, self._most_rays)
            added = self._add(master, found[:most]) if largest > 1 else 0
            if not added and self._meets_labels:
                return
            reserve = BUDGET.proof_in_pricings * took + 2 * (began - started)
            if self.deadline.seconds_left < reserve:
                # What is left is needed to prove a bound.
                self.settle(self.deadline.seconds_left / 2)
                return
            if not added and solution.slack > _TOLERANCE:
                master.raise_penalty()
            elif not added:
                master.forbid_deviations()
                self._meets_labels = True

    def settle(self, seconds: float) -> None:
        """Meet the labels with the columns at hand, unless the last program did.

        Raises
        ------
        Stopped
            If the seconds do not suffice.
        """
        if self._master is not None and not self._meets_labels:
            self._master.forbid_deviations()
            self._meets_labels = True
            self._restricted(self._master.solve(seconds), math.inf)

    def _restricted(self, solution: MasterSolution, largest: float) -> Restricted:
        """Keep an optimum as the latest if it meets the labels."""
        rays = [self._oriented(int(k)) for k in solution.basis]
        found = Restricted(self.table, solution, rays, self._meets_labels, largest)
        self.latest = found if found.meets_labels else self.latest
        return found

    def _first_rays(self) -> list[Ray]:
        """Units along single coordinates, with their knots at the rows."""
        width, rows = self.table.width, self.table.points.tolist()
        found = [tuple(int(i == c) for i in range(width)) for c in range(width)]
        for c in range(width - 1):
            if len(found) >= BUDGET.first_rays_per_row * len(rows):
                break
            for row in rows[:: -(-len(rows) // self._most_rays)]:
                ray = [0] * width
                ray[c], ray[-1] = row[-1], -row[c]
                found.append(primitive(ray))
        return list(dict.fromkeys(found))[: self._most_rays]

    @property
    def _most_rays(self) -> int:
        """Rays that are added at once: four columns each, as long as the table."""
        return max(BUDGET.most_entries // (4 * len(self.table)), self.table.width)

    def _add(self, master: RestrictedLP, rays: list[Ray]) -> int:
        """Add both sides of rays with both signs; returns how many rays are new."""
        known = set(self._rays)
        new = [ray for ray in rays if ray not in known]
        if new:
            heights = self.pricing.heights(new)
            above, below = np.maximum(heights, 0.0), np.maximum(-heights, 0.0)
            columns = np.stack([above, -above, below, -below], axis=2).reshape(len(heights), -1)
            master.add(columns, np.ones(columns.shape[1]))
            self._rays += new
        return len(new)

    def _oriented(self, column: int) -> tuple[Ray, int]:
        """Ray with its side, and the sign, of a column of the program."""
        ray = self._rays[column // 4]
        side, sign = (1, -1)[column // 2 % 2], (1, -1)[column % 2]
        return tuple(side * entry for entry in ray), sign

    def network(self) -> Network | None:
        """The interpolant of the last program that meets the labels, if there is one."""
        return None if self.latest is None else self.latest.network(self.skip)
