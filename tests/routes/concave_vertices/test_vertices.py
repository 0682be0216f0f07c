"""The least path norm for 0 < p < 1 against brute force, and what it must be whatever the data."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.routes.concave_vertices import route
from exactsparse.routes.concave_vertices.budget import Budget
from tests.cli.common import Run
from tests.oracles.path_norm_vertices import cost, networks

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
# Features, points, seeds.
SIZES = [
    (1, 1, range(6)),
    (1, 3, range(30)),
    (1, 4, range(20)),
    (2, 2, range(20)),
    (2, 3, range(8)),
]
EXPONENTS = ("1/10", "1/2", "9/10")


def instance(d: int, n: int, seed: int, most: int = 4) -> tuple[list[list[int]], list[int]]:
    """Different points of few digits, so that ties and degenerate vertices are common."""
    draw = np.random.default_rng([d, n, seed])
    points: dict[tuple[int, ...], int] = {}
    while len(points) < n:
        points[tuple(draw.integers(-most, most + 1, d).tolist())] = int(
            draw.integers(-most, most + 1)
        )
    return [list(point) for point in points], list(points.values())


def neurons_of(network: es.Network) -> tuple[tuple[int, tuple[Fraction, ...]], ...]:
    return tuple(
        sorted(
            (1 if n.output > 0 else -1, tuple(abs(n.output) * w for w in (*n.weights, n.bias)))
            for n in network.neurons
        )
    )


@pytest.mark.parametrize(("d", "n", "seeds"), SIZES)
def test_against_brute_force(d: int, n: int, seeds: range) -> None:
    for seed in seeds:
        points, labels = instance(d, n, seed)
        every = {found for _, found in networks(points, labels)} or {()}
        for p in EXPONENTS:
            solution = es.solve(points, labels, p=p, skip="none", workers=1)
            assert solution.status == "optimal"
            costs = {found: cost(found, float(Fraction(p))) for found in every}
            least = min(costs.values())
            assert solution.value == pytest.approx(least, abs=1e-9)
            assert solution.value_enclosure is not None
            found = {neurons_of(network) for network in solution.minimisers}
            assert {known for known in every if costs[known] < least + 1e-9} <= found
            for network in solution.minimisers:
                assert all(network.evaluate(x) == y for x, y in zip(points, labels, strict=True))
                assert cost(neurons_of(network), float(Fraction(p))) == pytest.approx(least)


def test_xor() -> None:
    solution = es.solve(*XOR, p="1/2")
    assert (solution.value, solution.unique, solution.method) == (4.0, True, "vertices")
    with pytest.raises(es.NoCertificateError, match="no certificates yet"):
        _ = solution.certificate


def test_weights_that_are_shared_out_are_minimisers_too() -> None:
    """On the line x₁ = x₂ > 0 of one point, x₁ + x₂ is one neuron or two."""
    solution = es.solve([[1, 0], [0, 1]], [1, 1], p="1/2")
    assert solution.value == 1.0
    assert [len(network.neurons) for network in solution.minimisers] == [1]
    both = es.solve([[1, 0], [0, 1], [0, 0]], [1, 1, 0], p="1/2")
    assert sorted(len(network.neurons) for network in both.minimisers) == [1, 2]
    assert both.unique is False


def test_for_small_p_the_support_is_that_of_fewest_parameters() -> None:
    for seed in range(6):
        points, labels = instance(2, 3, seed)
        fewest = es.solve(points, labels).value
        solution = es.solve(points, labels, p="1/1000", workers=1)
        assert {network.n_parameters for network in solution.minimisers} == {fewest}
        assert solution.value == pytest.approx(float(fewest), rel=0.02)


def test_for_p_near_one_the_value_is_the_convex_one() -> None:
    for seed in range(6):
        points, labels = instance(2, 3, seed)
        convex = float(es.solve(points, labels, p=1).value)
        p = Fraction(9999, 10000)
        value = es.solve(points, labels, p=p, workers=1).value
        assert value == pytest.approx(convex, rel=0.01)


def test_labels_of_zero_cost_nothing() -> None:
    solution = es.solve([[0, 1], [2, 3]], [0, 0], p="1/2")
    assert (solution.status, solution.value, solution.network.n_neurons) == ("optimal", 0.0, 0)
    assert solution.unique


def test_many_points_get_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels = instance(2, 4, 1)
    best = es.solve(points, labels, p="1/2", workers=1)
    monkeypatch.setattr(route, "BUDGET", Budget(most_sets=10))
    solution = es.solve(points, labels, p="1/2", workers=1)
    assert solution.status == "feasible"
    assert 0 < solution.lower_bound <= best.value <= solution.value
    assert solution.unique is None
    with pytest.raises(es.NoCertificateError, match="only a proved result"):
        _ = solution.certificate


def test_too_many_rays_are_refused() -> None:
    points = [[k, k * k % 101] for k in range(100)]
    with pytest.raises(
        es.UnsupportedProblemError, match=r"at most 5,000 are listed: ask for p = 1"
    ):
        es.solve(points, [k % 7 for k in range(100)], p="1/2")


def test_huge_numbers() -> None:
    points, labels = instance(2, 3, 2)
    plain = es.solve(points, labels, p="1/2", workers=1)
    large = es.solve([[x * 10**40 for x in row] for row in points], labels, p="1/2", workers=1)
    assert large.status == "optimal"
    assert large.network.n_parameters <= plain.network.n_parameters
    with pytest.raises(es.UnsupportedProblemError, match="exceed float64"):
        es.solve([[x * 10**400 for x in row] for row in points], labels, p="1/2")


def test_the_command(tmp_path, capsys) -> None:
    table = tmp_path / "xor.csv"
    table.write_text("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    run = Run(capsys, "solve", table, "--p", "0.5", "--json")
    assert run.code == 0
    assert '"method": "vertices"' in run.out
    assert '"status": "optimal"' in run.out
    refused = Run(capsys, "solve", table, "--p", "0.5", "--certificate", tmp_path / "proof.json")
    assert refused.code == 2
    assert "writes no certificates yet" in refused.err
    assert not (tmp_path / "proof.json").exists()
