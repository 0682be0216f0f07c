"""What an objective says of costs, against networks whose costs are counted by hand."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from exactsparse import Dataset, Network, Neuron, Problem, ProblemError
from exactsparse.problem.objective import COUNTS, OBJECTIVES, PATH_NORM, objective_named

NETWORK = Network(
    (
        Neuron((Fraction(2), Fraction(0)), Fraction(-1), Fraction(-3)),
        Neuron((Fraction(1), Fraction(1, 2)), Fraction(1), Fraction(1)),
    ),
    None,
    2,
)


@pytest.mark.parametrize(("name", "cost"), [("neurons", 2), ("parameters", 5)])
def test_costs_of_a_network_and_of_its_types(name: str, cost: int) -> None:
    objective = objective_named(name)
    assert objective == name
    assert objective.cost_of(NETWORK) == NETWORK.count(name) == cost
    assert sum(objective.cost_of_type(n_inputs) for n_inputs in (2, 3)) == cost


def test_a_path_norm_is_summed_for_p_of_one_only() -> None:
    assert PATH_NORM.cost_of(NETWORK, Fraction(1)) == Fraction(23, 2)
    with pytest.raises(ValueError, match="p = 1/2"):
        PATH_NORM.cost_of(NETWORK, Fraction(1, 2))


@pytest.mark.parametrize("objective", COUNTS)
@pytest.mark.parametrize("rank", [1, 3])
def test_the_generic_bound_is_the_least_cost_of_so_many_columns(objective, rank: int) -> None:
    for columns in range(1, 20):
        cost = objective.generic_bound(columns, rank)
        assert objective.columns(cost - 1, rank) < columns <= objective.columns(cost, rank)


def test_a_problem_takes_names_and_keeps_objectives() -> None:
    dataset = Dataset.from_arrays([0, 1], [0, 1])
    for objective in OBJECTIVES:
        kept = Problem(dataset, str(objective), None, "none").objective
        assert kept is objective
        assert pickle.loads(pickle.dumps(kept)) == kept
        assert type(pickle.loads(pickle.dumps(kept))) is type(kept)
    with pytest.raises(ProblemError, match="'neurons', 'parameters'"):
        Problem(dataset, "knots", None, "none")
