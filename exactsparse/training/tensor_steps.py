"""Steps of a batch on tensors, for CUDA: gradients written out, no Python number depends on time.

All networks take a step together.  The step works in place and keeps its own counter, so that it
can be compiled and recorded as a CUDA graph.  (On the CPU :mod:`exactsparse.training.kernels` is
faster than this, compiled or not; there this serves as its check.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exactsparse.packages import require_package
from exactsparse.training.kernels import BETA_1, BETA_2, EPSILON, WARM_UP
from exactsparse.training.parameters import Layout, Sample
from exactsparse.training.settings import Settings
from exactsparse.training.states import State

# Steps that compile the code before the graph is recorded.
_WARM_UP = 3


class TensorSteps:
    """A batch on a device.

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
    device : str
        ``cpu`` or ``cuda``.
    """

    def __init__(
        self,
        settings: Settings,
        layout: Layout,
        sample: Sample,
        state: State,
        device: str,
    ) -> None:
        torch = require_package("torch", "train")
        self.torch, self.layout, self.device = torch, layout, device
        self.penalise_bias, self.smallest = settings.penalise_bias, settings.smallest or 0.0
        self.notebook = settings.variant == "notebook"
        self.aliased = self.notebook and self.penalise_bias

        def column(values: list[float], kind: Any = None) -> Any:
            return torch.tensor(values, dtype=kind or dtype, device=device)[:, None]

        self.points, self.labels = (
            torch.from_numpy(x).to(device) for x in (sample.points, sample.labels)
        )
        self.parameters, self.first, self.second = (
            torch.from_numpy(x.copy()).to(device)
            for x in (state.parameters, state.first, state.second)
        )
        dtype = self.parameters.dtype
        regimes = [regime for regime, _ in settings.runs]
        # Not of dimension 0: compiled by torch 2.13, changes in place of such a one were lost.
        self.step = torch.tensor([state.step], dtype=torch.float64, device=device)
        self.rates = column([r.rate for r in regimes], torch.float64)
        is_path = [r.penalty == "path" for r in regimes]
        self.is_path = column([float(x) for x in is_path]) > 0
        self.powers = column([(r.p or 1.0) - 1 for r in regimes])[:, :, None]
        self.thresholds = column([r.strength * r.rate * (r.p or 1.0) for r in regimes])[:, :, None]
        self.factors = column(
            [1 - r.rate * r.strength if r.penalty == "decay" else 1.0 for r in regimes]
        )
        self.has_path, self.has_decay = any(is_path), any(r.penalty == "decay" for r in regimes)
        self._replay: Callable[[], None] | None = None

    def advance(self, count: int) -> None:
        """Take some steps."""
        if self.device == "cuda" and self._replay is None and count > _WARM_UP:
            self._replay = self._recorded()
            count -= _WARM_UP
        once = self._replay or self._once
        for _ in range(count):
            once()

    def _recorded(self) -> Callable[[], None]:
        """One compiled step as a CUDA graph; takes some steps to warm up."""
        torch = self.torch
        compiled = torch.compile(self._once, fullgraph=True)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(_WARM_UP):
                compiled()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            compiled()
        replay: Callable[[], None] = graph.replay
        return replay

    def _once(self) -> None:
        torch = self.torch
        weights, outputs, skip = self.layout.split(self.parameters)
        hidden = torch.einsum("bik,in->bkn", weights, self.points).relu()
        values = torch.einsum("bk,bkn->bn", outputs, hidden)
        if self.layout.skip:
            values = values + skip @ self.points
        slopes = (values - self.labels) * (2 / len(self.labels))
        back = torch.where(hidden > 0, outputs[:, :, None] * slopes[:, None, :], 0)
        parts = [
            torch.einsum("bkn,in->bik", back, self.points).flatten(1),
            torch.einsum("bkn,bn->bk", hidden, slopes),
        ]
        if self.layout.skip:
            parts.append(slopes @ self.points.T)
        previous = outputs[:, None, :] * weights
        inputs_before = weights.clone() if self.aliased else weights
        if self.has_decay:
            self._decay(weights, outputs)
        self._adam(torch.cat(parts, dim=1))
        if self.has_path:
            if self.aliased:
                previous = outputs[:, None, :] * inputs_before
            self._threshold(weights, outputs, previous)

    def _decay(self, weights: Any, outputs: Any) -> None:
        penalised = weights if self.penalise_bias or self.notebook else weights[:, :-1]
        penalised.mul_(self.factors[:, :, None])
        outputs.mul_(self.factors)

    def _adam(self, gradient: Any) -> None:
        """D. P. Kingma and J. Ba, *Adam* (2015), Algorithm 1, as torch computes it."""
        self.step.add_(1)
        dtype = gradient.dtype
        size = (self.rates / (1 - BETA_1**self.step)).to(dtype)
        correction = (1 - BETA_2**self.step).sqrt().to(dtype)
        self.first.add_((gradient - self.first) * (1 - BETA_1))
        self.second.mul_(BETA_2).add_(gradient * gradient * (1 - BETA_2))
        self.parameters.sub_(size * self.first / (self.second.sqrt() / correction + EPSILON))

    def _threshold(self, weights: Any, outputs: Any, previous: Any) -> None:
        """Soft-threshold the products and rebalance, where the penalty is a path norm."""
        torch = self.torch
        penalised = weights if self.penalise_bias else weights[:, :-1]
        limit = self.thresholds * previous[:, : penalised.shape[1]].abs().pow(self.powers)
        products = outputs[:, None, :] * penalised
        # A difference, not a maximum: NaN must show.
        sizes = products.abs() - limit
        products = torch.where(sizes <= 0, 0, torch.copysign(sizes, products))
        norms = products.square().sum(dim=1).sqrt()
        side = torch.copysign(norms.sqrt(), outputs)
        alive = ((side != 0) & ~(norms < self.smallest))[:, None, :]
        changed = self.is_path
        if self.notebook:
            changed = changed & (self.step > WARM_UP)
        is_path = changed[:, :, None]
        balanced = torch.where(alive, products / side[:, None, :], 0)
        if not self.penalise_bias and not self.notebook:
            bias = outputs[:, None, :] * weights[:, -1:] / side[:, None, :]
            weights[:, -1:] = torch.where(is_path, torch.where(alive, bias, 0), weights[:, -1:])
        penalised.copy_(torch.where(is_path, balanced, penalised))
        outputs.copy_(torch.where(changed, side, outputs))

    @property
    def taken(self) -> int:
        """Steps taken."""
        return int(self.step.item())

    def state(self) -> State:
        """Where the batch stands."""
        arrays = (x.cpu().numpy().copy() for x in (self.parameters, self.first, self.second))
        return State(self.taken, *arrays)
