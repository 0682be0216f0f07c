"""Incumbents read off affine pieces: they interpolate, and find planted networks."""

import random
from fractions import Fraction

import pytest

import exactsparse as es
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.network import Network
from exactsparse.problem.objective import PARAMETERS
from exactsparse.progress import Deadline, Stopped
from exactsparse.upper_bounds.affine_pieces import from_affine_pieces

Rows = tuple[list[list[Fraction]], list[Fraction]]


def _points(n: int, d: int, seed: int) -> list[list[Fraction]]:
    draw = random.Random(seed)
    return [[Fraction(draw.randint(-1000, 1000), 1000) for _ in range(d)] for _ in range(n)]


def _found(X: list[list[Fraction]], y: list[Fraction], skip: bool = False) -> Network | None:
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    network = from_affine_pieces(table, PARAMETERS, skip, Deadline())
    if network is not None:
        assert [network.evaluate(x) for x in X] == y
        assert (network.skip is not None) == skip
    return network


def _relu(value: Fraction) -> Fraction:
    return max(value, Fraction(0))


@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_planted_networks_are_found(d: int, seed: int) -> None:
    X = _points(150, d, seed)
    y = [2 * _relu(x[0] - Fraction(1, 4)) - _relu(3 * x[-1] - x[0] + Fraction(1, 3)) for x in X]
    network = _found(X, y)
    assert network is not None
    assert network.n_parameters <= (4 if d == 1 else 5)
    assert es.solve(X, y, skip="none", objective="parameters").value <= network.n_parameters


def test_an_affine_part_is_free_or_made_of_neurons() -> None:
    X = _points(120, 2, 0)
    y = [_relu(x[0]) + 5 - 2 * x[1] for x in X]
    with_skip, without = _found(X, y, skip=True), _found(X, y)
    assert with_skip is not None
    assert with_skip.n_parameters == 1
    assert without is not None
    assert without.n_parameters == 3
    negative = _found(X, [-value for value in y])
    assert negative is not None
    assert negative.n_parameters == 3
    both_signs = _found(X, [_relu(x[0]) + x[1] for x in X])
    assert both_signs is not None
    assert both_signs.n_parameters <= 4


@pytest.mark.parametrize("seed", range(3))
def test_labels_without_pieces_give_none(seed: int) -> None:
    draw = random.Random(seed)
    X = _points(60, 2, seed)
    assert _found(X, [Fraction(draw.randint(-1000, 1000)) for _ in X]) is None
    assert _found(X[:11], [x[0] for x in X[:11]]) is None
    assert _found([[x[0], 2 * x[0]] for x in X], [x[0] for x in X]) is None


def test_labels_of_zero_need_no_neurons() -> None:
    network = _found(_points(60, 2, 0), [Fraction(0)] * 60)
    assert network is not None
    assert network.n_neurons == 0


def test_noise_on_one_label_gives_none() -> None:
    X = _points(150, 2, 1)
    y = [_relu(x[0]) for x in X]
    y[70] += 1
    assert _found(X, y) is None


def test_the_deadline_is_kept() -> None:
    X = _points(150, 2, 0)
    table = IntegerTable.of(Dataset.from_arrays(X, [_relu(x[0]) for x in X]))
    with pytest.raises(Stopped):
        from_affine_pieces(table, PARAMETERS, False, Deadline(1e-9))


@pytest.mark.parametrize("d", [62, 63, 64, 70])
def test_more_inputs_than_bits_in_a_word(d: int) -> None:
    draw = random.Random(d)
    X = [[draw.randint(-9, 9) for _ in range(d)] for _ in range(6)]
    solution = es.solve(X, [draw.randint(-9, 9) for _ in X], time_limit=20)
    assert solution.status == "feasible"
    assert 1 <= solution.lower_bound <= solution.value
