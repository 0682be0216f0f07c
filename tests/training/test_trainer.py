"""The batched trainer against a plain one, its determinism, and runs that go wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.progress import Deadline
from exactsparse.training import Regime, Settings, Training, grid, kernels, train
from exactsparse.training.parameters import Layout, Sample, initial_parameters
from exactsparse.training.states import State
from exactsparse.training.tensor_steps import TensorSteps

torch = pytest.importorskip("torch")

REGIMES = (
    Regime("none"),
    Regime("decay"),
    Regime("path", 0.4),
    Regime("path", 0.7),
    Regime("path", 1.0),
)
PEAK = es.Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])


def random_data(n: int, d: int) -> es.Dataset:
    rng = np.random.default_rng(1)
    points = rng.uniform(-1, 1, (n, d))
    return es.Dataset.from_arrays(points[np.argsort(points[:, 0])], rng.uniform(-1, 1, n))


def peak(**changes: object) -> Training:
    settings = {"regimes": REGIMES, "restarts": 2, "width": 10, "steps": 60, "skip": True}
    settings |= {"penalise_bias": False, "records": 6}
    return train(PEAK, Settings(**(settings | changes)), device="cpu", workers=1)


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.label)
@pytest.mark.parametrize(
    ("n", "d", "width", "skip", "penalise_bias"), [(6, 1, 10, True, False), (5, 3, 8, False, True)]
)
def test_a_batch_of_one_repeats_the_plain_trainer(
    regime: Regime, n: int, d: int, width: int, skip: bool, penalise_bias: bool
) -> None:
    from tests.oracles.training import reference

    dataset = random_data(n, d)
    settings = Settings((regime,), 1, width, 1000, 7, penalise_bias, skip, 1000, "float64")
    trained = train(dataset, settings, device="cpu")
    sample = Sample.of(dataset, "float64")
    network, curve = reference(
        torch.from_numpy(sample.points[:d].T.copy()),
        torch.from_numpy(sample.labels),
        width=width,
        skip=skip,
        penalty=regime.penalty,
        p=regime.p or 1.0,
        strength=regime.strength,
        rate=regime.rate,
        penalise_bias=penalise_bias,
        steps=1000,
        seed=7,
    )
    np.testing.assert_allclose(trained.history[:, 0, 0], curve, rtol=1e-8, atol=1e-11)
    found = trained.network(0)
    expected = network.hidden.weight.detach().numpy(), network.hidden.bias.detach().numpy()
    np.testing.assert_allclose(found.weights[:, :d], expected[0], atol=1e-8)
    np.testing.assert_allclose(found.weights[:, d], expected[1], atol=1e-8)
    # Where one is exactly 0, so is the other: the sparsity is the same, not only the values.
    np.testing.assert_array_equal(found.weights[:, :d] == 0, expected[0] == 0)


@pytest.mark.parametrize(("skip", "penalise_bias"), [(True, False), (False, True), (True, True)])
def test_steps_on_tensors_and_compiled_steps_agree(skip: bool, penalise_bias: bool) -> None:
    dataset = random_data(6, 2)
    settings = Settings(REGIMES, 2, 7, 300, 3, penalise_bias, skip, 1, "float64")
    layout, sample = Layout(3, 7, skip), Sample.of(dataset, "float64")
    start = State.initial(settings, layout)
    tensors = TensorSteps(settings, layout, sample, start, "cpu")
    tensors.advance(300)
    compiled = train(dataset, settings, device="cpu").parameters
    np.testing.assert_allclose(tensors.state().parameters, compiled, atol=1e-6)


def test_first_values_are_those_of_linear_layers() -> None:
    drawn = initial_parameters(Settings(REGIMES[:1], 3, 4, seed=5), Layout(3, 4, False))
    torch.manual_seed(7)
    hidden, output = torch.nn.Linear(2, 4), torch.nn.Linear(4, 1, bias=False)
    weights, outputs, _ = Layout(3, 4, False).split(drawn[2])
    np.testing.assert_array_equal(weights[:2], hidden.weight.detach().numpy().T)
    np.testing.assert_array_equal(weights[2], hidden.bias.detach().numpy())
    np.testing.assert_array_equal(outputs, output.weight.detach().numpy()[0])


def test_same_seed_same_curve_whatever_the_batch_and_the_threads() -> None:
    batch = peak(restarts=4)
    np.testing.assert_array_equal(batch.history, peak(restarts=4).history)
    settings = Settings(REGIMES, 4, 10, 60, 0, False, True, 6)
    threads = train(PEAK, settings, device="cpu", workers=3)
    np.testing.assert_array_equal(batch.history, threads.history)
    alone = peak(regimes=(REGIMES[2],), restarts=1, seed=3)
    np.testing.assert_array_equal(batch.history[:, 2 * 4 + 3], alone.history[:, 0])
    assert not np.array_equal(batch.history[:, 0], batch.history[:, 1])


def test_a_resumed_run_draws_the_same_curve(tmp_path: Path) -> None:
    settings = Settings(REGIMES, 2, 10, 60, 0, False, True, 6)
    whole = train(PEAK, settings, device="cpu")
    file = tmp_path / "state.npz"

    def interrupt(task: str, done: int, total: int) -> None:
        if done == 30:
            raise KeyboardInterrupt

    stopped = train(
        PEAK,
        settings,
        device="cpu",
        checkpoint=file,
        progress=interrupt,
        deadline=Deadline(interrupts_count=True),
    )
    assert stopped.steps == 30 and not stopped.finished
    raised = tmp_path / "raised.npz"
    with pytest.raises(KeyboardInterrupt):
        train(PEAK, settings, device="cpu", checkpoint=raised, progress=interrupt)
    after = train(PEAK, settings, device="cpu", checkpoint=raised)
    np.testing.assert_array_equal(after.history, whole.history)
    np.testing.assert_array_equal(stopped.history, whole.history[:3])
    resumed = train(PEAK, settings, device="cpu", checkpoint=file)
    assert resumed.finished
    np.testing.assert_array_equal(resumed.history, whole.history)
    np.testing.assert_array_equal(resumed.parameters, whole.parameters)


def test_a_checkpoint_of_another_batch_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state.npz"
    train(PEAK, Settings(REGIMES[:1], steps=5, width=3), device="cpu", checkpoint=file)
    with pytest.raises(es.ProblemError, match="other data or settings"):
        train(PEAK, Settings(REGIMES[:1], steps=6, width=3), device="cpu", checkpoint=file)
    file.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(es.ProblemError, match="not a training checkpoint"):
        train(PEAK, Settings(REGIMES[:1], steps=5, width=3), device="cpu", checkpoint=file)


def test_the_time_limit_stops_where_the_batch_stands() -> None:
    stopped = train(PEAK, Settings(REGIMES, steps=50), device="cpu", deadline=Deadline(0))
    assert stopped.steps == 0 and stopped.history.shape == (0, 5, 4)


def test_an_interrupt_within_the_work_leaves_a_state_to_go_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(REGIMES, 2, 10, 60, 0, False, True, 6)
    whole = train(PEAK, settings, device="cpu")
    file = tmp_path / "state.npz"
    advance, calls = kernels.advance, []

    def interrupted(*arguments: object) -> None:
        advance(*arguments)
        calls.append(None)
        if len(calls) == 6:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kernels, "advance", interrupted)
        stopped = train(
            PEAK,
            settings,
            device="cpu",
            checkpoint=file,
            workers=2,
            deadline=Deadline(interrupts_count=True),
        )
    assert stopped.steps == 20
    resumed = train(PEAK, settings, device="cpu", checkpoint=file)
    np.testing.assert_array_equal(resumed.history, whole.history)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_diverged_run_has_no_counts_and_spoils_no_other(precision: str) -> None:
    wild = Regime("none", rate=1e30 if precision == "float32" else 1e160)
    batch = peak(regimes=(REGIMES[3], wild), precision=precision)
    calm = peak(regimes=(REGIMES[3],), precision=precision)
    assert np.isnan(batch.history[-1, 2:]).all()
    np.testing.assert_array_equal(batch.history[:, :2], calm.history)


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.label)
def test_a_large_rate_ends_in_numbers_or_in_nan(regime: Regime) -> None:
    regimes = (Regime(regime.penalty, regime.p, rate=1e6),)
    history = peak(regimes=regimes).history
    finite = np.isfinite(history).all(axis=2)
    assert (finite | np.isnan(history).all(axis=2)).all()
    assert (history[finite][:, 3] <= 10).all()


def test_small_batches() -> None:
    one = es.Dataset.from_arrays([[1, 2]], [3])
    zero = es.Dataset.from_arrays([0, 1, 2], [0, 0, 0])
    for dataset in (one, zero):
        history = train(dataset, Settings(REGIMES, 3, 1, 500), device="cpu").history
        assert np.isfinite(history).all()
        assert (history[:, :, 3] <= 1).all()


def test_a_grid_has_every_combination_that_differs() -> None:
    regimes = grid(["none", "decay", "path"], [0.4, 1], [0.1, 0.2], [0.01])
    assert [r.label for r in regimes] == ["none"] + ["decay"] * 2 + ["path p=0.4", "path p=1"] * 2
    assert len(set(regimes)) == len(regimes)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Regime("dropout"), "penalty must be"),
        (lambda: Regime("path"), "exponent p belongs"),
        (lambda: Regime("path", 0.0), "must lie in"),
        (lambda: Regime("decay", strength=float("nan")), "positive number"),
        (lambda: Settings(()), "nothing to train"),
        (lambda: Settings(REGIMES, restarts=0), "restarts must be at least 1"),
        (lambda: Settings(REGIMES, precision="float16"), "float32 or float64"),
        (lambda: train(PEAK, Settings(REGIMES), device="tpu"), "device must be"),
    ],
)
def test_options_out_of_range(make: object, message: str) -> None:
    with pytest.raises(es.ProblemError, match=message):
        make()


def test_data_beyond_the_floats_are_refused() -> None:
    huge = es.Dataset.from_arrays([0, 1], [0, "1e60"])
    with pytest.raises(es.ProblemError, match="train in float64"):
        train(huge, Settings(REGIMES, steps=1), device="cpu")


def test_without_torch_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(es.MissingPackageError, match=r"exactsparse\[train\]"):
        train(PEAK, Settings(REGIMES, steps=1), device="cpu")
