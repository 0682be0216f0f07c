"""The door: no producer of networks is believed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.problem.objective import PARAMETERS
from exactsparse.problem.problem import Problem
from exactsparse.problem.residuals import interpolates, missed_row
from exactsparse.routes.rank_search.route import solve_search
from exactsparse.routes.univariate import route as univariate
from exactsparse.upper_bounds.directional_interpolant import directional_interpolant
from exactsparse.upper_bounds.incumbent import Incumbent

XOR = [[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0]
ONE, ZERO = Fraction(1), Fraction(0)
EMPTY = Network((), None, 2)
WRONG = Network((Neuron((ONE, ZERO), ZERO, ONE),), None, 2)
AFFINE = Network((), Skip((ONE, ONE), ZERO), 2)
NARROW = Network((Neuron((ONE,), ZERO, ONE),), None, 1)
LIES = {"empty": EMPTY, "wrong": WRONG, "affine": AFFINE, "narrow": NARROW}
SEARCH = "exactsparse.routes.rank_search.level_search"
PRODUCERS = {
    "search": [
        (SEARCH, "square_systems"),
        (SEARCH, "from_affine_pieces"),
        (SEARCH, "interpolant_of_types"),
        ("exactsparse.upper_bounds.portfolio", "directional_interpolant"),
        ("exactsparse.upper_bounds.portfolio", "sparse_interpolant"),
    ],
    "cuts": [
        ("exactsparse.upper_bounds.portfolio", "interpolant_of_types"),
        ("exactsparse.upper_bounds.portfolio", "directional_interpolant"),
    ],
}
CASES = [
    (method, module, name, lie)
    for method, producers in PRODUCERS.items()
    for module, name in producers
    for lie in LIES
]


@pytest.mark.parametrize(("method", "module", "name", "lie"), CASES)
def test_a_wrong_network_is_no_answer(
    method: str, module: str, name: str, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    __import__(module)
    monkeypatch.setattr(sys.modules[module], name, lambda *_, **__: LIES[lie])
    solution = es.solve(*XOR, method=method)
    assert interpolates(solution.network, solution.problem.dataset)
    assert solution.value == solution.network.n_parameters >= 4
    assert solution.value == 4 or solution.status == "feasible"


@pytest.mark.parametrize("lie", LIES)
def test_a_start_is_not_believed(lie: str) -> None:
    problem = Problem(Dataset.from_arrays(*XOR), "parameters", None, "none")
    solution = solve_search(problem, start=LIES[lie])
    assert (solution.status, solution.value) == ("optimal", 4)


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("producer", ["ColumnGeneration.network", "affine_alone"])
def test_a_wrong_network_of_least_path_norm(
    lie: str, producer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exactsparse.routes.column_generation import route
    from exactsparse.routes.column_generation.column_generation import ColumnGeneration

    if producer == "affine_alone":
        monkeypatch.setattr(route, producer, lambda *_: LIES[lie])
    else:
        monkeypatch.setattr(ColumnGeneration, "network", lambda _: LIES[lie])
    solution = es.solve(*XOR, p=1)
    assert interpolates(solution.network, solution.problem.dataset)
    assert solution.value == 4 or solution.status == "feasible"


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4, 5])
def test_a_law_that_misses_a_point(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bends 1, −2, 1, 1 at 1, 2, 3, 4: only the last two may share."""
    x, y = range(6), [0, 0, 1, 0, 0, 1]
    plain = univariate.cardinality_matching

    def shares(signs: Any) -> Any:
        found = np.zeros_like(plain(signs))
        found[at] = True
        return found

    monkeypatch.setattr(univariate, "cardinality_matching", shares)
    solution = es.solve(x, y)
    assert (solution.status, solution.value) == (("optimal", 3) if at == 3 else ("feasible", 4))


def test_knots_shared_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        univariate, "cardinality_matching", lambda signs: np.array([0, 1, 1, 0, 0], dtype=bool)
    )
    assert es.solve(range(5), [0, 0, 1, 3, 6]).status == "feasible"


def _random(draw: Callable[[Any], Any], n: int, d: int, k: int) -> tuple[Network, Any]:
    number = st.fractions(-3, 3, max_denominator=4)
    vector = st.lists(st.integers(-2, 2), min_size=d, max_size=d)
    points = sorted(draw(st.sets(st.tuples(*[number] * d), min_size=n, max_size=n)))
    directions = draw(st.lists(vector, min_size=1, max_size=2))
    neurons = tuple(
        Neuron(
            tuple(factor * w for w in draw(st.sampled_from(directions))),
            draw(number),
            Fraction(draw(st.sampled_from([-2, -1, 1, 2]))),
        )
        for factor in draw(st.lists(number, min_size=k, max_size=k))
    )
    skip = (
        Skip(tuple(draw(number) for _ in range(d)), draw(number)) if draw(st.booleans()) else None
    )
    return Network(neurons, skip, d), points


@given(st.data())
def test_missed_rows_are_those_that_evaluation_finds(data: st.DataObject) -> None:
    from exactsparse.problem import residuals

    draw = data.draw
    n, d, k = draw(st.integers(1, 6)), draw(st.integers(1, 3)), draw(st.integers(0, 12))
    network, points = _random(draw, n, d, k)
    labels = [network.evaluate(point) for point in points]
    for row in range(n):
        labels[row] += draw(st.sampled_from([0, 0, 0, Fraction(1, 10**30)]))
    table = IntegerTable.of(Dataset.from_arrays(points, labels))
    due = next((i for i, x in enumerate(points) if network.evaluate(x) != labels[i]), None)
    most, fewest = residuals._MOST_PRODUCTS, residuals._FEWEST_SWEPT
    assert missed_row(network, table) == due
    try:
        residuals._MOST_PRODUCTS, residuals._FEWEST_SWEPT = 0, draw(st.sampled_from([1, 3]))
        assert missed_row(network, table) == due
    finally:
        residuals._MOST_PRODUCTS, residuals._FEWEST_SWEPT = most, fewest


def test_the_interpolant_along_a_direction_is_swept() -> None:
    """A square of the rows would be 16 million products of Python's integers."""
    rng = np.random.default_rng(0)
    X, y = rng.integers(-9999, 9999, (4000, 2)), rng.integers(-9, 9, 4000)
    dataset = Dataset.from_arrays(X.tolist(), y.tolist())
    table = IntegerTable.of(dataset)
    for skip in (False, True):
        network = directional_interpolant(table, PARAMETERS, skip)
        problem = Problem(dataset, "parameters", None, "affine" if skip else "none")
        incumbent = Incumbent(problem, table)
        assert incumbent.offer(network, "a test")
        wrong = Network((*network.neurons[:-1],), network.skip, 2)
        assert not incumbent.offer(wrong, "a test")
        assert incumbent.settle(0).network is network
