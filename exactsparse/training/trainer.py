"""Training of thousands of one-hidden-layer networks as one batch.

The ℓᵖ path norm is minimised by the reweighted proximal method of J. Nakhleh and R. D. Nowak,
arXiv 2505.21791 (2025), appendix A.3.  Each step: one step of Adam on the mean squared error;
soft-threshold each product ``u = vₖ wₖᵢ`` at ``λ · rate · p · |product before the step|^(p−1)``;
rebalance so that ``|vₖ| = ‖wₖ‖₂``.  (The variant ``notebook`` is what the authors' published code
does instead, see :class:`Settings`.)  Weight decay is that of AdamW (I. Loshchilov and F. Hutter,
*Decoupled weight decay regularization*, 2019).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.models.layers import Layers
from exactsparse.packages import require_package
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network
from exactsparse.progress import WORK_CLOCK, Deadline, Progress
from exactsparse.progress_bar import reports
from exactsparse.training.compiled_steps import CompiledSteps
from exactsparse.training.device import chosen_device
from exactsparse.training.parameters import Layout, Sample, measures
from exactsparse.training.settings import Settings
from exactsparse.training.states import State, load_state, save_state
from exactsparse.training.tensor_steps import TensorSteps

_SECONDS_BETWEEN_SAVES = 30.0
# Of the variance of the labels.
_FAR = 0.01
# Of the history.
_COLUMN_OF_COUNT = {"parameters": 2, "neurons": 3}
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

    @property
    def errors(self) -> NDArray[Any]:
        """Mean squared errors over time, shape (T, B)."""
        return self.history[:, :, 0]

    @property
    def is_far(self) -> bool:
        """Whether no run explains more than 99 % of the variance of the labels."""
        variance = float(np.var(self.dataset.labels.to_float64()))
        ends = self.errors[-1] if len(self.history) else np.zeros(0)
        return len(ends) > 0 and variance > 0 and not bool(np.any(ends <= _FAR * variance))

    def counts(self, objective: str) -> NDArray[Any]:
        """Nonzero parameters or neurons over time, shape (T, B), negligible products left out."""
        return self.history[:, :, _COLUMN_OF_COUNT[objective]]

    def network(self, run: int) -> FloatNetwork:
        """The network of a run at its last step."""
        layout = Layout.of(self.settings, self.dataset.n_features)
        weights, outputs, skip = layout.split(self.parameters[run])
        return FloatNetwork(*(x.astype(np.float64) for x in (weights.T, outputs, skip)))


def train(
    dataset: Dataset,
    settings: Settings,
    *,
    device: str = "auto",
    deadline: Deadline | None = None,
    progress: Progress | bool = False,
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
        When to stop where the batch stands.  Where interrupts count, Ctrl-C does the same; else it
        is raised, once the checkpoint is written.
    progress : bool or callable
        As in :func:`exactsparse.solve`.
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
    layout = Layout.of(settings, dataset.n_features)
    sample = Sample.of(dataset, settings.precision)
    identity = f"{dataset.digest} {settings.to_json()}"
    torch = require_package("torch", "train")
    marks = settings.recorded_steps
    records = np.full((len(marks), len(settings.runs), 4), np.nan, settings.precision)
    kept = load_state(checkpoint, identity)
    if kept is None:
        state = State.initial(settings, layout)
    else:
        state, old = kept
        records[: len(old)] = old
    steps: TensorSteps | CompiledSteps
    if device == "cpu":
        steps = CompiledSteps(settings, layout, sample, state, workers)
    else:
        steps = TensorSteps(settings, layout, sample, state, device)
    history = torch.from_numpy(records).to(device)
    points, labels = (torch.from_numpy(x).to(device) for x in (sample.points, sample.labels))
    work = len(settings.runs) * layout.size * len(sample.labels)
    done, saved = state.step, time.monotonic()

    def written() -> int:
        return sum(mark <= done for mark in marks)

    def record() -> None:
        if done in marks:
            current = torch.as_tensor(steps.parameters)
            history[marks.index(done)] = measures(current, points, labels, layout, settings)

    def save() -> None:
        save_state(checkpoint, identity, steps.state(), history[: written()].cpu().numpy())

    try:
        with reports(progress) as told, WORK_CLOCK.pauses_told_to(told):
            for end in _pieces(done, marks, max(1, _MOST_WORK // work)):
                told("training", done, settings.steps)
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
        if deadline is None or not deadline.interrupts_count:
            save()
            raise
    save()
    count = written()
    return Training(
        settings=settings,
        dataset=dataset,
        steps=done,
        recorded_steps=marks[:count],
        history=history[:count].cpu().numpy(),
        parameters=steps.state().parameters,
        seconds=time.perf_counter() - began,
    )


def _pieces(start: int, marks: tuple[int, ...], most: int) -> Iterator[int]:
    """Ends of pieces of at most so many steps, every mark among them."""
    done = start
    for mark in marks:
        while done < mark:
            done = min(done + most, mark)
            yield done
