"""Rows that refute what survives on others: against all networks of the set on those rows."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from exactsparse.patterns.neuron_types import NeuronType, types_on, useful_supports
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS
from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.rank_search import row_refutation
from exactsparse.routes.rank_search.row_refutation import RowRefutation, _is_refuted
from tests.routes.rank_search.families import FAMILIES

CASES = [
    (family, seed, skip)
    for family in ("generic", "grid", "labels", "teacher", "line", "d1")
    for seed in range(4)
    for skip in (False, True)
]


def sets_on(
    table: IntegerTable, rows: list[int], draw: random.Random
) -> list[tuple[NeuronType, ...]]:
    supports = useful_supports(table, PARAMETERS, 2)
    types = [t for s in supports for t in types_on(table.take(rows), s)]
    return [tuple(draw.choices(types, k=draw.randint(1, min(3, len(types))))) for _ in range(30)]


@pytest.mark.parametrize(("family", "seed", "skip"), CASES)
def test_a_row_that_refutes_leaves_no_activity(family: str, seed: int, skip: bool) -> None:
    X, y = FAMILIES[family](seed)
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    draw = random.Random(seed)
    rows = sorted(draw.sample(range(len(table)), max(1, len(table) - 2)))
    refutation = RowRefutation(table, skip)
    for types in sets_on(table, rows, draw):
        missed = refutation.missed(rows, types)
        for row in range(len(table)):
            exactly = _is_refuted(table, rows, [row], types, skip)
            assert exactly or not missed[row]
            assert refutation.is_refuted(rows, [row], types) == exactly
        some = draw.choices(range(len(table)), k=3)
        assert (refutation.missed(rows, types, some) == missed[some]).all()


def test_neurons_of_one_input_are_active_as_their_sign_allows() -> None:
    """Beyond the rows on which all types are enumerated, as on them."""
    draw = random.Random(5)
    X = [[Fraction(draw.randint(-2, 2)) for _ in range(2)] for _ in range(6)]
    X = [list(row) for row in sorted(set(map(tuple, X)))]
    table = IntegerTable.of(Dataset.from_arrays(X, [0] * len(X)))
    refutation = RowRefutation(table, False)
    for rows in ([0], [0, 1], list(range(len(table)))):
        for c in range(table.width):
            for t in types_on(table.take(rows), (c,)):
                choices = refutation._of_one_input(tuple(rows), t)
                for row in range(len(table)):
                    found = {
                        bool(wider.mask >> len(rows) & 1)
                        for wider in types_on(table.take([*rows, row]), (c,))
                        if wider.mask & ((1 << len(rows)) - 1) == t.mask
                    }
                    assert {on for on in (False, True) if choices[on][row]} == found


def test_numbers_that_agree_modulo_the_prime_refute_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """x at 2 and 4 is 6, not 8, at 6; modulo 2 they agree."""
    table = IntegerTable.of(Dataset.from_arrays([[2], [4], [6]], [2, 4, 8]))
    (t,) = (t for t in types_on(table.take([0, 1]), (0,)) if t.mask)
    assert RowRefutation(table, False).missed([0, 1], [t]).tolist() == [False, False, True]
    monkeypatch.setattr(row_refutation, "_PRIME", 2)
    assert not RowRefutation(table, False).missed([0, 1], [t]).any()


@pytest.mark.parametrize("size", [2**31 - 2, 2**53 + 1, 2**63 - 1, 2**63, 10**40])
def test_numbers_of_any_size(size: int) -> None:
    X = [[0], [1], [2], [3], [size]]
    network = [(2, -1), (size, 7 - 3 * size)]
    y = [sum(max(w * x + b, 0) for w, b in network) for (x,) in X]
    for wrong in (0, 1):
        table = IntegerTable.of(Dataset.from_arrays(X, [*y[:-1], y[-1] + wrong]))
        rows = [0, 1, 2, 3]
        for types in product(types_on(table.take(rows), (0, 1)), repeat=2):
            missed = RowRefutation(table, False).missed(rows, types)
            for row in np.flatnonzero(missed).tolist():
                assert _is_refuted(table, rows, [row], types, False)


def test_the_clock_is_looked_at() -> None:
    X, y = [[i] for i in range(6)], [0, 1, 0, 1, 0, 2]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    types = [t for t in types_on(table.take([1]), (0,)) if t.mask]
    with pytest.raises(Stopped):
        RowRefutation(table, False).missed([1], types, pause=Deadline(0).check)
