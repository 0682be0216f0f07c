"""Slow, obvious oracle for the sparsest ReLU interpolant in any dimension, in exact arithmetic.

A network f(x) = sum_j v_j (w_j.x + b_j)_+ [+ a.x + c] must take the value y_i at every row x_i.
Write x' = (x, 1) and u_j = |v_j| (w_j, b_j), so that neuron j adds  s_j (u_j.x')_+  with
s_j = sign v_j.  "parameters" costs it the number of nonzero entries of u_j, "neurons" costs 1; the
bracket (skip "affine") is free.

TYPES.  A neuron with support inside T lies in the closure of a full-dimensional cell of the
arrangement {x'_{i,T}.u = 0} of the rows that are nonzero on T.  In such a closed cell it adds
s mask o X'_T u, which is linear in u.  A type is (T, cell); a type and a sign make u range over a
closed convex cone.  Cells that no row activates add nothing and are left out.

DISTINCT (MASK, SIGN) SUFFICE.  Let two neurons have one sign and one mask, with supports T1 and
T2.  Every row takes (u_1 + u_2).x' = u_1.x' + u_2.x', a sum of two terms of the right weak sign, so
one neuron with u_1 + u_2 adds the same, inside T1 | T2 and the cell with that mask, at no larger
cost.  (That cell is open and not empty: add points of the two cells.)  So a cheapest network has
at most two neurons per mask, one of each sign.

SEARCH.  Level k = 0, 1, 2, ... tries every set of types of total cost k; the first level with a
network is the optimum, because a support smaller than its T was tried at a lower level.  Per set:
  1. without a skip, every row with y_i != 0 needs an active neuron;
  2. y must be in the span of the sets' columns; all solutions are then p + span(directions);
  3. for every choice of signs, without a skip one with an active neuron of the sign of y_i at
     every row with y_i != 0, the cone inequalities on p + sum z_j directions_j are an LP in z.
With a skip, cells that every row activates add an affine function, and are left out too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, count, product
from math import lcm

Inequality = tuple[list[Fraction], Fraction]


def sparsest(
    X: Sequence[Sequence[Fraction]],
    y: Sequence[Fraction],
    objective: str = "parameters",
    skip: str = "none",
) -> int:
    """Least cost of an interpolant.

    Seconds at most for n = 7 and d = 2, or n = 6 and d = 3; ten where the optimum exceeds n by
    two, since most sets of columns then span everything and are left to the LP.
    """
    if objective not in ("parameters", "neurons") or skip not in ("none", "affine"):
        raise ValueError(f"unknown problem: {objective}, {skip}")
    labels = {tuple(row): label for row, label in zip(X, y, strict=True)}
    if any(labels[tuple(row)] != label for row, label in zip(X, y, strict=True)):
        raise ValueError("equal points with different labels have no interpolant")
    rows, values = _integers(X, y)
    types = _types(rows, objective, skip)
    return next(
        level
        for level in count()
        if any(_interpolates(chosen, rows, values, skip) for chosen in _sets(types, level))
    )


def _integers(
    X: Sequence[Sequence[Fraction]], y: Sequence[Fraction]
) -> tuple[list[list[int]], list[int]]:
    """Rows (x_i, 1) and values y_i, each row of the equations times its common denominator."""
    rows, values = [], []
    for point, label in zip(X, y, strict=True):
        entries = [Fraction(t) for t in (*point, 1, label)]
        scale = lcm(*(t.denominator for t in entries))
        *row, value = [int(t * scale) for t in entries]
        rows.append(row)
        values.append(value)
    return rows, values


# -------------------------------------------------------------------------------------- types


@dataclass(frozen=True)
class Type:
    """A support and a full-dimensional cell on it: sign +1, -1 or, where the row is 0 on it, 0."""

    support: tuple[int, ...]
    cell: tuple[int, ...]
    cost: int

    @property
    def mask(self) -> tuple[bool, ...]:
        return tuple(sign > 0 for sign in self.cell)


def _types(rows: Sequence[Sequence[int]], objective: str, skip: str) -> list[Type]:
    width = len(rows[0])
    sizes = range(1, width + 1) if objective == "parameters" else [width]
    types = []
    for size in sizes:
        for support in combinations(range(width), size):
            for cell in _cells([[row[t] for t in support] for row in rows]):
                affine = skip == "affine" and -1 not in cell
                if 1 in cell and not affine:
                    types.append(Type(support, cell, size if objective == "parameters" else 1))
    return types


def _cells(rows: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Sign vectors of the full-dimensional cells, one row after the other.

    The open cone {sign_i row_i.u > 0} is not empty iff {sign_i row_i.u >= 1} is not.
    """
    cells: list[tuple[int, ...]] = [()]
    for row in rows:
        signs = (-1, 1) if any(row) else (0,)
        longer = [(*cell, sign) for cell in cells for sign in signs]
        cells = [
            cell
            for cell in longer
            if feasible(
                [
                    ([Fraction(sign * t) for t in other], Fraction(-1))
                    for sign, other in zip(cell, rows, strict=False)
                    if sign
                ]
            )
        ]
    return cells


def _sets(
    types: Sequence[Type], cost: int, first: int = 0, chosen: tuple[Type, ...] = ()
) -> Iterator[tuple[Type, ...]]:
    """Multisets of types of the given total cost with at most two of any mask."""
    if cost == 0:
        yield chosen
    for index in range(first, len(types)):
        new = types[index]
        if new.cost <= cost and sum(old.mask == new.mask for old in chosen) < 2:
            yield from _sets(types, cost - new.cost, index, (*chosen, new))


# ------------------------------------------------------------------------------- one set of types


