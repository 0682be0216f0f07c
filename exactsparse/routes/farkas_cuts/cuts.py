"""Exact Farkas cuts: which sets of neuron types cannot meet the labels or bounds, and why.

Networks of signed types S exist if and only if y is in the sum of their cones (plus, with a skip,
the span of X̄).  If it is not, some rational λ has ``λ·y > 0`` and ``λ·a <= 0`` for every column a
of S, and ``λ·X̄ = 0`` with a skip (J. Farkas, 1902).  Let A be all signed types whose columns have
``λ·a <= 0``: no network has types in A only, so every network has a type outside A.  That is a cut,
and it needs no bound on any weight.

Within a band ``l <= f <= u`` the least value ``λ⁺·l − λ⁻·u`` of ``λ·f`` stands in the place of
``λ·y``: there is such a λ if and only if the sum of the cones has no point within the bounds.

λ is suggested by a linear program in floats: how much of y can be reached when the columns of S are
free and the others are limited?  Its dual minimises how far the others stick out, which makes A
large.  The basis found is solved again in integers, and every sign is then computed from integers;
where the float program errs, the simplex method on rationals decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.cones import parameters_or_contradiction, solve_equations
from exactsparse.exact.integers import INT64_SAFE
from exactsparse.exact.numbers import over_common_denominator
from exactsparse.lp.farkas import RayProgram, vertex
from exactsparse.patterns.type_cones import TypeCones
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import Vector, oriented
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.residuals import missed_row
from exactsparse.routes.farkas_cuts.budget import BUDGET


class FarkasCuts:
    """Decides sets of signed types exactly; type k has the positions 2k (output > 0) and 2k + 1.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    cones : TypeCones
        All types.
    skip : bool
        Whether there is a free affine part.
    pause : callable
        Called now and then; may raise to end the work.
    """

    def __init__(
        self, table: IntegerTable, cones: TypeCones, skip: bool, pause: Callable[[], None]
    ) -> None:
        self._table, self._cones, self._pause = table, cones, pause
        self._affine = table.points[:, list(table.basis)] if skip else table.points[:, :0]
        self._skip = skip
        self._order = np.concatenate([*cones.members, np.zeros(0, dtype=np.int64)])
        sizes = [len(members) for members in cones.members]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
        self._largest = int(np.abs(cones.columns).max(initial=0))
        self._small = cones.columns.astype(np.int64) if self._largest < INT64_SAFE else None
        self._program = RayProgram(cones.columns, self._affine, table.lower, table.upper)

    def outside(self, multipliers: Vector) -> NDArray[np.bool_]:
        """Signed types with a column of ``λ·a > 0``: those of which a network needs one.

        Parameters
        ----------
        multipliers : tuple of int
            λ, one for every row of the table.

        Returns
        -------
        ndarray of bool, shape (2 · n_types,)
        """
        signs = np.sign(self._products(multipliers)).astype(np.int8)
        found = np.zeros(2 * len(self._cones.types), dtype=bool)
        if len(self._order):
            ordered = signs[self._order]
            found[0::2] = np.maximum.reduceat(ordered, self._starts) > 0
            found[1::2] = np.minimum.reduceat(ordered, self._starts) < 0
        return found

    def decide(self, chosen: Iterable[int], costs: Sequence[int]) -> Network | Vector:
        """A network of the chosen signed types, or a λ that proves that there is none.

        Parameters
        ----------
        chosen : iterable of int
            Signed types S.
        costs : sequence of int
            Cost of every signed type; A is made large among cheap types first.

        Notes
        -----
        A is grown by one type after the other, until several have been refused: the fewer types
        are outside A, the stronger the cut.
        """
        types = set(chosen)
        best = self._suggest(types)
        if best is None:
            network = self._vertex_network(types)
            if network is not None:
                return network
            exactly = self._decide_exactly(types)
            if isinstance(exactly, Network):
                return exactly
            best = exactly
        outside = self.outside(best)
        refused = 0
        for k in sorted(np.flatnonzero(outside).tolist(), key=lambda k: (costs[k], k)):
            if refused >= BUDGET.most_refusals:
                break
            if not outside[k]:
                continue
            self._pause()
            larger = self._suggest({*np.flatnonzero(~outside).tolist(), k})
            if larger is None:
                refused += 1
            else:
                best, outside = larger, self.outside(larger)
        return best

    def _vertex_network(self, types: set[int]) -> Network | None:
        """The network of a vertex that the float program suggests, if it is one exactly."""
        rays = self._rays_of(types)
        columns = self._signed_columns(rays)
        found = vertex(columns, self._affine.T, self._table.lower, self._table.upper)
        if found is None:
            return None
        every = np.concatenate([columns, self._affine.T])
        rows = found.lower + found.upper
        ends = [*self._table.lower[found.lower], *self._table.upper[found.upper]]
        space = solve_equations(every[np.ix_(found.columns, rows)].tolist(), ends)
        if space is None:
            return None
        amounts = [Fraction(0)] * len(every)
        for j, value in zip(found.columns, space.point, strict=True):
            amounts[j] = Fraction(value, space.denominator)
        if any(amount < 0 for amount in amounts[: len(rays)]):
            return None
        network = self._assemble(rays, amounts)
        return network if missed_row(network, self._table) is None else None

    def _decide_exactly(self, types: set[int]) -> Network | Vector:
        """λ by the simplex method on rationals, or the network that proves that there is none.

        λ is the sum of nonnegative multipliers of lower bounds and of nonpositive ones of upper
        bounds, or of multipliers of labels.
        """
        table, rays = self._table, self._rays_of(types)
        # Row, sign and bound of every multiplier, and which of them have one sign.
        parts: list[tuple[int, int, int]] = []
        signed: list[int] = []
        for i, (low, high) in enumerate(zip(table.lower, table.upper, strict=True)):
            if low is not None and low == high:
                parts.append((i, 1, int(low)))
                continue
            for side, end in ((1, low), (-1, high)):
                if end is not None:
                    signed.append(len(parts))
                    parts.append((i, side, int(end)))
        columns = [[-x for x in column] for column in self._signed_columns(rays).tolist()]
        for column in self._affine.T.tolist():
            columns += [[-x for x in column], column]
        slopes = [[side * column[i] for i, side, _ in parts] for column in columns]
        slopes.append([side * end for _, side, end in parts])
        slopes += [[int(k == j) for k in range(len(parts))] for j in signed]
        values = [0] * len(slopes)
        values[len(columns)] = -1
        found, places = parameters_or_contradiction(slopes, values, len(parts), self._pause)
        if found is not None:
            sums = [Fraction(0)] * len(table)
            for (i, side, _), amount in zip(parts, found, strict=True):
                sums[i] += side * amount
            multipliers = oriented(table, over_common_denominator(sums)[0])
            assert multipliers is not None
            return multipliers
        # The one combination of these inequalities that says 0 >= 1 has the network's weights.
        entries = [slopes[place][k] for k in range(len(parts)) for place in places]
        null, nullity = flint.fmpz_mat(len(parts), len(places), entries).nullspace()
        assert nullity == 1
        weights = {place: int(null[k, 0]) for k, place in enumerate(places)}
        amounts = [Fraction(weights.get(j, 0), weights[len(columns)]) for j in range(len(columns))]
        free = amounts[len(rays) :]
        affine = [plus - minus for plus, minus in zip(free[::2], free[1::2], strict=True)]
        return self._assemble(rays, amounts[: len(rays)] + affine)

    def _suggest(self, types: set[int]) -> Vector | None:
        """λ from the float program, if exact signs confirm it for all columns of the types."""
        basis = self._program.basis({(k & 1, ray) for k, ray in self._rays_of(types)})
        if basis is None:
            return None
        entries = [entry for column in basis for entry in column]
        null, nullity = flint.fmpz_mat(len(basis), len(self._table), entries).nullspace()
        if nullity != 1:
            return None
        found = oriented(self._table, [int(null[i, 0]) for i in range(len(self._table))])
        if (
            found is None
            or np.any(np.array(found, dtype=object).dot(self._affine))
            or self.outside(found)[list(types)].any()
        ):
            return None
        return found

    def _products(self, multipliers: Vector) -> NDArray[Any]:
        bound = self._largest * max(map(abs, multipliers)) * len(multipliers)
        if self._small is not None and bound < INT64_SAFE:
            return np.asarray(self._small @ np.array(multipliers, dtype=np.int64))
        return np.asarray(self._cones.columns.dot(np.array(multipliers, dtype=object)))

    def _rays_of(self, types: set[int]) -> list[tuple[int, int]]:
        """(signed type, ray) of every column of some signed types."""
        return [(k, int(r)) for k in sorted(types) for r in self._cones.members[k // 2]]

    def _signed_columns(self, rays: list[tuple[int, int]]) -> NDArray[Any]:
        columns = self._cones.columns[[ray for _, ray in rays]].reshape(-1, len(self._table))
        negative = np.array([k & 1 for k, _ in rays], dtype=bool)
        columns[negative] *= -1
        return columns

    def _assemble(self, rays: list[tuple[int, int]], amounts: list[Fraction]) -> Network:
        """The network of amounts of rays, and of the affine columns after them."""
        width = self._table.width
        sums: dict[int, list[Fraction]] = {}
        for (k, ray), amount in zip(rays, amounts, strict=False):
            dense = sums.setdefault(k, [Fraction(0)] * width)
            for c, weight in zip(*self._cones.weights[ray], strict=True):
                dense[c] += amount * weight
        neurons = tuple(
            Neuron(tuple(dense[:-1]), dense[-1], Fraction(-1 if k & 1 else 1))
            for k, dense in sums.items()
            if any(dense)
        )
        if not self._skip:
            return Network(neurons, None, width - 1)
        affine = [Fraction(0)] * width
        for c, amount in zip(self._table.basis, amounts[len(rays) :], strict=True):
            affine[c] = amount
        return Network(neurons, Skip(tuple(affine[:-1]), affine[-1]), width - 1)
