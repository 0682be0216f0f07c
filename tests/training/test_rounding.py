"""Rounding: exact interpolants, merged and dropped neurons, and reasons where there is none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.progress import WORK_CLOCK, Deadline
from exactsparse.training import FloatNetwork, Regime, Settings, round_network, train
from exactsparse.training.experiment import NOT_DECIDED, round_all
from exactsparse.training.rounding import DIVERGED
from exactsparse.upper_bounds.rounding import Rounded
from tests.routes.rank_search.test_optima import instances

pytest.importorskip("torch")

PEAK = es.Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
REGIMES = (Regime("path", 0.4), Regime("path", 1.0), Regime("none"), Regime("decay"))


def net(
    weights: list[list[float]], outputs: list[float], skip: tuple[float, ...] = ()
) -> FloatNetwork:
    return FloatNetwork(*(np.array(x, dtype=np.float64) for x in (weights, outputs, skip)))


def assert_interpolates(network: es.Network, dataset: es.Dataset) -> None:
    for i in range(len(dataset)):
        *features, label = dataset.row(i)
        assert network.evaluate(features) == label


def test_a_rough_network_becomes_exact() -> None:
    rough = net([[1, 0.97], [1, -0.5], [2, -4.06], [1e-9, 1e-9]], [1.01, -2.1, 0.5, 1], [0, 0.02])
    rounding = round_network(PEAK, rough, "neurons")
    assert rounding.reason is None
    assert_interpolates(rounding.network, PEAK)
    assert rounding.network.n_neurons == 3


def test_neurons_that_coincide_on_the_data_become_one() -> None:
    data = es.Dataset.from_arrays([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 0, 1])
    twice = net([[1, 0, 0], [2, 0, 0], [-1, -1, -5], [0, 0, 1]], [0.3, 0.35, 7, 0])
    rounding = round_network(data, twice, "parameters")
    assert rounding.network == es.Network(
        (es.Neuron((Fraction(1), Fraction(0)), Fraction(0), Fraction(1)),), None, 2
    )


def test_opposite_neurons_that_coincide_become_one() -> None:
    data = es.Dataset.from_arrays([[1], [2], [3]], [1, 2, 3])
    rounding = round_network(data, net([[3, 0], [1, 0]], [1, -2.01]), "parameters")
    assert rounding.network.n_parameters == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_diverged_network_is_said_to_be_one(value: float) -> None:
    rounding = round_network(PEAK, net([[value, 0]], [value], [0, 0]), "neurons")
    assert rounding.network is None and rounding.reason == DIVERGED


def test_too_few_neurons_fit_nothing() -> None:
    for size in (1, 1e-300, 1e200):
        rounding = round_network(PEAK, net([[size, size / 2]], [size], (0, 0)), "neurons")
        assert rounding.network is None and "meets every label" in rounding.reason


def test_labels_all_zero_and_a_single_point() -> None:
    zero = es.Dataset.from_arrays([0, 1, 2], [0, 0, 0])
    rounding = round_network(zero, net([[1, 0]], [0]), "parameters")
    assert rounding.network.neurons == ()
    rounding = round_network(zero, net([[1, 1]], [1e-3]), "parameters")
    assert rounding.network.n_parameters == 0
    one = es.Dataset.from_arrays([[1, 2]], [3])
    rounding = round_network(one, net([[1, 1, 1]], [1]), "parameters")
    assert_interpolates(rounding.network, one)
    assert rounding.network.n_parameters == 1


def test_a_dense_network_of_many_inputs_is_corrected() -> None:
    rng = np.random.default_rng(0)
    data = es.Dataset.from_arrays(rng.normal(size=(5, 20)), rng.normal(size=5))
    batch = train(data, Settings((Regime("none"),), 2, 12, 3000), device="cpu")
    for run in range(2):
        # Time enough on a busy machine: what is found must not depend on it.
        rounding = round_network(data, batch.network(run), "parameters", 60.0)
        assert_interpolates(rounding.network, data)
        assert_interpolates(rounding.unpruned, data)
        assert rounding.network.n_parameters < rounding.unpruned.n_parameters <= 12 * 21


@pytest.mark.parametrize("instance", instances()[::17])
def test_no_trained_network_beats_a_proved_optimum(instance: tuple) -> None:
    X, y, objective, skip, value = instance
    data, affine = es.Dataset.from_arrays(X, y), skip == "affine"
    settings = Settings(REGIMES, 3, 12, 1500, 1, not affine, affine, 1)
    batch = train(data, settings, device="cpu")
    exact = 0
    for run in range(len(settings.runs)):
        rounding = round_network(data, batch.network(run), objective, 0.2)
        before = batch.counts(objective)[-1, run]
        for network in (rounding.unpruned, rounding.network):
            if network is None:
                continue
            assert_interpolates(network, data)
            assert value <= network.count(objective) <= before
            exact += 1
    # Where nothing was rounded, training had not come near the labels.
    assert exact or (batch.errors[-1] > 0.1).all()


def test_a_rounded_network_starts_a_search() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.uniform(-1, 1, (6, 2)), rng.uniform(-1, 1, 6)
    data = es.Dataset.from_arrays(X, y)
    batch = train(data, Settings((Regime("path", 0.4),), 8, 20, 5000), device="cpu")
    found = [round_network(data, batch.network(run), "parameters").network for run in range(8)]
    best = min((n for n in found if n is not None), key=lambda n: n.n_parameters)
    stopped = es.solve(data, start=best, time_limit=1e-9)
    assert stopped.value <= best.n_parameters
    solution = es.solve(data, start=best)
    assert solution.status == "optimal" and solution.value <= best.n_parameters


def test_rounding_a_batch_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    training = train(PEAK, Settings(regimes=REGIMES[:1], restarts=4, width=3, steps=2), workers=1)
    now, limits = [0.0], list[float]()
    monkeypatch.setattr(WORK_CLOCK, "now", lambda: now[0])

    def rounded(dataset: object, network: object, objective: str, seconds: float) -> Rounded:
        limits.append(seconds)
        # The first network takes most of the time.
        now[0] += 9.5 if now[0] == 0 else seconds
        return Rounded(None, reason="of the test")

    monkeypatch.setattr("exactsparse.training.experiment.round_network", rounded)
    (outcome,) = round_all(training, "neurons", Deadline(10)).outcomes
    assert limits == [1.0, 0.5]
    assert sorted(outcome.reasons) == [NOT_DECIDED] * 2 + ["of the test"] * 2
