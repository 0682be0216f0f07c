"""The lower bounds of the search over activities as certificates state them: trees, written down.

The trees are gone through again and recorded.  Every contradiction is found again in rationals, so
that floats are trusted by no certificate, nor by the tests that compare the two.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from exactsparse.errors import NoCertificateError
from exactsparse.problem.conflicts import reconciling_tolerance
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective
from exactsparse.problem.problem import Problem
from exactsparse.routes.activity_search.budget import BUDGET
from exactsparse.routes.activity_search.exact_path import (
    Path,
    Settled,
    children,
    is_contradiction,
    settle,
)
from exactsparse.routes.activity_search.exact_tolerance import labels_of, settle_below
from exactsparse.routes.activity_search.float_rows import data_of, shape_of, with_free_columns
from exactsparse.routes.activity_search.kernels.activities import N_RECORD
from exactsparse.routes.activity_search.kernels.arguments import DEPTH, Found, Scratch
from exactsparse.routes.activity_search.kernels.arguments import Path as Rows
from exactsparse.routes.activity_search.kernels.tree import EXPLORE, LEAF, LEFT, NODE
from exactsparse.routes.activity_search.kinds import Kind, kinds


def lower_bound(table: IntegerTable, objective: Objective, skip: bool, cost: int) -> dict[str, Any]:
    """The argument that no network costs less.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether an affine part is free.
    cost : int
        Of the sparsest networks.

    Raises
    ------
    NoCertificateError
        If the trees are too large to be written down.
    """
    return {"kind": "activities", "levels": _Recorder(table).levels(objective, skip, cost)}


def tolerance_bound(problem: Problem, least: Fraction) -> dict[str, Any]:
    """The argument that no tolerance below the least one suffices.

    Parameters
    ----------
    problem : Problem
        Objective ``"tolerance"``, for parameters or neurons.
    least : Fraction
        That tolerance.

    Raises
    ------
    NoCertificateError
        If the trees are too large to be written down.
    """
    if problem.limit is None:
        raise AssertionError("a least tolerance is one for a number of parameters or neurons")
    labels = labels_of(problem.dataset)
    floor = reconciling_tolerance(problem.dataset)
    bound: dict[str, Any] = {"kind": "tolerance_trees", "levels": [], "abscissa": None}
    if least == floor:
        # Without equal points of different labels it is 0, and needs no argument.
        if least:
            apart = (labels.lower - labels.upper) * least.denominator
            needed = labels.points[:, -1] * 2 * least.numerator
            bound["abscissa"] = int(np.flatnonzero(apart == needed)[0])
        return bound
    skip = problem.skip == "affine"
    within = Problem.of(
        problem.dataset, objective=problem.limit.objective, skip=problem.skip, tolerance=least
    )
    recorder = _Recorder(
        IntegerTable.of_problem(within),
        lambda kind, path: settle_below(labels, kind, path, floor, least),
    )
    return bound | {
        "levels": recorder.levels(problem.limit.objective, skip, problem.limit.most + 1)
    }


class _Recorder:
    """Writes trees that are closed.

    Parameters
    ----------
    table : IntegerTable
        All rows, with bounds whose contradictions close paths.
    decide : callable, optional
        Decides the other paths in rationals; by these bounds if omitted.
    """

    def __init__(
        self, table: IntegerTable, decide: Callable[[Kind, Path], Settled] | None = None
    ) -> None:
        self._table, self._data = table, data_of(table)
        self._decide = decide or (lambda kind, path: settle(table, kind, path, lambda: None))
        self._written = 0

    def levels(self, objective: Objective, skip: bool, many: int) -> list[dict[str, Any]]:
        """The trees of all kinds of the costs below a number."""
        return [
            {
                "cost": cost,
                "trees": [
                    {
                        "neurons": [[list(support), sign] for support, sign in kind.neurons],
                        "free": [[c, how] for c, how in kind.free if how],
                        "steps": self.tree(kind),
                    }
                    for kind in kinds(self._table, objective, skip, cost)
                ],
            }
            for cost in range(many)
        ]

    def tree(self, kind: Kind) -> list[int]:
        """The tree of a kind."""
        steps = self._below(kind, ())
        self._written += len(steps)
        if self._written > BUDGET.most_steps:
            raise NoCertificateError(
                f"the proof has more than {BUDGET.most_steps:,} steps, and is not written down"
            )
        return steps

    def _below(self, kind: Kind, path: Path) -> list[int]:
        """What closes a path: a contradiction, or a node and its children."""
        if self._data is None or len(path) >= DEPTH:
            return self._settled(kind, path)
        steps, _ = self._entry(kind, path, self._record(kind, path), 0)
        return steps

    def _record(self, kind: Kind, path: Path) -> list[int]:
        """What the compiled search does below a path."""
        assert self._data is not None
        rows = np.zeros((2, DEPTH), dtype=np.int64)
        rows[:, : len(path)] = np.array(path, dtype=np.int64).reshape(-1, 2).T
        shape, room = shape_of(kind), BUDGET.first_record
        while True:
            found = Found.of(0, room)
            data = with_free_columns(self._data, kind)
            EXPLORE.form()(
                data, shape, Rows(rows[0], rows[1]), len(path), BUDGET.most_steps,
                Scratch.of(shape), found,
            )  # fmt: skip
            length = int(found.counts[N_RECORD])
            if length <= room:
                return [int(step) for step in found.record[:length]]
            room = length
            if room > BUDGET.most_steps:
                raise NoCertificateError("the proof is too long to be written down")

    def _entry(self, kind: Kind, path: Path, record: list[int], at: int) -> tuple[list[int], int]:
        """One entry of the record, as certificates have it, and where the next begins."""
        what = record[at]
        if what == LEFT:
            return self._settled(kind, path), at + 1
        if what == LEAF:
            end = at + 2 + record[at + 1]
            codes = record[at + 2 : end]
            if is_contradiction(self._table, kind, path, codes):
                return [LEAF, len(codes), *codes], end
            return self._settled(kind, path), end
        row, at = record[at + 1], at + 2
        claims, at = _claims(record, at)
        found: list[int] = []
        many = 0
        while record[at] >= 0:
            pattern = record[at]
            steps, at = self._entry(kind, (*path, (row, pattern)), record, at + 1)
            found += [pattern, *steps]
            many += 1
        return [NODE, row, *claims, many, *found], at + 1

    def _settled(self, kind: Kind, path: Path) -> list[int]:
        """The same, decided in rationals."""
        settled = self._decide(kind, path)
        if settled.network is None:
            codes = settled.contradiction
            return [LEAF, len(codes), *codes]
        if settled.missed is None:
            raise AssertionError("a network contradicts the proved bound")
        found: list[int] = []
        many = 0
        for child in children(kind, path, settled.missed):
            found += [child[-1][1], *self._below(kind, child)]
            many += 1
        return [NODE, settled.missed, 0, many, *found]


def _claims(record: list[int], at: int) -> tuple[list[int], int]:
    """Claims of a node, with their number, and where its children begin."""
    end = at + 1
    for _ in range(record[at]):
        end += 3 + record[end + 2]
    return record[at:end], end
