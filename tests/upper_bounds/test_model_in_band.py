"""Models rounded within a band: exact, and no larger than they were."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse import Network, Neuron, Problem, Skip
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import objective_named
from exactsparse.problem.residuals import missed_row
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.model_in_band import round_within_band
from exactsparse.upper_bounds.portfolio import rounded_model

ZERO = Fraction(0)
RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (60, 2)).round(3).tolist()
# (2a + b − 0.3)₊ − (b)₊: four parameters, two neurons.
Y = [round(max(2 * a + b - 0.3, 0) - max(b, 0), 4) for a, b in X]


def neuron(*weights: float, output: float = 1) -> Neuron:
    *inputs, bias = (Fraction(str(w)) for w in weights)
    return Neuron(tuple(inputs), bias, Fraction(str(output)))


# As trained: small weights all over, a neuron in two halves, one that does next to nothing.
ROUGH = Network(
    (
        neuron(1.01, 0.502, -0.148, output=1.2),
        neuron(0.4, 0.199, -0.06, output=2),
        neuron(0.004, 1.003, -0.002, output=-0.99),
        neuron(0.001, 0.002, 0.003, output=0.1),
    ),
    None,
    2,
)


def table_of(objective: str, tolerance: str = "0.02", skip: str = "none") -> IntegerTable:
    data = es.Dataset.from_arrays(X, Y)
    return IntegerTable.of_problem(
        Problem.of(data, objective=objective, tolerance=tolerance, skip=skip)
    )


@pytest.mark.parametrize(("objective", "cost"), [("parameters", 4), ("neurons", 2)])
def test_a_rough_model_of_a_law(objective: str, cost: int) -> None:
    table = table_of(objective)
    assert missed_row(ROUGH, table) is not None
    found = round_within_band(table, ROUGH, objective_named(objective), Deadline()).network
    assert found is not None
    assert missed_row(found, table) is None
    assert found.count(objective) <= cost


def test_with_an_affine_part() -> None:
    # −(b)₊ = −b − (−b)₊.
    skip = Skip((Fraction(1, 100), Fraction(-99, 100)), ZERO)
    rough = Network((*ROUGH.neurons[:2], neuron(0.001, -1.01, 0, output=-1)), skip, 2)
    table = table_of("parameters", "0.02", "affine")
    assert missed_row(rough, table) is not None
    found = round_within_band(table, rough, objective_named("parameters"), Deadline()).network
    assert found is not None
    assert missed_row(found, table) is None
    assert found.n_parameters <= 4
    assert found.skip is not None


def test_what_is_within_the_band_already_is_no_larger_afterwards() -> None:
    table = table_of("parameters", "0.3")
    for deadline in (Deadline(0), Deadline()):
        found = round_within_band(table, ROUGH, objective_named("parameters"), deadline).network
        assert found is not None
        assert missed_row(found, table) is None
        assert found.n_parameters <= ROUGH.n_parameters


def test_far_from_the_band_there_is_none() -> None:
    table = table_of("parameters", "0.001")
    far = Network((neuron(1, 0, 0),), None, 2)
    found = round_within_band(table, far, objective_named("parameters"), Deadline(5))
    assert found.network is None
    assert found.reason == "no network within the band was found near its weights"
    nothing = Network((), None, 2)
    assert round_within_band(table, nothing, objective_named("neurons"), Deadline()).network is None


def test_as_a_start(caplog: pytest.LogCaptureFixture) -> None:
    data = es.Dataset.from_arrays(X, Y)
    problem = Problem.of(data, tolerance="0.02")
    begin = rounded_model(problem, ROUGH, Deadline())
    assert begin is not None
    assert begin.n_parameters <= 4
    assert (
        rounded_model(Problem.of(data, tolerance="1e-9"), Network((), None, 2), Deadline()) is None
    )
    assert "the search begins without the model: no network within the band" in caplog.text


def test_verified() -> None:
    found = es.verify(ROUGH, X[:12], Y[:12], tolerance="0.05", time_limit=20)
    assert found.optimum is not None
    assert found.optimum.problem.band is not None
    assert found.rounding.network is not None
    assert found.rounding.network.n_parameters >= found.optimum.lower_bound
