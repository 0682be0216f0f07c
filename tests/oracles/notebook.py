"""The authors' notebook rule, one network, step by step, in torch's own layers and optimisers.

Written after what is known of their published notebooks, neuron by neuron in Python numbers where
the rule is theirs, so that it shares nothing with the batches of the package.
"""

from __future__ import annotations

import torch

from tests.oracles.training import Network, products

THRESHOLDS_AFTER = 5


def run_notebook(
    X: torch.Tensor,
    y: torch.Tensor,
    *,
    width: int,
    penalty: str,
    p: float,
    strength: float,
    rate: float,
    penalise_bias: bool,
    steps: int,
    seed: int,
) -> Network:
    """The network after some steps; a network without affine part."""
    torch.manual_seed(seed)
    network = Network(X.shape[1], width, skip=False).to(X.dtype)
    if penalty == "decay":
        optimiser: torch.optim.Optimizer = torch.optim.AdamW(
            network.parameters(), lr=rate, weight_decay=strength
        )
    else:
        optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    d = X.shape[1]
    for epoch in range(1, steps + 1):
        before = products(network)
        weights = torch.cat([network.hidden.weight, network.hidden.bias[:, None]], dim=1).tolist()
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(network(X), y).backward()
        optimiser.step()
        if penalty != "path" or epoch <= THRESHOLDS_AFTER:
            continue
        if penalise_bias:
            # Their view of the output weights has changed with the step, their copy of w has not.
            outputs = network.output.weight[0].tolist()
            before = [[v * w for w in row] for v, row in zip(outputs, weights, strict=True)]
        _shrink(network, before, p, strength * rate, d + penalise_bias)
    return network


@torch.no_grad()
def _shrink(
    network: Network, before: list[list[float]], p: float, strength: float, penalised: int
) -> None:
    d = network.hidden.weight.shape[1]
    smallest = 1e-6 if penalised > d else 1e-8
    for k, row in enumerate(products(network)):
        kept = []
        for u, previous in zip(row[:penalised], before[k], strict=False):
            limit = strength * p * abs(previous) ** (p - 1) if previous or p == 1 else float("inf")
            kept.append(0.0 if abs(u) <= limit else u - limit if u > 0 else u + limit)
        norm = sum(u * u for u in kept) ** 0.5
        side = norm**0.5 if network.output.weight[0, k].item() >= 0 else -(norm**0.5)
        for i, u in enumerate(kept):
            value = u / side if norm >= smallest else 0.0
            if i < d:
                network.hidden.weight[k, i] = value
            else:
                network.hidden.bias[k] = value
        network.output.weight[0, k] = side


def counted(network: Network, penalise_bias: bool) -> tuple[int, int]:
    """Parameters and neurons, as the notebooks count them."""
    d = network.hidden.weight.shape[1]
    smallest = 1e-6 if penalise_bias else 1e-8
    rows = [[abs(u) > smallest for u in row[: d + penalise_bias]] for row in products(network)]
    return sum(map(sum, rows)), sum(map(any, rows))
