"""Steps of a batch on the CPU, in compiled code, the networks shared out among threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from exactsparse.training import kernels
from exactsparse.training.parameters import Layout, Sample
from exactsparse.training.settings import Settings
from exactsparse.training.states import State

_KINDS = {"none": kernels.NONE, "decay": kernels.DECAY, "path": kernels.PATH}


class CompiledSteps:
    """A batch on the CPU.

    Parameters
    ----------
    settings : Settings
        What is trained.
    layout : Layout
        Of a row of parameters.
    sample : Sample
        Data.
    state : State
        Where the batch stands.
    workers : int or None
        Threads.
    """

    def __init__(
        self,
        settings: Settings,
        layout: Layout,
        sample: Sample,
        state: State,
        workers: int | None,
    ) -> None:
        self.layout, self.sample = layout, sample
        self._state = state
        self.penalise_bias, self.smallest = settings.penalise_bias, settings.smallest or 0.0
        self.notebook = settings.variant == "notebook"
        self.regimes = np.array(
            [(_KINDS[r.penalty], r.p or 1.0, r.strength, r.rate) for r, _ in settings.runs]
        )
        self.workers = min(workers or os.cpu_count() or 1, len(self.regimes))

    def advance(self, count: int) -> None:
        """Take some steps, the networks shared out among the threads."""
        state = self._state
        before = state.parameters, state.first, state.second
        # Regimes differ in cost: every thread has some of each.
        slices = [slice(k, None, self.workers) for k in range(self.workers)]

        def one(part: slice) -> tuple[Any, ...]:
            parameters, first, second = (x[part].copy() for x in before)
            kernels.advance(
                self.sample.points, self.sample.labels, parameters, first, second,
                self.regimes[part], self.layout.width, self.penalise_bias, self.notebook,
                self.smallest, state.step, count,
            )  # fmt: skip
            return parameters, first, second

        if self.workers == 1:
            results = [one(slices[0])]
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                results = list(pool.map(one, slices))
        after = tuple(np.empty_like(x) for x in before)
        for part, arrays in zip(slices, results, strict=True):
            for whole, values in zip(after, arrays, strict=True):
                whole[part] = values
        # At once, so that an interrupt finds either the old state or the new one.
        self._state = State(state.step + count, *after)

    @property
    def taken(self) -> int:
        """Steps taken."""
        return self._state.step

    @property
    def parameters(self) -> Any:
        """Parameters, shape (B, P)."""
        return self._state.parameters

    def state(self) -> State:
        """Where the batch stands."""
        return self._state
