"""The finite program over neuron types as a mixed-integer program with big-M switches, in floats.

Lemma 4.1 of J. Nakhleh and R. D. Nowak (arXiv 2505.21791), support by support: every neuron type
has a copy with a positive and one with a negative output, each with continuous weights in the
closed cell of the type, and a binary that pays for its support,

    min Σ_t |T_t| (z⁺_t + z⁻_t)  s.t.  Σ_t mask_t ∘ X̄_T (ν_t − ω_t) [+ X̄ a] = y,
        ν_t, ω_t in the cell,  |ν_t| <= M z⁺_t,  |ω_t| <= M z⁻_t.

A program for true, but a claim in floats twice over: a weight above M is shut out, so that optima
are claimed too high; and z = 1e-6 counts as 0, which leaves weights of size 1e-6 M for nothing, so
that optima are claimed too low.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exactsparse.patterns.neuron_types import NeuronType
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import Objective

DEFAULT_M = 1e4
_WEIGHT_TOLERANCES = (0.0, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4)


@dataclass
class Rows:
    """Sparse rows ``lower <= values · x[indices] <= upper``, grown one by one."""

    starts: list[int] = field(default_factory=lambda: [0])
    indices: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(
        self, indices: Sequence[int], values: Sequence[float], lower: float, upper: float
    ) -> None:
        """Append a row."""
        self.indices.extend(indices)
        self.values.extend(values)
        self.starts.append(len(self.indices))
        self.lower.append(lower)
        self.upper.append(upper)

    def __len__(self) -> int:
        return len(self.lower)

    def __iter__(self) -> Iterator[tuple[list[int], list[float], float, float]]:
        bounds = zip(pairwise(self.starts), self.lower, self.upper, strict=True)
        for (start, stop), lower, upper in bounds:
            yield self.indices[start:stop], self.values[start:stop], lower, upper


@dataclass(frozen=True, eq=False)
class BigMProgram:
    """A mixed-integer program; columns are the binaries, then weights, then the affine part.

    Parameters
    ----------
    types : tuple of NeuronType
        The binary of type k with positive output is column 2k, with negative output 2k + 1.
    cost, lower, upper : ndarray of float64, shape (n_columns,)
        Objective and bounds.
    rows : Rows
        Equations, cells, and rows that need an active neuron.
    weights : tuple of ndarray of int
        Columns of the weights of every binary.
    big_m : float
        Bound M of every weight.
    """

    types: tuple[NeuronType, ...]
    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    rows: Rows
    weights: tuple[NDArray[np.int64], ...]
    big_m: float

    @property
    def n_binaries(self) -> int:
        """The first columns, which are 0 or 1."""
        return len(self.weights)

    def switches(self) -> Iterator[tuple[int, int]]:
        """Pairs (binary, weight): the weight is 0 unless the binary is 1."""
        for binary, columns in enumerate(self.weights):
            for column in columns:
                yield binary, int(column)

    def switch_rows(self) -> Rows:
        """``|weight| <= M binary`` for all pairs."""
        rows = Rows()
        for binary, column in self.switches():
            rows.add([column, binary], [1.0, -self.big_m], -math.inf, 0.0)
            rows.add([column, binary], [1.0, self.big_m], 0.0, math.inf)
        return rows

    def chosen(self, values: Sequence[float]) -> Iterator[list[int]]:
        """Sets of binaries that a solution may mean, the one that it states first.

        Parameters
        ----------
        values : sequence of float
            Of every column; entries that are not finite count as 0.
        """
        if len(values) != len(self.cost):
            return
        x = np.nan_to_num(np.array(values, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        sizes = np.array([np.abs(x[columns]).max(initial=0.0) for columns in self.weights])
        on = x[: self.n_binaries] > 0.5
        seen = set()
        largest = float(sizes.max(initial=0.0))
        for wanted in (
            on,
            on & (sizes > 0),
            *(sizes > tolerance * largest for tolerance in reversed(_WEIGHT_TOLERANCES)),
        ):
            found = tuple(np.flatnonzero(wanted).tolist())
            if found not in seen:
                seen.add(found)
                yield list(found)


def build_program(
    table: IntegerTable,
    types: Sequence[NeuronType],
    objective: Objective,
    skip: bool,
    big_m: float,
    pause: Callable[[], None],
) -> BigMProgram:
    """Write the program of some data.

    Parameters
    ----------
    table : IntegerTable
        All rows.
    types : sequence of NeuronType
        Types on all rows.
    objective : Objective
        What is counted.
    skip : bool
        Whether there is a free affine part.
    big_m : float
        Largest absolute value of a weight.
    pause : callable
        Called for every type; may raise to end the work.
    """
    n, width = len(table), table.width
    # True division of integers rounds correctly, and gives back the data as floats.
    points = np.array([[x / row[-1] for x in row] for row in table.points.tolist()])
    scales = table.points[:, -1].tolist()
    labels = [int(y) / s for y, s in zip(table.labels, scales, strict=True)]
    n_binaries = 2 * len(types)
    weights: list[NDArray[np.int64]] = []
    rows = Rows()
    column = n_binaries
    terms: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    covers: dict[tuple[int, int], list[int]] = {}
    for k, t in enumerate(types):
        pause()
        inputs = points[:, list(t.support)]
        for side, sign in enumerate((1.0, -1.0)):
            own = list(range(column, column + len(t.support)))
            column += len(own)
            weights.append(np.array(own, dtype=np.int64))
            for i in range(n):
                if not inputs[i].any():
                    continue
                active = t.mask >> i & 1
                if active:
                    terms[i].extend(zip(own, (sign * inputs[i]).tolist(), strict=True))
                    covers.setdefault((i, side), []).append(2 * k + side)
                row = inputs[i] if active else -inputs[i]
                rows.add(own, row.tolist(), 0.0, math.inf)
    affine = list(range(column, column + (width if skip else 0)))
    for i in range(n):
        terms[i].extend(zip(affine, points[i].tolist(), strict=False))
        rows.add([j for j, _ in terms[i]], [v for _, v in terms[i]], labels[i], labels[i])
        if labels[i] and not skip:
            # Some neuron with an output of the label's sign is active there.
            active_on = covers.get((i, int(labels[i] < 0)), [])
            rows.add(active_on, [1.0] * len(active_on), 1.0, math.inf)
    n_weights = column - n_binaries
    costs = [float(objective.cost_of_type(len(t.support))) for t in types]
    free = np.full(len(affine), math.inf)
    return BigMProgram(
        types=tuple(types),
        cost=np.concatenate([np.repeat(costs, 2), np.zeros(n_weights + len(affine))]),
        lower=np.concatenate([np.zeros(n_binaries), np.full(n_weights, -big_m), -free]),
        upper=np.concatenate([np.ones(n_binaries), np.full(n_weights, big_m), free]),
        rows=rows,
        weights=tuple(weights),
        big_m=big_m,
    )
