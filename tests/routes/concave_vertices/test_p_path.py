"""The path over p against brute force at many p, and what Theorem 4.1 says of p*."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.progress import Deadline
from exactsparse.routes.concave_vertices import p_path as path_module
from exactsparse.routes.concave_vertices.budget import Budget
from exactsparse.routes.concave_vertices.envelope import Envelope
from tests.oracles.path_norm_vertices import cost, networks
from tests.routes.concave_vertices.test_vertices import XOR, instance, neurons_of


def path_of(points: list[list[int]], labels: list[int]):
    return es.solve(points, labels, p="1/2", skip="none", workers=1).p_path()


@pytest.mark.parametrize(("d", "n", "seeds"), [(1, 3, 8), (1, 4, 8), (2, 2, 6), (2, 3, 3)])
def test_against_brute_force(d: int, n: int, seeds: int) -> None:
    for seed in range(seeds):
        points, labels = instance(d, n, seed)
        every = {found for _, found in networks(points, labels)} or {()}
        path = path_of(points, labels)
        fewest = min(sum(w != 0 for _, ws in found for w in ws) for found in every)
        assert fewest == es.solve(points, labels, objective="parameters", skip="none").value
        ends = [0.0, *map(float, path.breakpoints), 1.0]
        for stretch, low, high in zip(path.stretches, ends[:-1], ends[1:], strict=True):
            for share in (0.01, 0.3, 0.7, 0.99):
                p = low + (high - low) * share
                costs = {found: cost(found, p) for found in every}
                least = min(costs.values())
                own = [neurons_of(network) for network in stretch.minimisers]
                assert cost(own[0], p) == pytest.approx(least, abs=1e-9)
                sparsest = all(
                    sum(w != 0 for _, ws in found for w in ws) == fewest
                    for found in [*own, *(f for f in every if costs[f] < least - 1e-9)]
                )
                assert sparsest or p > path.p_star.lower
        after = [s for s in path.stretches if s.lower == path.p_star]
        assert all(s.network.n_parameters > fewest for s in after)
        assert bool(after) == (path.p_star.lower < 1)


def test_near_zero_and_one() -> None:
    for seed in range(4):
        points, labels = instance(2, 3, seed, 9)
        path = path_of(points, labels)
        assert path.stretches[0].network.n_parameters == es.solve(points, labels).value
        convex = es.solve(points, labels, p=1).value
        assert path.stretches[-1].network.l1_path_norm == convex


def test_labels_of_zero() -> None:
    solution = es.solve([[0, 1], [2, 3]], [0, 0], p="1/2")
    assert float(solution.p_star) == 1.0
    assert solution.p_path().breakpoints == ()


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    solution = es.solve(*XOR, p="1/2")
    with pytest.raises(es.TimeLimitError, match="not finished in 1e-09 s"):
        solution.p_path(time_limit=1e-9)
    monkeypatch.setattr(path_module, "BUDGET", Budget(most_sets_of_path=10))
    with pytest.raises(es.UnsupportedProblemError, match="ask for single p"):
        solution.p_path()


def test_the_least_of_random_sums() -> None:
    draw = np.random.default_rng(0)
    for _ in range(30):
        sums = {
            tuple(sorted(Fraction(int(v), 8) for v in draw.integers(1, 40, draw.integers(2, 6))))
            for _ in range(6)
        }
        pieces = Envelope(sums, Deadline()).pieces()
        assert pieces[0].lower.enclosure.upper == 0
        assert pieces[-1].upper.enclosure.lower == 1
        for piece in pieces:
            low, high = float(piece.lower.enclosure), float(piece.upper.enclosure)
            for share in (0.05, 0.5, 0.95):
                p = low + (high - low) * share
                values = {s: sum(float(v) ** p for v in s) for s in sums}
                assert values[piece.sizes] <= min(values.values()) + 1e-9
