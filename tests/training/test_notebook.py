"""The notebook's rule against a plain autograd loop, and the counts that the authors print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.progress import Deadline
from exactsparse.training import Regime, Settings, train
from exactsparse.training.figures import PUBLISHED, figure_3
from exactsparse.training.parameters import Layout, Sample, initial_parameters
from exactsparse.training.states import State
from exactsparse.training.tensor_steps import TensorSteps

torch = pytest.importorskip("torch")

PEAK = es.Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
# Strong enough for products to become zero within the steps.
REGIMES = (
    Regime("none"),
    Regime("decay", strength=0.5),
    Regime("path", 0.4, 0.05),
    Regime("path", 0.7, 0.05),
    Regime("path", 1.0, 0.05),
)


def random_data() -> es.Dataset:
    rng = np.random.default_rng(1)
    points = rng.uniform(-1, 1, (5, 3))
    return es.Dataset.from_arrays(points[np.argsort(points[:, 0])], rng.uniform(-1, 1, 5))


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.label)
@pytest.mark.parametrize("penalise_bias", [False, True])
@pytest.mark.parametrize("steps", [5, 6, 130])
def test_both_kinds_of_steps_repeat_a_plain_loop(
    regime: Regime, penalise_bias: bool, steps: int
) -> None:
    from tests.oracles.notebook import counted, run_notebook

    dataset, width = (random_data() if penalise_bias else PEAK), 9
    settings = Settings(
        (regime,), 1, width, steps, 7, penalise_bias, records=1, precision="float64",
        variant="notebook",
    )  # fmt: skip
    layout, sample = Layout.of(settings, dataset.n_features), Sample.of(dataset, "float64")
    d = dataset.n_features
    network = run_notebook(
        torch.from_numpy(sample.points[:d].T.copy()),
        torch.from_numpy(sample.labels),
        width=width,
        penalty=regime.penalty,
        p=regime.p or 1.0,
        strength=regime.strength,
        rate=regime.rate,
        penalise_bias=penalise_bias,
        steps=steps,
        seed=7,
    )
    tensors = TensorSteps(settings, layout, sample, State.initial(settings, layout), "cpu")
    tensors.advance(steps)
    trained = train(dataset, settings, device="cpu", workers=1)
    expected = network.output.weight.detach().numpy()[0]
    # The bias of a neuron that is dead for good may stay where it was.
    alive = (expected != 0) | (regime.p == 1)
    for parameters in (trained.parameters[0], tensors.state().parameters[0]):
        weights, outputs, _ = layout.split(parameters)
        np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-10)
        hidden = network.hidden.weight.detach().numpy().T
        np.testing.assert_allclose(weights[:d], hidden, rtol=0, atol=1e-10)
        np.testing.assert_array_equal(weights[:d] == 0, hidden == 0)
        bias = network.hidden.bias.detach().numpy()
        np.testing.assert_allclose(weights[d][alive], bias[alive], rtol=0, atol=1e-10)
    assert tuple(trained.history[0, 0, 2:]) == counted(network, penalise_bias)


def test_the_strong_penalties_above_do_make_zeros() -> None:
    settings = Settings(REGIMES, 1, 9, 130, 7, False, records=1, variant="notebook")
    assert (train(PEAK, settings, device="cpu", workers=1).counts("neurons")[0, 2:] < 9).all()


def test_what_dies_in_pieces_dies_at_once() -> None:
    """Neurons are set aside between pieces of the work: where the cuts are changes nothing."""
    regimes = REGIMES[2:]
    first, second = (
        train(
            PEAK,
            Settings(regimes, 2, 9, 400, 7, False, False, records, "float64", "notebook"),
            device="cpu",
            workers=1,
        ).history[-1]
        for records in (1, 400)
    )
    np.testing.assert_allclose(first, second, atol=1e-9)


def test_a_run_that_stops_within_the_first_steps_goes_on(tmp_path: Path) -> None:
    settings = Settings(REGIMES, 2, 9, 60, 7, False, False, 20, "float32", "notebook")
    whole = train(PEAK, settings, device="cpu")
    file = tmp_path / "state.npz"

    def interrupt(task: str, done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    stopped = train(
        PEAK,
        settings,
        device="cpu",
        checkpoint=file,
        progress=interrupt,
        deadline=Deadline(interrupts_count=True),
    )
    assert stopped.steps == 3
    resumed = train(PEAK, settings, device="cpu", checkpoint=file)
    np.testing.assert_array_equal(resumed.parameters, whole.parameters)
    with pytest.raises(es.ProblemError, match="other data or settings"):
        train(PEAK, replace(settings, variant="paper"), device="cpu", checkpoint=file)


@pytest.mark.parametrize("rate", [1e6, 1e30])
def test_a_large_rate_ends_in_numbers_or_in_nan(rate: float) -> None:
    regimes = tuple(replace(regime, rate=rate) for regime in REGIMES)
    settings = Settings(regimes, 1, 9, 60, 7, False, False, 6, "float32", "notebook")
    history = train(PEAK, settings, device="cpu", workers=1).history
    finite = np.isfinite(history).all(axis=2)
    assert (finite | np.isnan(history).all(axis=2)).all()
    assert (history[finite][:, 3] <= 9).all()


def test_the_printed_counts_of_the_authors() -> None:
    """Seed 20 ends at 3 and 4 neurons, by way of the pairs that the notebook prints."""
    regimes = (Regime("path", 0.4), Regime("path", 0.7))
    settings = Settings(
        regimes, 1, 80, 100_000, 20, False, records=100, precision="float64", variant="notebook"
    )
    counts = train(PEAK, settings, device="cpu", workers=1).counts("neurons")
    ours = [tuple(row) for row in counts.astype(int).tolist()]
    printed = list(zip(PUBLISHED[0][0.4].counts, PUBLISHED[0][0.7].counts, strict=True))
    assert printed[0] == ours[4] and printed[1] == ours[9] and printed[-1] == ours[-1]
    rest = iter(ours)
    # In this order, each at one and the same step of both runs.
    assert all(pair in rest for pair in printed)


def test_the_rule_of_the_notebook_has_no_affine_part() -> None:
    with pytest.raises(es.ProblemError, match="no affine part"):
        Settings(REGIMES, skip=True, variant="notebook")
    with pytest.raises(es.ProblemError, match="variant must be paper or notebook"):
        Settings(REGIMES, variant="thesis")
    with pytest.raises(es.ProblemError, match="draws_before must not be negative"):
        Settings(REGIMES, draws_before=-1)


def test_numbers_drawn_before_the_network() -> None:
    """The second panel's data come first from the generator of seed 20, then the network."""
    panel = figure_3(1, 10, "notebook")[1]
    torch.manual_seed(20)
    x, y = torch.zeros(10, 50).uniform_(-1, 1), torch.zeros(10, 1).uniform_(-1, 1)
    hidden, output = torch.nn.Linear(50, 100), torch.nn.Linear(100, 1, bias=False)
    sample = Sample.of(panel.dataset, "float32")
    order = np.lexsort(x.numpy().T[::-1])
    np.testing.assert_array_equal(sample.points[:50].T, x.numpy()[order])
    np.testing.assert_array_equal(sample.labels, y.numpy()[order, 0])
    layout = Layout.of(panel.settings, 50)
    weights, outputs, _ = layout.split(initial_parameters(panel.settings, layout)[0])
    np.testing.assert_array_equal(weights[:50], hidden.weight.detach().numpy().T)
    np.testing.assert_array_equal(weights[50], hidden.bias.detach().numpy())
    np.testing.assert_array_equal(outputs, output.weight.detach().numpy()[0])