def _interpolates(
    chosen: Sequence[Type], rows: Sequence[Sequence[int]], values: Sequence[int], skip: str
) -> bool:
    """Whether neurons of these types, in their closed cells, and the skip reproduce the values."""
    alone = skip == "none"
    if alone and not all(
        any(kind.cell[i] > 0 for kind in chosen) for i, value in enumerate(values) if value
    ):
        return False
    matrix = [
        [row[t] if kind.cell[i] > 0 else 0 for kind in chosen for t in kind.support]
        + ([] if alone else list(row))
        for i, row in enumerate(rows)
    ]
    if not in_span(matrix, values):
        return False
    particular, directions = solutions(matrix, values)
    # Per neuron and row of its cell: row.u as a function of z, of the row's sign if s_j = +1.
    cones: list[list[Inequality]] = []
    start = 0
    for kind in chosen:
        place = range(start, start := start + len(kind.support))
        cone = []
        for sign, row in zip(kind.cell, rows, strict=True):
            if sign:
                normal = [(at, sign * row[t]) for at, t in zip(place, kind.support, strict=True)]
                slopes = [sum(c * move[at] for at, c in normal) for move in directions]
                cone.append((slopes, sum(c * particular[at] for at, c in normal)))
        cones.append(cone)
    for signs in product((1, -1), repeat=len(chosen)):
        if len({(kind.mask, s) for kind, s in zip(chosen, signs, strict=True)}) < len(chosen):
            continue
        if alone and not all(
            any(kind.cell[i] > 0 and s * value > 0 for kind, s in zip(chosen, signs, strict=True))
            for i, value in enumerate(values)
            if value
        ):
            continue
        if feasible(
            [
                ([s * t for t in slopes], s * constant)
                for s, cone in zip(signs, cones, strict=True)
                for slopes, constant in cone
            ]
        ):
            return True
    return False


# ------------------------------------------------------------------------------------ arithmetic


def in_span(matrix: Sequence[Sequence[int]], values: Sequence[int]) -> bool:
    """Whether matrix . u = values has a solution: Bareiss elimination, all divisions exact."""
    work = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    done, last = 0, 1
    for column in range(len(work[0]) - 1):
        pivot = next((i for i in range(done, len(work)) if work[i][column]), None)
        if pivot is None:
            continue
        work[done], work[pivot] = work[pivot], work[done]
        top, lead = work[done], work[done][column]
        for i in range(done + 1, len(work)):
            row, factor = work[i], work[i][column]
            work[i] = [(lead * a - factor * b) // last for a, b in zip(row, top, strict=True)]
        done, last = done + 1, lead
    return not any(row[-1] for row in work[done:])


def solutions(
    matrix: Sequence[Sequence[int]], values: Sequence[int]
) -> tuple[list[Fraction], list[list[Fraction]]]:
    """One solution of matrix . u = values, which must have one, and a basis of the kernel."""
    width = len(matrix[0])
    work = [[Fraction(t) for t in (*row, value)] for row, value in zip(matrix, values, strict=True)]
    pivots: list[int] = []
    for column in range(width):
        done = len(pivots)
        pivot = next((i for i in range(done, len(work)) if work[i][column]), None)
        if pivot is None:
            continue
        work[done], work[pivot] = work[pivot], work[done]
        lead = work[done][column]
        work[done] = [t / lead for t in work[done]]
        for i, row in enumerate(work):
            if i != done and row[column]:
                factor = row[column]
                work[i] = [a - factor * b for a, b in zip(row, work[done], strict=True)]
        pivots.append(column)
    particular = [Fraction(0)] * width
    for row, column in zip(work, pivots, strict=False):
        particular[column] = row[-1]
    directions = []
    for free in sorted(set(range(width)) - set(pivots)):
        move = [Fraction(0)] * width
        move[free] = Fraction(1)
        for row, column in zip(work, pivots, strict=False):
            move[column] = -row[free]
        directions.append(move)
    return particular, directions


def feasible(inequalities: Sequence[Inequality]) -> bool:
    """Whether some real z has slopes . z + constant >= 0 for every (slopes, constant).

    Dual simplex with a zero objective and Bland's least-index rule, which is finite.  Row r of the
    dictionary says  slack_r = constant + sum_j coefficient_j nonbasic_j.  First every free z_j is
    exchanged for a slack, and the row that then defines z_j is dropped.
    """
    if not inequalities:
        return True
    rows = {r: [constant, *slopes] for r, (slopes, constant) in enumerate(inequalities)}
    labels: list[int] = []
    for _ in range(len(inequalities[0][0])):
        column = len(labels) + 1
        leaving = next((r for r, row in rows.items() if row[column]), None)
        if leaving is None:
            rows = {r: row[:column] + row[column + 1 :] for r, row in rows.items()}
        else:
            _exchange(rows, leaving, column)
            del rows[leaving]
            labels.append(leaving)
    while True:
        leaving = min((r for r, row in rows.items() if row[0] < 0), default=None)
        if leaving is None:
            return True
        rising = [(label, j) for j, label in enumerate(labels, 1) if rows[leaving][j] > 0]
        if not rising:
            return False
        entering, column = min(rising)
        _exchange(rows, leaving, column)
        rows[entering] = rows.pop(leaving)
        labels[column - 1] = leaving


def _exchange(rows: dict[int, list[Fraction]], leaving: int, column: int) -> None:
    """Solve row `leaving` for the variable of `column` and put it into the other rows."""
    pivot = rows[leaving][column]
    solved = [-t / pivot for t in rows[leaving]]
    solved[column] = 1 / pivot
    for r, row in rows.items():
        if r == leaving:
            rows[r] = solved
        elif factor := row[column]:
            row = [a + factor * b for a, b in zip(row, solved, strict=True)]
            row[column] = factor * solved[column]
            rows[r] = row
