"""The multivariate oracle agrees with cases worked by hand, the fixture and the line's oracle."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import pytest

from tests.oracles.multivariate import Inequality, feasible, in_span, solutions, sparsest
from tests.oracles.univariate import fewest_knots
from tests.routes.rank_search.families import FAMILIES

FIXTURE = Path(__file__).parent.parent / "fixtures" / "multivariate.jsonl"
# The others agree too, at up to 12 seconds each; the solver's tests take all of them.
CASES = [case for case in map(json.loads, FIXTURE.read_text().splitlines()) if len(case["X"]) <= 5]
CORNERS = [[Fraction(a), Fraction(b)] for a, b in product((0, 1), repeat=2)]
NINE = [[Fraction(a), Fraction(b)] for a, b in product((-1, 0, 1), repeat=2)]


# ------------------------------------------------------------------------------- worked by hand


@pytest.mark.parametrize(
    ("skip", "parameters", "neurons"),
    # (x1 - x2)_+ + (x2 - x1)_+; with a skip, 2 (x1 - x2)_+ - x1 + x2.
    [("none", 4, 2), ("affine", 2, 1)],
)
def test_xor(skip: str, parameters: int, neurons: int) -> None:
    y = [Fraction(t) for t in (0, 1, 1, 0)]
    assert sparsest(CORNERS, y, "parameters", skip) == parameters
    assert sparsest(CORNERS, y, "neurons", skip) == neurons


def test_and() -> None:
    """(x1 + x2 - 1)_+, or x1 - (x1 - x2)_+ with a skip."""
    y = [Fraction(t) for t in (0, 0, 0, 1)]
    assert [sparsest(CORNERS, y, "parameters", skip) for skip in ("none", "affine")] == [3, 2]
    assert [sparsest(CORNERS, y, "neurons", skip) for skip in ("none", "affine")] == [1, 1]


def test_maximum_of_two_coordinates() -> None:
    """max(x1, x2) = x1 + (x2 - x1)_+ = (x1)_+ - (-x1)_+ + (x2 - x1)_+ has 4 on all of the plane.

    It has 3 on the quadrant, where (-x1)_+ is not needed.
    """
    shifted = [[t + 1 for t in row] for row in NINE]
    y = [max(row) for row in shifted]
    assert sparsest(shifted, y, "parameters") == 3
    assert sparsest(shifted, y, "neurons") == 2
    assert sparsest(shifted, y, "parameters", "affine") == 2
    assert sparsest(shifted, y, "neurons", "affine") == 1
    y = [max(row) for row in NINE]
    assert sparsest(NINE, y, "parameters") == 4
    assert sparsest(NINE, y, "neurons") == 3


def test_absolute_value_and_a_bump() -> None:
    absolute = [[Fraction(t)] for t in (-1, 0, 1)], [Fraction(t) for t in (1, 0, 1)]
    assert sparsest(*absolute, "parameters") == sparsest(*absolute, "neurons") == 2
    assert sparsest(*absolute, "neurons", "affine") == 1
    bump = [[Fraction(t)] for t in (0, 1, 2)], [Fraction(t) for t in (0, 1, 0)]
    assert sparsest(*bump, "parameters") == 3  # (x)_+ - 2 (x - 1)_+
    assert sparsest(*bump, "neurons") == 2
    assert sparsest(*bump, "neurons", "affine") == 1


def test_zero_labels_and_one_point() -> None:
    for objective, skip in product(("parameters", "neurons"), ("none", "affine")):
        assert sparsest(NINE, [Fraction(0)] * 9, objective, skip) == 0
        assert sparsest([[Fraction(2), Fraction(0)]], [Fraction(-3)], objective, skip) == (
            skip == "none"
        )
    # At the origin only a bias reaches the label.
    assert sparsest([[Fraction(0)] * 2], [Fraction(1)], "parameters") == 1


def test_more_parameters_than_points() -> None:
    """x = 2, 4, 5 and y = 0, -2, 2 need four parameters, one more than points.

    A neuron with one entry adds g(x) = a x or c here, so three parameters that are not affine on
    the points are a hinge of two and one g.  If the hinge is inactive at 2, then g = 0, and the
    hinge has both signs.  If it is active at 2 only, g goes through (4, -2) and (5, 2); if at 2
    and 4, then g is 2x/5 or 2, and the hinge would have to grow from 2 to 4, towards its end.
    """
    X, y = [[Fraction(t)] for t in (2, 4, 5)], [Fraction(t) for t in (0, -2, 2)]
    assert sparsest(X, y, "parameters") == 4
    assert sparsest(X, y, "neurons") == 2


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="unknown"):
        sparsest(CORNERS, [Fraction(0)] * 4, "path_norm")
    with pytest.raises(ValueError, match="no interpolant"):
        sparsest([CORNERS[0], CORNERS[0]], [Fraction(0), Fraction(1)])


# ------------------------------------------------------------------------ agreement, at random


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_fixture(case: dict) -> None:
    X = [[Fraction(t) for t in row] for row in case["X"]]
    y = [Fraction(t) for t in case["y"]]
    assert sparsest(X, y, "parameters") == case["parameters"]
    if "neurons" in case:
        assert sparsest(X, y, "neurons") == case["neurons"]


@pytest.mark.parametrize("seed", range(30))
def test_knots_on_the_line(seed: int) -> None:
    """d = 1 with a free affine part: the fewest neurons are the fewest knots."""
    X, y = FAMILIES["d1"](1000 + seed)
    x, labels = zip(*sorted((row[0], label) for row, label in zip(X, y, strict=True)), strict=True)
    assert sparsest(X, y, "neurons", "affine") == fewest_knots(x, labels)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("family", ["generic", "grid", "labels", "teacher"])
def test_the_affine_part_is_free(family: str, seed: int) -> None:
    """Adding an affine function changes nothing, and neurons do not see an affine map of X."""
    X, y = (part[:5] for part in FAMILIES[family](2000 + seed))
    moved = [label + 3 * row[0] - row[-1] / 2 + 7 for row, label in zip(X, y, strict=True)]
    turned = [[row[0] + 2 * row[-1] + 5, *row[1:]] for row in X]
    assert sparsest(X, y, "parameters", "affine") == sparsest(X, moved, "parameters", "affine")
    neurons = sparsest(X, y, "neurons", "affine")
    assert neurons == sparsest(turned, moved, "neurons", "affine") <= sparsest(X, y, "neurons")
    assert sparsest(turned, y, "neurons") == sparsest(X, y, "neurons") <= neurons + 2


@pytest.mark.parametrize("seed", range(60))
def test_feasible_agrees_with_elimination(seed: int) -> None:
    """Against Fourier-Motzkin, which eliminates one unknown after the other."""
    rng = random.Random(seed)
    unknowns, m = rng.randint(0, 3), rng.randint(0, 6)
    rows: list[Inequality] = [
        ([Fraction(rng.randint(-2, 2)) for _ in range(unknowns)], Fraction(rng.randint(-2, 1)))
        for _ in range(m)
    ]
    left = rows
    for j in range(unknowns):
        up = [row for row in left if row[0][j] > 0]
        down = [row for row in left if row[0][j] < 0]
        left = [row for row in left if not row[0][j]] + [
            (
                [a / p[j] - b / q[j] for a, b in zip(p, q, strict=True)],
                constant / p[j] - other / q[j],
            )
            for p, constant in up
            for q, other in down
        ]
    assert feasible(rows) == all(constant >= 0 for _, constant in left)


@pytest.mark.parametrize("seed", range(60))
def test_linear_systems(seed: int) -> None:
    rng = random.Random(seed)
    n, width = rng.randint(1, 4), rng.randint(1, 4)
    matrix = [[rng.randint(-1, 2) for _ in range(width)] for _ in range(n)]
    values = [rng.randint(-1, 1) for _ in range(n)]
    particular, directions = solutions(matrix, values)

    def times(u: list[Fraction]) -> list[Fraction]:
        return [sum((a * b for a, b in zip(row, u, strict=True)), Fraction(0)) for row in matrix]

    assert in_span(matrix, values) == (times(particular) == values)
    assert all(times(move) == [0] * n for move in directions)
    assert len(directions) == width - _rank(matrix)


def _rank(matrix: list[list[int]]) -> int:
    """Size of the largest nonzero minor, by Leibniz."""

    def minor(rows: tuple[int, ...], columns: tuple[int, ...]) -> int:
        if not rows:
            return 1
        return sum(
            (-1) ** j * matrix[rows[0]][c] * minor(rows[1:], columns[:j] + columns[j + 1 :])
            for j, c in enumerate(columns)
        )

    for size in range(min(len(matrix), len(matrix[0])), 0, -1):
        for rows in combinations(range(len(matrix)), size):
            if any(minor(rows, columns) for columns in combinations(range(len(matrix[0])), size)):
                return size
    return 0
