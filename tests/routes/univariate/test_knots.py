"""Fewest knots, uniqueness and the network, against the reachability oracle."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from tests.oracles.univariate import fewest_knots, fewest_knots_is_unique
from tests.routes.univariate.changes import from_changes
from tests.strategies import Data, any_data, runs

FIXTURES = Path(__file__).parents[2] / "fixtures" / "univariate.jsonl"
INSTANCES = [json.loads(line) for line in FIXTURES.read_text().splitlines()]


def test_a_solution_can_be_called() -> None:
    solution = es.solve([0, 1, 2], [0, 1, 0])
    assert [solution(x) for x in (-1, "1/2", 3)] == [-1, Fraction(1, 2), -1]


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda instance: instance["name"])
def test_known_instances(instance: dict) -> None:
    solution = es.solve(instance["x"], instance["y"])
    assert solution.status == "optimal"
    assert solution.value == solution.lower_bound == instance["knots"]
    for p, value in instance.get("p", {}).items():
        low = es.solve(instance["x"], instance["y"], p=p)
        enclosure = low.value_enclosure or es.Enclosure(low.cost, low.cost)
        slack = Fraction(1, 10**12) * max(1, Fraction(value))
        assert enclosure.lower - slack <= Fraction(value) <= enclosure.upper + slack
        assert enclosure.upper - enclosure.lower <= slack


@given(any_data())
def test_knot_count_and_uniqueness_match_the_oracle(data: Data) -> None:
    solution = es.solve(*data)
    assert solution.status is es.Status.OPTIMAL
    assert solution.value == fewest_knots(*data)
    assert solution.unique == fewest_knots_is_unique(*data)


@pytest.mark.parametrize("length", range(7))
def test_every_sign_pattern_matches_the_oracle(length: int) -> None:
    for changes in product((-1, 0, 1), repeat=length):
        data = from_changes(list(changes))
        solution = es.solve(*data)
        assert solution.value == fewest_knots(*data), changes
        assert solution.unique == fewest_knots_is_unique(*data), changes


@given(any_data())
def test_network_and_law_interpolate_exactly(data: Data) -> None:
    solution = es.solve(*data)
    assert len(solution.network.neurons) == solution.value
    for x, y in zip(*data, strict=True):
        assert solution.network.evaluate(x) == y
        assert solution.law.evaluate(x) == y


@given(runs(), st.lists(st.fractions(-5, 40), min_size=1, max_size=5))
def test_law_network_and_pieces_are_one_function(data: Data, at: list[Fraction]) -> None:
    solution = es.solve(*data)
    for x in at:
        value = solution.network.evaluate(x)
        assert solution.law.evaluate(x) == value
        piece = next(p for p in solution.law.pieces() if p.end is None or x <= p.end)
        assert piece.slope * x + piece.intercept == value
    floats = [float(x) for x in at]
    expected = [float(solution.network.evaluate(x)) for x in floats]
    assert solution.law.predict(floats) == pytest.approx(expected, abs=1e-9)
    assert solution.network.predict(floats) == pytest.approx(expected, abs=1e-9)


def test_decimals_are_decimals_however_they_come() -> None:
    cells = ["0.1", "0.2", "0.3", "0.4"]
    assert es.solve(cells, ["1.1", "1.2", "1.3", "1.4"]).value == 0
    floats = [float(cell) for cell in cells]
    assert es.solve(floats, [0.1, 0.2, 0.3, 0.4]).value == 0
    assert es.solve(floats, [1.1, 1.2, 1.3, 1.4]).value == 0
    assert es.solve(floats, [1.1, 1.2, 1.3, 1.4], floats="binary").value > 0


def test_collinear_point_inside_a_run_ends_it() -> None:
    assert es.solve(*from_changes([1, 1, 0, 1, 1])).value == 2


def test_peak_and_plateau() -> None:
    solution = es.solve([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    assert (solution.value, solution.unique) == (3, False)
    assert [(p, j) for p, j in solution.law.knots()] == [(-1, 1), (Fraction(1, 2), -2), (2, 1)]
    assert solution.law.lipschitz_constant() == 1


@pytest.mark.parametrize(
    ("x", "y", "knots", "unique"),
    [
        ([3], [7], 0, False),
        ([0, 1], [5, 9], 0, True),
        ([0, 1, 2, 3], [4, 4, 4, 4], 0, True),
        ([2, 0, 1, 1], [4, 0, 1, 1], 1, False),
    ],
)
def test_tiny_data(x: list[int], y: list[int], knots: int, unique: bool) -> None:
    for p in (None, 0, "1/2", 1):
        solution = es.solve(x, y, p=p)
        assert solution.status == "optimal"
        assert solution.law.n_knots == knots
    assert es.solve(x, y).unique == unique


def test_huge_integers_and_fractions() -> None:
    big = 10**300
    x = [0, big, 2 * big, 3 * big]
    assert es.solve(x, [0, 1, 2, 3]).value == 0
    assert es.solve(x, [0, big + 1, 2 * big + 2, 3 * big + 4]).value == 1
    thirds = [k * Fraction(1, 3) ** k for k in range(-3, 4)]
    assert es.solve(sorted(thirds), [7 * t for t in sorted(thirds)]).value == 0


@settings(max_examples=60)
@given(any_data(), st.integers(-40, 40), st.randoms(use_true_random=False))
def test_count_is_invariant(data: Data, exponent: int, random: object) -> None:
    x, y = data
    value = es.solve(x, y).value
    order = list(range(len(x)))
    random.shuffle(order)
    assert es.solve([x[i] for i in order], [y[i] for i in order]).value == value
    assert es.solve([-t for t in x], y).value == value
    assert es.solve(x, [-t for t in y]).value == value
    slope, shift = Fraction(3, 7), Fraction(-5, 11)
    assert es.solve(x, [v + slope * t + shift for t, v in zip(x, y, strict=True)]).value == value
    for factor in (Fraction(2) ** exponent, Fraction(10) ** exponent):
        assert es.solve([factor * t for t in x], y).value == value
        assert es.solve(x, [factor * t for t in y]).value == value
    if len(x) > 1:
        gone = order[0]
        rest = [t for i, t in enumerate(x) if i != gone], [t for i, t in enumerate(y) if i != gone]
        assert es.solve(*rest).value <= value


def test_conflicting_labels_name_both_rows() -> None:
    with pytest.raises(es.ConflictingLabelsError, match="rows 1 and 3 have the same point"):
        es.solve([1, 2, 3, 2], [0, 5, 0, 6])


def test_what_the_route_does_not_solve_is_refused() -> None:
    with pytest.raises(es.UnsupportedProblemError, match="one feature"):
        es.solve([[1, 2], [3, 4]], [0, 1], method="univariate")
    with pytest.raises(es.UnsupportedProblemError, match="path norm"):
        es.solve([[1, 2], [3, 4]], [0, 1], p="1/2", skip="affine")
    with pytest.raises(es.UnsupportedProblemError, match="path norm"):
        es.solve([1, 2], [0, 1], p=1, method="search")


def test_numbers_beyond_the_digit_limit_of_int() -> None:
    solution = es.solve(["0", "1", "2", "1e5000"], ["0", "1", "2", "3e5000"])
    assert solution.value == 1
    assert len(solution.to_json()["network"]["neurons"][0]["output"]) > 4300
    assert solution.certificate.document["data"]["points"][3][0] == "1" + "0" * 5000
    with pytest.raises(es.ConflictingLabelsError, match=r"same point \(≈1e\+5000\)"):
        es.solve(["1e5000", "1e5000"], [0, 1])


def test_solutions_have_short_names_and_pictures() -> None:
    solution = es.solve([0, 1, 2], [0, 1, 0])
    assert repr(solution) == "<UnivariateSolution: optimal, value 1>"
    assert repr(solution.problem.dataset) == "<Dataset: 3 rows, y from x; read from the data>"
    assert len(solution.plot().axes[0].collections) == 2
    with pytest.raises(es.OutputError, match="float64"):
        es.solve(["0", "1e999"], [0, 1]).plot()


def test_knot_arrays_where_floats_cancel() -> None:
    """Fibonacci steps: the slopes agree to 16 digits, the knots are exactly at the points."""
    f = [1, 1]
    while len(f) < 50:
        f.append(f[-1] + f[-2])
    x = np.cumsum([0] + [f[45], f[46]] * 1200).astype(float)
    y = np.cumsum([0] + [f[44], f[45]] * 1200).astype(float)
    law = es.solve(x, y).law
    positions, jumps = law.knot_arrays()
    for k, (position, jump) in enumerate(law.knots()):
        assert positions[k] == float(position)
        assert jumps[k] == pytest.approx(float(jump), rel=1e-12)


def test_knot_arrays_after_an_overflow() -> None:
    x = np.concatenate((np.arange(-16, 17) * 1e307, np.arange(1, 2500.0)))
    x = np.unique(x)
    y = np.resize([0.0, 1.0, 3.0], len(x))
    law = es.solve(x, y).law
    positions, jumps = law.knot_arrays()
    for k, (position, jump) in enumerate(law.knots()):
        point = law.knot_points[k]
        gap = law.points.x[point + 1] - law.points.x[point] if law.shared[point] else 0
        off = abs(Fraction(positions[k]) - position)
        assert off <= Fraction(1, 10**8) * gap + abs(position) / 2**53
        assert jumps[k] == pytest.approx(float(jump), rel=1e-8)


def test_tiny_abscissae_do_not_overflow() -> None:
    solution = es.solve(["1e-400", "2e-400", "4e-400"], [0, 1, 0])
    assert solution.value == 1
    assert len(solution.law.predict([0.0])) == 1
    assert len(solution.network.predict([0.0])) == 1
    with pytest.raises(es.OutputError, match="float64"):
        solution.plot()
