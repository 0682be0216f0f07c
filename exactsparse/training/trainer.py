"""Training of thousands of one-hidden-layer networks as one batch.

The ℓᵖ path norm is minimised by the reweighted proximal method of J. Nakhleh and R. D. Nowak,
arXiv 2505.21791 (2025), appendix A.3.  Each step: one step of Adam on the mean squared error;
soft-threshold each product ``u = vₖ wₖᵢ`` at ``λ · rate · p · |product before the step|^(p−1)``;
rebalance so that ``|vₖ| = ‖wₖ‖₂``.  Weight decay is that of AdamW (I. Loshchilov and F. Hutter,
*Decoupled weight decay regularization*, 2019).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.dataset import Dataset
from exactsparse.models.layers import Layers
from exactsparse.network import Network
from exactsparse.packages import require_package
from exactsparse.progress import Deadline, Progress, silent
from exactsparse.training import kernels
from exactsparse.training.device import chosen_device
from exactsparse.training.parameters import Layout, Sample, initial_parameters, measures
from exactsparse.training.settings import Settings
from exactsparse.training.states import load_state, save_state
from exactsparse.training.tensor_steps import TensorSteps

_KINDS = {"none": kernels.NONE, "decay": kernels.DECAY, "path": kernels.PATH}
_SECONDS_BETWEEN_SAVES = 30.0
# Multiplications that may pass before Ctrl-C, the clock and the progress are looked at.
_MOST_WORK = 2_000_000_000


@dataclass(frozen=True, eq=False)
class FloatNetwork:
    """A trained network.

    Parameters
    ----------
    weights : ndarray of float64, shape (K, d + 1)
        Input weights, biases last.
    outputs : ndarray of float64, shape (K,)
        Output weights.
    skip : ndarray of float64, shape (d + 1,) or (0,)
        Affine part.
    """

    weights: NDArray[np.float64]
    outputs: NDArray[np.float64]
    skip: NDArray[np.float64]

    @property
    def is_finite(self) -> bool:
        """Whether no parameter is NaN or infinite."""
        return all(np.isfinite(part).all() for part in (self.weights, self.outputs, self.skip))

    def exact(self) -> Network:
        """The network whose parameters are the dyadic rationals that the floats are.

        Raises
        ------
        DataError
            If a parameter is not finite.
        """
        layers = Layers(self.weights[:, :-1], self.outputs[None], self.weights[:, -1])
        if len(self.skip):
            layers = replace(layers, output_bias=self.skip[-1:], skip=self.skip[None, :-1])
        return layers.network("the trained network")


@dataclass(frozen=True, eq=False)
class Training:
    """Where a batch stands.

    Parameters
    ----------
    settings : Settings
        What was trained; run r is ``settings.runs[r]``.
    dataset : Dataset
        The data.
    steps : int
        Steps taken: fewer than asked for after Ctrl-C or the time limit.
    recorded_steps : tuple of int, length T
        Steps at which the history was written.
    history : ndarray, shape (T, B, 4)
        Mean squared error, largest residual, nonzero parameters, neurons; NaN where a run has
        diverged.
    parameters : ndarray, shape (B, P)
        Final parameters.
    seconds : float
        Wall time, earlier parts of a resumed run not counted.
    """

    settings: Settings
    dataset: Dataset
    steps: int
    recorded_steps: tuple[int, ...]
    history: NDArray[Any]
    parameters: NDArray[Any]
    seconds: float

    @property
    def finished(self) -> bool:
        """Whether all steps were taken."""
        return self.steps == self.settings.steps

    def network(self, run: int) -> FloatNetwork:
        """The network of a run at its last step."""
        weights, outputs, skip = layout_of(self.settings, self.dataset).split(self.parameters[run])
        return FloatNetwork(*(x.astype(np.float64) for x in (weights.T, outputs, skip)))


def layout_of(settings: Settings, dataset: Dataset) -> Layout:
    """Layout of the parameters of a batch on some data."""
    return Layout(dataset.n_features + 1, settings.width, settings.skip)


def train(
    dataset: Dataset,
    settings: Settings,
    *,
    device: str = "auto",
    deadline: Deadline | None = None,
    progress: Progress = silent,
    checkpoint: str | os.PathLike[str] | None = None,
    workers: int | None = None,
) -> Training:
    """Train a batch; the same settings give the same curves on the same device.

    Parameters
    ----------
    dataset : Dataset
        The data; equal points are merged.
    settings : Settings
        What is trained.
    device : {"auto", "cpu", "cuda"}
        ``auto`` takes CUDA where there is some.
    deadline : Deadline, optional
        When to stop where the batch stands.  Ctrl-C does the same.
    progress : callable, optional
        Receives (task, steps done, steps in all).
    checkpoint : path, optional
        File (.npz) that keeps the state; a run that was stopped goes on from there.
    workers : int, optional
        Threads on the CPU; as many as processors if omitted.

    Raises
    ------
    MissingPackageError
        If torch is not installed.
    ProblemError
        If the device is not there, the data exceed the floats, or the checkpoint is of another
        batch.
    ConflictingLabelsError
        If equal points carry different labels.
    OutputError
        If the checkpoint cannot be written.
    """
    began = time.perf_counter()
    device = chosen_device(device)
    layout, sample = layout_of(settings, dataset), Sample.of(dataset, settings.precision)
    identity = f"{dataset.digest} {settings.to_json()}"
    torch = require_package("torch", "train")
    marks = settings.recorded_steps
    records = np.full((len(marks), len(settings.runs), 4), np.nan, settings.precision)
    kept = load_state(checkpoint, identity)
    if kept is None:
        start, parameters = 0, initial_parameters(settings, layout)
        state: tuple[Any, Any, Any] = (
            parameters, np.zeros_like(parameters), np.zeros_like(parameters)
        )  # fmt: skip
    else:
        start, state, old = kept
        records[: len(old)] = old
    steps: TensorSteps | CompiledSteps
    if device == "cpu":
        steps = CompiledSteps(settings, layout, sample, state, start, workers)
    else:
        steps = TensorSteps(settings, layout, sample, state, start, device)
    history = torch.from_numpy(records).to(device)
    points, labels = (torch.from_numpy(x).to(device) for x in (sample.points, sample.labels))
    work = len(settings.runs) * layout.size * len(sample.labels)
    done, saved = start, time.monotonic()

    def written() -> int:
        return sum(mark <= done for mark in marks)

    def record() -> None:
        if done in marks:
            current = torch.as_tensor(steps.parameters)
            history[marks.index(done)] = measures(current, points, labels, layout)

    def save() -> None:
        save_state(checkpoint, identity, done, steps.state(), history[: written()].cpu().numpy())

    try:
        for end in _pieces(start, marks, max(1, _MOST_WORK // work)):
            progress("training", done, settings.steps)
            if deadline is not None and not deadline.seconds_left:
                break
            steps.advance(end - done)
            done = steps.taken
            record()
            if checkpoint is not None and time.monotonic() > saved + _SECONDS_BETWEEN_SAVES:
                save()
                saved = time.monotonic()
    except KeyboardInterrupt:
        # Within a piece of the work: the state says how far it came.
        done = steps.taken
        record()
    save()
    count = written()
    return Training(
        settings=settings,
        dataset=dataset,
        steps=done,
        recorded_steps=marks[:count],
        history=history[:count].cpu().numpy(),
        parameters=steps.state()[0],
        seconds=time.perf_counter() - began,
    )


def _pieces(start: int, marks: tuple[int, ...], most: int) -> Iterator[int]:
    """Ends of pieces of at most so many steps, every mark among them."""
    done = start
    for mark in marks:
        while done < mark:
            done = min(done + most, mark)
            yield done


class CompiledSteps:
    """A batch on the CPU, in compiled code.

    Parameters
    ----------
    settings : Settings
        What is trained.
    layout : Layout
        Of a row of parameters.
    sample : Sample
        Data.
    state : tuple of three ndarrays, shape (B, P)
        Parameters, first and second moments.
    step : int
        Steps taken before.
    workers : int or None
        Threads.
    """

    def __init__(
        self,
        settings: Settings,
        layout: Layout,
        sample: Sample,
        state: tuple[Any, Any, Any],
        step: int,
        workers: int | None,
    ) -> None:
        self.layout, self.sample = layout, sample
        self._now: tuple[tuple[Any, ...], int] = (state, step)
        self.penalise_bias = settings.penalise_bias
        self.regimes = np.array(
            [(_KINDS[r.penalty], r.p or 1.0, r.strength, r.rate) for r, _ in settings.runs]
        )
        self.workers = min(workers or os.cpu_count() or 1, len(self.regimes))

    def advance(self, count: int) -> None:
        """Take some steps, the networks shared out among the threads."""
        state, step = self._now
        # Regimes differ in cost: every thread has some of each.
        slices = [slice(k, None, self.workers) for k in range(self.workers)]

        def one(part: slice) -> tuple[Any, ...]:
            parameters, first, second = (x[part].copy() for x in state)
            kernels.advance(
                self.sample.points, self.sample.labels, parameters, first, second,
                self.regimes[part], self.layout.width, self.penalise_bias, step, count,
            )  # fmt: skip
            return parameters, first, second

        if self.workers == 1:
            results = [one(slices[0])]
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                results = list(pool.map(one, slices))
        after = tuple(np.empty_like(x) for x in state)
        for part, arrays in zip(slices, results, strict=True):
            for whole, values in zip(after, arrays, strict=True):
                whole[part] = values
        # At once, so that an interrupt finds either the old state or the new one.
        self._now = (after, step + count)

    @property
    def taken(self) -> int:
        """Steps taken."""
        return self._now[1]

    @property
    def parameters(self) -> Any:
        """Parameters, shape (B, P)."""
        return self._now[0][0]

    def state(self) -> tuple[Any, Any, Any]:
        """Parameters and moments."""
        parameters, first, second = self._now[0]
        return parameters, first, second
