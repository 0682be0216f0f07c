"""Training one network step by step with torch's own layers, gradients and optimisers."""

from __future__ import annotations

import torch
from torch import nn


class Network(nn.Module):
    """``Σ vₖ (wₖ · x + bₖ)₊ [+ a · x + c]``."""

    def __init__(self, d: int, width: int, skip: bool) -> None:
        super().__init__()
        self.hidden = nn.Linear(d, width)
        self.output = nn.Linear(width, 1, bias=False)
        self.skip = nn.Linear(d, 1) if skip else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        value = self.output(torch.relu(self.hidden(x)))
        return (value if self.skip is None else value + self.skip(x))[:, 0]


def reference(
    X: torch.Tensor,
    y: torch.Tensor,
    *,
    width: int,
    skip: bool,
    penalty: str,
    p: float,
    strength: float,
    rate: float,
    penalise_bias: bool,
    steps: int,
    seed: int,
) -> tuple[Network, list[float]]:
    """The network after some steps, and its mean squared error after each of them."""
    torch.manual_seed(seed)
    network = Network(X.shape[1], width, skip).to(X.dtype)
    hidden, output = network.hidden, network.output
    penalised = [hidden.weight, output.weight] + ([hidden.bias] if penalise_bias else [])
    free = [x for x in network.parameters() if all(x is not other for other in penalised)]
    if penalty == "decay":
        groups = [
            {"params": penalised, "weight_decay": strength},
            {"params": free, "weight_decay": 0.0},
        ]
        optimiser: torch.optim.Optimizer = torch.optim.AdamW(groups, lr=rate)
    else:
        optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    curve = []
    for _ in range(steps):
        before = products(network)
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(network(X), y).backward()
        optimiser.step()
        if penalty == "path":
            shrink(network, before, p, strength * rate, penalise_bias)
        with torch.no_grad():
            curve.append(torch.nn.functional.mse_loss(network(X), y).item())
    return network, curve


def products(network: Network) -> list[list[float]]:
    """``vₖ wₖᵢ`` for every neuron, the bias last."""
    rows = torch.cat([network.hidden.weight, network.hidden.bias[:, None]], dim=1)
    return (network.output.weight[0][:, None] * rows).tolist()


@torch.no_grad()
def shrink(
    network: Network, before: list[list[float]], p: float, strength: float, penalise_bias: bool
) -> None:
    """Soft-threshold every product at ``λ · rate · p · |before|^(p−1)``, and rebalance."""
    d = network.hidden.weight.shape[1]
    for k, row in enumerate(products(network)):
        v = network.output.weight[0, k].item()
        kept = []
        for u, previous in list(zip(row, before[k], strict=True))[: d + penalise_bias]:
            if previous == 0 and p < 1:
                kept.append(0.0)
                continue
            limit = strength * p * abs(previous) ** (p - 1)
            kept.append((abs(u) - limit) * (1 if u > 0 else -1) if abs(u) > limit else 0.0)
        if not penalise_bias:
            row[d:] = [row[d]]
        norm = sum(u * u for u in kept) ** 0.5
        size = norm**0.5 * (1 if v > 0 else -1)
        every = kept if penalise_bias else [*kept, row[d]]
        for i, u in enumerate(every):
            value = u / size if size else 0.0
            if i < d:
                network.hidden.weight[k, i] = value
            else:
                network.hidden.bias[k] = value
        network.output.weight[0, k] = size
