"""Farkas cuts: every claim of a cut recomputed in fractions from the definition of a neuron."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from exactsparse.lp.farkas import RayProgram
from exactsparse.patterns.type_cones import TypeCones, all_types
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.multipliers import first_cuts, on_points
from exactsparse.problem.network import Network
from exactsparse.problem.objective import PARAMETERS
from exactsparse.routes.farkas_cuts.cuts import FarkasCuts


def made(seed: int, skip: bool) -> tuple[IntegerTable, TypeCones, FarkasCuts, list[int]]:
    draw = random.Random(seed)
    points = draw.sample(list(itertools.product(range(-2, 3), repeat=2)), 6)
    X = [[Fraction(a, 3), Fraction(b, 5)] for a, b in points]
    y = [Fraction(draw.randint(-9, 9), draw.randint(1, 7)) for _ in X]
    table = IntegerTable.of(Dataset.from_arrays(X, y))
    cones = TypeCones.of(table, all_types(table, PARAMETERS, skip, lambda: None), lambda: None)
    costs = [len(t.support) for t in cones.types for _ in (0, 1)]
    return table, cones, FarkasCuts(table, cones, skip, lambda: None), costs


def column(table: IntegerTable, support: tuple[int, ...], weights: list[Fraction]) -> list:
    rows = table.points[:, list(support)]
    return [
        max(Fraction(0), sum(w * int(x) for w, x in zip(weights, row, strict=True))) for row in rows
    ]


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_cut_holds_for_neurons_anywhere_in_the_cells(seed: int, skip: bool) -> None:
    table, cones, farkas, costs = made(seed, skip)
    draw = random.Random(seed)
    chosen = draw.sample(range(len(costs)), 1 if skip else 3)
    cut = farkas.decide(chosen, costs)
    assert isinstance(cut, tuple)
    assert np.dot(cut, table.labels) > 0
    if skip:
        assert not np.any(np.dot(cut, table.points))
    outside = farkas.outside(cut)
    assert not outside[chosen].any()
    for k, t in enumerate(cones.types):
        rays = [cones.weights[r][1] for r in cones.members[k]]
        for _ in range(5):
            mix = [Fraction(draw.randint(0, 5)) for _ in rays]
            weights = [
                sum(m * r[c] for m, r in zip(mix, rays, strict=True)) for c in range(len(t.support))
            ]
            reach = np.dot(cut, column(table, t.support, weights))
            assert reach <= 0 or outside[2 * k]
            assert reach >= 0 or outside[2 * k + 1]


@pytest.mark.parametrize("seed", range(6))
def test_rays_lie_in_their_cells_and_cells_contain_their_mean(seed: int) -> None:
    table, cones, _, _ = made(seed, skip=False)
    for k, t in enumerate(cones.types):
        rows = table.points[:, list(t.support)]
        rays = np.array([cones.weights[r][1] for r in cones.members[k]], dtype=object)
        values = rows.dot(rays.sum(axis=0))
        active = t.active(len(table))
        heights = rows.dot(rays.T)
        assert (heights[active] >= 0).all() and (heights[~active] <= 0).all()
        nonzero = np.any(rows, axis=1)
        assert ((values > 0) == active)[nonzero].all()


def check_network(network: object, table: IntegerTable) -> None:
    assert isinstance(network, Network)
    for row, label in zip(table.points.tolist(), table.labels.tolist(), strict=True):
        x = [Fraction(value, row[-1]) for value in row[:-1]]
        assert network.evaluate(x) == Fraction(label, row[-1])


@pytest.mark.parametrize("skip", [False, True])
def test_all_types_together_have_a_network(skip: bool) -> None:
    table, _, farkas, costs = made(1, skip)
    everything = range(len(costs))
    check_network(farkas.decide(everything, costs), table)


@pytest.mark.parametrize("skip", [False, True])
def test_the_float_program_is_not_needed(skip: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    table, _, farkas, costs = made(2, skip)
    by_floats = farkas.decide([0], costs)
    monkeypatch.setattr(RayProgram, "basis", lambda self, free: None)
    monkeypatch.setattr("exactsparse.routes.farkas_cuts.cuts.vertex", lambda *program: None)
    exactly = farkas.decide([0], costs)
    assert isinstance(by_floats, tuple)
    assert isinstance(exactly, tuple)
    assert not farkas.outside(exactly)[0]
    assert np.dot(exactly, table.labels) > 0
    check_network(farkas.decide(range(0, len(costs), 3), costs), table)


def test_a_wrong_basis_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    table, _, farkas, costs = made(3, skip=False)
    unit = [[int(i == j) for i in range(len(table))] for j in range(1, len(table))]
    monkeypatch.setattr(RayProgram, "basis", lambda self, free: unit)
    cut = farkas.decide([0, 3, 8], costs)
    assert isinstance(cut, tuple)
    assert np.dot(cut, table.labels) > 0
    assert not farkas.outside(cut)[[0, 3, 8]].any()


@pytest.mark.parametrize("skip", [False, True])
def test_first_cuts_and_their_scale(skip: bool) -> None:
    table, _, farkas, _ = made(4, skip)
    found = first_cuts(table, skip)
    assert found
    for cut in found:
        assert farkas.outside(cut).any()
        assert np.dot(cut, table.labels) > 0
        labels = [
            Fraction(int(y), s) for y, s in zip(table.labels, table.points[:, -1], strict=True)
        ]
        points = on_points(table, cut)
        assert all((a > 0) == (b > 0) for a, b in zip(cut, points, strict=True))
        assert np.dot(points, labels) > 0
