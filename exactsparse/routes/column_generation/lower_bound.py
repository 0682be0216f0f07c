"""Lower bounds of the least ℓ¹ path norm from prices of the rows.

If ``|λ · (X̄w)₊| <= ‖w‖₁`` for all w, and λ is orthogonal to a free affine part, no interpolant
costs less than ``λ · y``: sum over its neurons.  Within a band ``l <= f <= u`` none costs less than
``λ⁺ · l − λ⁻ · u``, positive and negative prices standing on the lower and on the upper bounds: a
price on a bound that is none proves nothing.  The prices are those of the last basis of a column
generation in rationals, where that can be had, divided by what they can violate at most over all
extreme rays (:mod:`exactsparse.routes.column_generation.pricing`); the bound equals the cost of the
basis if they violate nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from exactsparse.exact.numbers import over_common_denominator, to_float
from exactsparse.lp.exact_basis import relu_column
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import end_of, least_sum
from exactsparse.progress import Deadline, Progress
from exactsparse.routes.column_generation.column_generation import Restricted
from exactsparse.routes.column_generation.pricing import Ray, RayPricing

_MARGIN = 2e-9
# Sums of products of larger duals could overflow.
_LARGEST_SUM = 1e290


@dataclass(frozen=True)
class DualBound:
    """A proved lower bound with its proof.

    Parameters
    ----------
    value : Fraction
        ``λ · labels >= 0``, or ``λ⁺ · lower − λ⁻ · upper``.
    duals : tuple of n Fractions
        λ, for the rows of the table, with ``|λ · (X̄w)₊| <= ‖w‖₁`` for all w.
    """

    value: Fraction
    duals: tuple[Fraction, ...]

    @classmethod
    def scaled(cls, table: IntegerTable, duals: list[Fraction], largest: Fraction) -> DualBound:
        """The bound of prices that are ``largest`` times too high at most."""
        value = least_sum(table, duals)
        if value is None or value <= 0 or not largest:
            return cls.nothing(table)
        return cls(value / largest, tuple(dual / largest for dual in duals))

    @classmethod
    def nothing(cls, table: IntegerTable) -> DualBound:
        """The bound 0."""
        return cls(Fraction(0), (Fraction(0),) * len(table))

    @classmethod
    def of_one_row(cls, table: IntegerTable) -> DualBound:
        """The best bound of a single row, without a free affine part."""
        amounts = [
            low if low is not None and low > 0 else high if high is not None and high < 0 else 0
            for low, high in zip(table.lower, table.upper, strict=True)
        ]
        rows = zip(table.points.tolist(), amounts, strict=True)
        bounds = [Fraction(abs(amount), max(map(abs, row))) for row, amount in rows]
        best = max(range(len(bounds)), key=lambda i: bounds[i])
        side = 1 if amounts[best] > 0 else -1
        duals = [Fraction(side * (i == best)) for i in range(len(bounds))]
        return cls.scaled(table, duals, Fraction(max(map(abs, table.points[best]))))


@dataclass(frozen=True, eq=False)
class DualProof:
    """Bounds from the optimum of a restricted program for which all rays were priced.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    skip : bool
        Whether an affine part is free.
    pricing : RayPricing
        Of the same rows.
    restricted : Restricted
        The optimum.
    """

    table: IntegerTable
    skip: bool
    pricing: RayPricing
    restricted: Restricted

    def over_all_rays(self, deadline: Deadline, progress: Progress) -> DualBound:
        """The bound of the last basis, if it can be solved, over what rays it violates.

        Raises
        ------
        Stopped
            If the deadline has passed.
        """
        duals = self._duals()
        scaled = [
            to_float(dual * (1 << e)) for dual, e in zip(duals, self.pricing.exponents, strict=True)
        ]
        floats = np.array(scaled)
        if not np.abs(floats).sum() < _LARGEST_SUM:
            return DualBound.nothing(self.table)
        largest = self.restricted.largest
        target = 1.0 if largest <= 1 else largest * (1 + _MARGIN)
        value = to_float(Fraction(least_sum(self.table, duals) or 0))
        violation = self.pricing.violation(
            floats, target, deadline, progress, f"proving the bound {value:.9g}"
        )
        if target == 1 and self._respects(duals, violation.suspects, deadline):
            return DualBound.scaled(self.table, duals, Fraction(1))
        if math.isinf(violation.largest):
            return DualBound.nothing(self.table)
        return DualBound.scaled(self.table, duals, max(Fraction(violation.largest), Fraction(1)))

    def without_rays(self) -> DualBound:
        """A bound that no ray is needed for.

        ``|λ · (X̄w)₊|`` is at most the larger one of its positive and its negative part, which are
        convex in w and so are largest, for ``‖w‖₁ = 1``, at a unit vector or its opposite.
        """
        duals = self._float_duals()
        largest = Fraction(0)
        for side in (1, -1):
            for part in (1, -1):
                weights = np.array([max(part * dual, Fraction(0)) for dual in duals], dtype=object)
                products = side * self.table.points
                sums = weights.dot(np.where(products > 0, products, 0))
                largest = max([largest, *sums.tolist()])
        return DualBound.scaled(self.table, duals, largest)

    def _duals(self) -> list[Fraction]:
        """Prices of the rows, exact, 0 on the free columns; from the last basis if it can.

        Otherwise the floats as they are, moved onto the orthogonal complement of the free columns.
        """
        exact = self.restricted.exact
        if (
            exact is not None
            and self._is_orthogonal(exact.duals)
            and least_sum(self.table, exact.duals) is not None
        ):
            return exact.duals
        return self._float_duals()

    def _float_duals(self) -> list[Fraction]:
        rows = zip(self.restricted.solution.duals.tolist(), self.pricing.exponents, strict=True)
        duals = [Fraction(dual) / (1 << e) for dual, e in rows]
        sides = zip(duals, self.table.lower, self.table.upper, strict=True)
        standing = [end_of(dual, low, high) is not None for dual, low, high in sides]
        return self._projected(
            [dual if on else Fraction(0) for dual, on in zip(duals, standing, strict=True)]
        )

    def _is_orthogonal(self, duals: list[Fraction]) -> bool:
        if not self.skip:
            return True
        return not any(np.array(duals, dtype=object).dot(self.table.points))

    def _projected(self, duals: list[Fraction]) -> list[Fraction]:
        """Change as many duals as the free columns need."""
        if self._is_orthogonal(duals):
            return duals
        basis, points = list(self.table.basis), self.table.points
        # Prices of rows with two bounds may have any sign.
        sides = zip(self.table.lower, self.table.upper, strict=True)
        missing = [(low is None) + (high is None) for low, high in sides]
        order = sorted(range(len(points)), key=missing.__getitem__)
        reduced, _, rank = flint.fmpz_mat(points[np.ix_(order, basis)].T.tolist()).rref()
        rows = [order[next(j for j in range(len(points)) if reduced[k, j])] for k in range(rank)]
        amounts = np.array(duals, dtype=object).dot(points[:, basis])
        matrix = flint.fmpq_mat(flint.fmpz_mat(points[np.ix_(rows, basis)].T.tolist()))
        right = flint.fmpq_mat(rank, 1, [flint.fmpq(a.numerator, a.denominator) for a in amounts])
        moved = matrix.solve(right)
        for k, row in enumerate(rows):
            duals[row] -= Fraction(int(moved[k, 0].p), int(moved[k, 0].q))
        return duals

    def _respects(
        self, duals: list[Fraction], suspects: frozenset[Ray], deadline: Deadline
    ) -> bool:
        """Whether exact duals respect some rays and their opposites."""
        integers, scale = over_common_denominator(duals)
        for ray in suspects:
            deadline.check()
            most = scale * sum(map(abs, ray))
            for side in (1, -1):
                column = relu_column(self.table, tuple(side * entry for entry in ray))
                if abs(sum(a * b for a, b in zip(integers, column, strict=True) if b)) > most:
                    return False
        return True
