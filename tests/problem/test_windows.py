"""Windows of equal points are intersected, in any number of features, and tables hold them."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from exactsparse import Dataset, Network, Neuron, Problem
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.residuals import missed_row
from exactsparse.problem.rows import windows_of
from exactsparse.solution import InfeasibleSolution


@pytest.mark.parametrize("seed", range(40))
def test_a_value_meets_the_window_just_if_it_meets_all_its_rows(seed: int) -> None:
    rng = random.Random(seed)
    points = [[rng.randint(0, 1), rng.randint(0, 1)] for _ in range(8)]
    lower = [rng.choice([None, rng.randint(-4, 1)]) for _ in points]
    upper = [rng.choice([None, rng.randint(0, 4)]) for _ in points]
    dataset = Dataset.from_arrays(points, None, lower=lower, upper=upper)
    windows = windows_of(dataset)
    assert [w.point for w in windows] == sorted({tuple(map(Fraction, p)) for p in points})
    for window in windows:
        own = [i for i, p in enumerate(points) if tuple(p) == window.point]
        met = set()
        for value in range(-6, 7):
            meets = all(
                (low is None or low <= value) and (high is None or value <= high)
                for low, high in ((lower[i], upper[i]) for i in own)
            )
            if meets:
                met.add(value)
            inside = (window.lower is None or window.lower <= value) and (
                window.upper is None or value <= window.upper
            )
            assert inside == meets
        assert window.is_empty == (not met)
        if met:
            assert (window.lower or -9) <= window.middle <= (window.upper or 9)
            assert window.middle == 0 or 0 not in met


@pytest.mark.parametrize("shift", [0, 2**53, 2**70, Fraction(1, 3)])
def test_windows_are_sorted_by_points_of_any_size(shift: int | Fraction) -> None:
    """Floats, integers beyond 2⁵³ and fractions: one window for every distinct point."""
    rng = random.Random(7)
    x = [[rng.randint(-2, 2) + shift, rng.randint(0, 2)] for _ in range(60)]
    y = [rng.randint(0, 9) for _ in x]
    expected: dict[tuple[Fraction, Fraction], tuple[list[int], list[int]]] = {}
    for row, ((a, b), label) in enumerate(zip(x, y, strict=True)):
        labels, rows = expected.setdefault((Fraction(a), Fraction(b)), ([], []))
        labels.append(label)
        rows.append(row)
    found = windows_of(Dataset.from_arrays(x, y), Fraction(5))
    assert [window.point for window in found] == sorted(expected)
    for window in found:
        labels, rows = expected[window.point]
        assert (window.lower, window.upper) == (max(labels) - 5, min(labels) + 5)
        assert window.lower_row == rows[labels.index(max(labels))]
        assert window.upper_row == rows[labels.index(min(labels))]


def test_a_table_holds_bounds_scaled_like_its_points() -> None:
    dataset = Dataset.from_arrays([["1/2", 3], [0, 1]], None, lower=["1/3", None], upper=["5/7", 2])
    table = IntegerTable.of_problem(Problem.of(dataset))
    assert len(table) == 2
    scale = table.points[:, -1]
    assert [
        Fraction(v, s) if v is not None else None for v, s in zip(table.lower, scale, strict=True)
    ] == [
        None,
        Fraction(1, 3),
    ]
    assert [Fraction(v, s) for v, s in zip(table.upper, scale, strict=True)] == [2, Fraction(5, 7)]
    taken = table.take([1])
    assert (len(taken), taken.lower[0], taken.upper[0]) == (1, table.lower[1], table.upper[1])


def test_a_row_is_missed_just_outside_its_bounds() -> None:
    def step(height: Fraction) -> Network:
        return Network((Neuron((Fraction(0), Fraction(0)), Fraction(1), height),), None, 2)

    dataset = Dataset.from_arrays([[0, 0], [1, 1]], [1, 1])
    table = IntegerTable.of_problem(Problem.of(dataset, tolerance="0.1"))
    least, tiny = Fraction(9, 10), Fraction(1, 10**30)
    assert missed_row(step(least), table) is None
    assert missed_row(step(least - tiny), table) == 0
    assert missed_row(step(Fraction(11, 10)), table) is None
    assert missed_row(step(Fraction(11, 10) + tiny), table) == 0
    one_sided = Dataset.from_arrays([[0, 0]], None, lower=[2], upper=None)
    free = IntegerTable.of_problem(Problem.of(one_sided))
    assert missed_row(step(Fraction(10**40)), free) is None
    assert missed_row(step(2 - tiny), free) == 0


def test_an_empty_window_is_told_by_its_rows() -> None:
    dataset = Dataset.from_arrays(np.array([[0, 1], [2, 2], [0, 1]]), [0, 0, 3])
    problem = Problem.of(dataset, tolerance=1)
    found = InfeasibleSolution.of_empty_window(problem, "tree")
    assert found is not None
    assert "rows 0 and 2 have the same point" in found.reason
    with pytest.raises(ValueError, match="no number"):
        IntegerTable.of_problem(problem)
    enough = Problem.of(dataset, tolerance="1.5")
    assert InfeasibleSolution.of_empty_window(enough, "tree") is None
    own = Dataset.from_arrays([[0, 1]], None, lower=[1], upper=[0])
    found = InfeasibleSolution.of_empty_window(Problem.of(own), "tree")
    assert found is not None
    assert "row 0: the lower bound lies above" in found.reason
