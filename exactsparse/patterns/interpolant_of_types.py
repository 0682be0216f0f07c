"""From neuron types on a few rows to a network through all rows, or proof that there is none.

If the equations on the rows determine the weights, they are computed and checked on every row.
Otherwise the signs of the output weights are branched on, and then the activity of the neurons on
one further row after the other: each choice adds an equation and an inequality per neuron, whose
feasibility is decided exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.cones import AffineSpace, nonnegative_parameters, solve_equations
from exactsparse.exact.numbers import scaled_integers
from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.progress import Deadline

Activity = dict[int, tuple[bool, ...]]
Values = NDArray[Any]


def interpolant_of_types(
    table: IntegerTable,
    rows: Sequence[int],
    types: Sequence[NeuronType],
    skip: bool,
    deadline: Deadline,
    signs: Sequence[int] | None = None,
) -> Network | None:
    """A network through all rows whose neurons have given types on some of them, or None.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    rows : sequence of int
        The rows that the types refer to.
    types : sequence of NeuronType
        Supports and patterns; a neuron may also vanish on rows of its pattern, or altogether.
    skip : bool
        Whether there is a free affine part.
    deadline : Deadline
        Asked before every branch and pivot.
    signs : sequence of int, optional
        Signs of the output weights, 1 or −1; all are tried by default.

    Raises
    ------
    Stopped
        If the deadline has passed.
    """
    affine = table.basis if skip else ()
    completion = _Completion(table, [t.support for t in types], affine, deadline, signs)
    return completion.search(_activity(rows, types))


def solutions(
    table: IntegerTable, rows: Sequence[int], types: Sequence[NeuronType], skip: bool
) -> AffineSpace | None:
    """All weights of given types that meet the labels of some rows, or None; cones are ignored.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    rows : sequence of int
        The rows that the types refer to.
    types : sequence of NeuronType
        Supports and patterns; their weights stand one support after the other, the skip last.
    skip : bool
        Whether there is a free affine part.
    """
    affine = table.basis if skip else ()
    completion = _Completion(table, [t.support for t in types], affine, Deadline(), None)
    return completion.solutions(_activity(rows, types))


def _activity(rows: Sequence[int], types: Sequence[NeuronType]) -> Activity:
    return {row: tuple(bool(t.mask >> i & 1) for t in types) for i, row in enumerate(rows)}


@dataclass(frozen=True)
class _Completion:
    """Supports of the neurons, and the rows that they must fit."""

    table: IntegerTable
    supports: list[tuple[int, ...]]
    skip: tuple[int, ...]
    deadline: Deadline
    signs: Sequence[int] | None

    def search(self, activity: Activity) -> Network | None:
        """Try every sign of the output weights that the rows allow."""
        space = self.solutions(activity)
        if space is None:
            return None
        values = self._values(space, list(activity))
        for signs in product(*self._possible_signs(space, values, activity)):
            self.deadline.check()
            if all(self._can_reach(row, active, signs) for row, active in activity.items()):
                network = self._branch(space, values, activity, signs)
                if network is not None:
                    return network
        return None

    def _branch(
        self, space: AffineSpace, values: list[Values], activity: Activity, signs: tuple[int, ...]
    ) -> Network | None:
        self.deadline.check()
        rows = [
            row
            for j, (sign, table) in enumerate(zip(signs, values, strict=True))
            for row in self._inequalities(j, sign, table, activity)
        ]
        z = self._parameters(space, rows)
        if z is None:
            return None
        point = space.at(z)
        missed = self._first_missed(point, signs)
        if missed is None:
            return self._network(point, signs)
        if not space.directions:
            return None
        for pattern in product((True, False), repeat=len(self.supports)):
            if not self._can_reach(missed, pattern, signs):
                continue
            further = activity | {missed: pattern}
            smaller = self.solutions(further)
            if smaller is not None:
                values = self._values(smaller, list(further))
                network = self._branch(smaller, values, further, signs)
                if network is not None:
                    return network
        return None

    def solutions(self, activity: Activity) -> AffineSpace | None:
        """All weights that meet the labels of some rows."""
        rows = list(activity)
        points = self.table.points[rows]
        active = np.array(list(activity.values()), dtype=bool).reshape(len(rows), -1)
        columns = [
            np.where(active[:, j], points[:, c], 0).tolist()
            for j, support in enumerate(self.supports)
            for c in support
        ]
        columns.extend(points[:, list(self.skip)].T.tolist())
        return solve_equations(columns, self.table.labels[rows].tolist())

    def _values(self, space: AffineSpace, rows: list[int]) -> list[Values]:
        """For every neuron, ``w · x̄`` on the rows: constant term, then one per parameter."""
        weights = np.array([space.point, *space.directions], dtype=object).T
        values, at = [], 0
        for support in self.supports:
            block = weights[at : at + len(support)]
            values.append(self.table.points[np.ix_(rows, support)].dot(block))
            at += len(support)
        return values

    def _possible_signs(
        self, space: AffineSpace, values: list[Values], activity: Activity
    ) -> list[list[int]]:
        """Signs of every output weight for which its neuron by itself fits its pattern."""
        return [
            [
                sign
                for sign in ((1, -1) if self.signs is None else (self.signs[j],))
                if self._parameters(space, self._inequalities(j, sign, table, activity)) is not None
            ]
            for j, table in enumerate(values)
        ]

    def _inequalities(
        self, j: int, sign: int, values: Values, activity: Activity
    ) -> list[list[int]]:
        """``sign · w · x̄ >= 0`` where neuron j is active, ``<= 0`` elsewhere."""
        rows = [
            [sign * int(v) for v in (value if active[j] else -value)]
            for value, active in zip(values, activity.values(), strict=True)
        ]
        return [row for row in rows if any(row)]

    def _parameters(self, space: AffineSpace, rows: list[list[int]]) -> list[Fraction] | None:
        """Parameters that meet inequalities, constant term first in each."""
        return nonnegative_parameters(
            [row[1:] for row in rows],
            [row[0] for row in rows],
            len(space.directions),
            self.deadline.check,
        )

    def _can_reach(self, row: int, active: tuple[bool, ...], signs: tuple[int, ...]) -> bool:
        """Whether some active neuron has the sign of the label; always so with a skip."""
        label = self.table.labels[row]
        side = (label > 0) - (label < 0)
        if self.skip or not side:
            return True
        return any(on and sign == side for on, sign in zip(active, signs, strict=True))

    def _weights(self, point: list[Fraction]) -> list[list[Fraction]]:
        """Input weights and bias of every neuron, output weight taken in."""
        weights, at = [], 0
        for support in self.supports:
            dense = [Fraction(0)] * self.table.width
            for c in support:
                dense[c] = point[at]
                at += 1
            weights.append(dense)
        return weights

    def _affine(self, point: list[Fraction]) -> list[Fraction]:
        """Weights and bias of the skip."""
        affine = [Fraction(0)] * self.table.width
        for c, weight in zip(self.skip, point[len(point) - len(self.skip) :], strict=True):
            affine[c] = weight
        return affine

    def _first_missed(self, point: list[Fraction], signs: tuple[int, ...]) -> int | None:
        """First row whose label the weights miss."""
        scale = lcm(*(w.denominator for w in point))
        total = self.table.points.dot(scaled_integers(self._affine(point), scale))
        for weights, sign in zip(self._weights(point), signs, strict=True):
            values = self.table.points.dot(scaled_integers(weights, scale))
            total = total + np.where(sign * values > 0, values, 0)
        missed = np.flatnonzero(total != self.table.labels * scale)
        return int(missed[0]) if len(missed) else None

    def _network(self, point: list[Fraction], signs: tuple[int, ...]) -> Network:
        neurons = []
        for weights, sign in zip(self._weights(point), signs, strict=True):
            if any(weights):
                scaled = [sign * w for w in weights]
                neurons.append(Neuron(tuple(scaled[:-1]), scaled[-1], Fraction(sign)))
        affine = self._affine(point)
        skip = Skip(tuple(affine[:-1]), affine[-1]) if self.skip else None
        return Network(tuple(neurons), skip, self.table.width - 1)
