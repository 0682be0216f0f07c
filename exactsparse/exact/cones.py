"""Rational points of polyhedra ``{u : B u = y, C u >= 0}``, or a proof that there is none.

The equations are solved first; the inequalities then stand in the few parameters z of the kernel,
``A z + b >= 0``.  By Farkas' lemma there is no such z if and only if some ``λ >= 0`` has
``λ A = 0`` and ``λ b < 0``.  Phase one of the simplex method on these few rows, in integers and
with Bland's rule, ends with one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint


@dataclass(frozen=True)
class AffineSpace:
    """All solutions ``(point + Σ zₖ directionₖ) / denominator`` of linear equations.

    Parameters
    ----------
    point : list of int
        One solution, times the denominator.
    directions : list of list of int
        A basis of the differences, scaled.
    denominator : int
        Positive.
    """

    point: list[int]
    directions: list[list[int]]
    denominator: int

    def at(self, z: Sequence[Fraction]) -> list[Fraction]:
        """The solution of some parameters."""
        moved = [Fraction(value) for value in self.point]
        for weight, direction in zip(z, self.directions, strict=True):
            moved = [a + weight * b for a, b in zip(moved, direction, strict=True)]
        return [value / self.denominator for value in moved]


def solve_equations(columns: Sequence[Sequence[int]], target: Sequence[int]) -> AffineSpace | None:
    """All u with ``Σ u_j columns[j] = target``, or None if there is none.

    Parameters
    ----------
    columns : sequence of k sequences of n ints
        May depend on each other.
    target : sequence of n ints
    """
    n, k = len(target), len(columns)
    entries = [column[i] for i in range(n) for column in (*columns, target)]
    reduced, scale, rank = flint.fmpz_mat(n, k + 1, entries).rref()
    pivots: list[int] = []
    for row in range(rank):
        start = pivots[-1] + 1 if pivots else 0
        pivots.append(next(j for j in range(start, k + 1) if reduced[row, j]))
    if pivots and pivots[-1] == k:
        return None
    denominator = int(scale)
    side = 1 if denominator > 0 else -1
    point = [0] * k
    for row, j in enumerate(pivots):
        point[j] = side * int(reduced[row, k])
    directions = []
    for free in sorted(set(range(k)) - set(pivots)):
        direction = [0] * k
        direction[free] = denominator
        for row, j in enumerate(pivots):
            direction[j] = -int(reduced[row, free])
        directions.append(direction)
    return AffineSpace(point, directions, abs(denominator))


def nonnegative_parameters(
    slopes: Sequence[Sequence[int]],
    values: Sequence[int],
    n_parameters: int,
    pause: Callable[[], object] = lambda: None,
) -> list[Fraction] | None:
    """Some z with ``slopes z + values >= 0``, or None if there is none.

    Parameters
    ----------
    slopes : sequence of m sequences of int
        Coefficients of the parameters in every inequality.
    values : sequence of m ints
        Constants.
    n_parameters : int
        Length of z.
    pause : callable
        Called before every pivot; may raise to end the work.
    """
    return parameters_or_contradiction(slopes, values, n_parameters, pause)[0]


def parameters_or_contradiction(
    slopes: Sequence[Sequence[int]],
    values: Sequence[int],
    n_parameters: int,
    pause: Callable[[], object] = lambda: None,
) -> tuple[list[Fraction] | None, list[int]]:
    """Some z with ``slopes z + values >= 0``, or inequalities that contradict each other.

    Parameters
    ----------
    slopes, values, n_parameters, pause
        As for :func:`nonnegative_parameters`.

    Returns
    -------
    z : list of Fraction or None
        None if there is none.
    places : list of int
        Then the inequalities of which some positive combination says ``0 >= 1``, the only one up
        to its size; else empty.

    Examples
    --------
    >>> parameters_or_contradiction([[1], [-1], [1]], [-2, 1, 5], 1)
    (None, [0, 1])
    """
    if all(value >= 0 for value in values):
        return [Fraction(0)] * n_parameters, []
    # min Σ t  s.t.  slopesᵀ λ + t = 0,  −valuesᵀ λ + t₀ = 1,  λ, t >= 0;  z from the dual.
    columns = [[*slope, -value] for slope, value in zip(slopes, values, strict=True)]
    m, rows = len(columns), n_parameters + 1
    tableau = [
        [column[i] for column in columns] + [int(i == j) for j in range(rows)] for i in range(rows)
    ]
    right = [0] * n_parameters + [1]
    basis = list(range(m, m + rows))
    # Reduced costs of min Σ t: minus the column sums; artificial columns never come back.
    costs = [-sum(tableau[i][j] for i in range(rows)) for j in range(m)] + [0] * rows
    total = -1
    last = 1
    while True:
        entering = next((j for j in range(m) if costs[j] < 0), None)
        if entering is None:
            break
        pause()
        leaving = None
        for i in range(rows):
            if tableau[i][entering] > 0 and (
                leaving is None
                or (right[i] * tableau[leaving][entering], basis[i])
                < (right[leaving] * tableau[i][entering], basis[leaving])
            ):
                leaving = i
        assert leaving is not None  # the sum of the artificial variables is bounded below
        pivot_row, pivot = tableau[leaving], tableau[leaving][entering]
        right_pivot = right[leaving]
        for i in range(rows):
            if i != leaving:
                factor = tableau[i][entering]
                tableau[i] = [
                    (pivot * a - factor * b) // last
                    for a, b in zip(tableau[i], pivot_row, strict=True)
                ]
                right[i] = (pivot * right[i] - factor * right_pivot) // last
        factor = costs[entering]
        costs = [(pivot * a - factor * b) // last for a, b in zip(costs, pivot_row, strict=True)]
        total = (pivot * total - factor * right_pivot) // last
        basis[leaving] = entering
        last = pivot
    if total == 0:
        return None, sorted(j for j, value in zip(basis, right, strict=True) if j < m and value)
    # Dual prices: 1 minus the reduced cost of the artificial columns.
    prices = [1 - Fraction(costs[m + i], last) for i in range(rows)]
    return [-price / prices[-1] for price in prices[:-1]], []
