"""Restart-steps per second: the batched trainer beside a loop of single plain torch runs.

Run with ``python -m benchmarks.training [BATCH [STEPS [WORKERS]]]``; 256 networks, 2,000 steps and
all processors by default.  The plain loop is that of torch's own layers, autograd and Adam, with
the same update of the products; it takes 300 steps of one network.  Steps on tensors are those
meant for CUDA, here on the CPU.

``python -m benchmarks.training hits [SEEDS [STEPS]]`` counts, for the rule of the paper and that of
the authors' notebook on their first panel, how many restarts end at the optimum and how many fit;
one thread, 64 seeds and 100,000 steps by default.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np
import torch

import exactsparse as es
from benchmarks.results import record
from exactsparse.training import Regime, Settings, train
from exactsparse.training.parameters import Layout, Sample
from exactsparse.training.states import State
from exactsparse.training.tensor_steps import TensorSteps

_PLAIN_STEPS = 300
_TENSOR_STEPS = 20
_OPTIMUM = 3
_FITS = 1e-4


def plain_seconds(X: np.ndarray, y: np.ndarray, width: int, regime: Regime, skip: bool) -> float:
    """Seconds per step of one network in plain torch, vectorised over its neurons."""
    points, labels = (torch.from_numpy(x.astype(np.float32)) for x in (X, y))
    torch.manual_seed(0)
    hidden = torch.nn.Linear(X.shape[1], width)
    output = torch.nn.Linear(width, 1, bias=False)
    affine = torch.nn.Linear(X.shape[1], 1) if skip else None
    layers = [hidden, output] + ([affine] if affine else [])
    optimiser = torch.optim.Adam([x for layer in layers for x in layer.parameters()], regime.rate)
    began = time.perf_counter()
    for step in range(_PLAIN_STEPS + 50):
        if step == 50:
            began = time.perf_counter()
        with torch.no_grad():
            before = output.weight.T * hidden.weight
        optimiser.zero_grad()
        values = output(torch.relu(hidden(points)))
        if affine:
            values = values + affine(points)
        torch.nn.functional.mse_loss(values[:, 0], labels).backward()
        optimiser.step()
        if regime.p is not None:
            with torch.no_grad():
                v = output.weight.T
                u = v * hidden.weight
                limit = regime.strength * regime.rate * regime.p * before.abs() ** (regime.p - 1)
                u = torch.sign(u) * (u.abs() - limit).clamp(min=0)
                size = torch.sign(v) * u.norm(dim=1, keepdim=True).sqrt()
                hidden.weight.copy_(torch.where(size != 0, u / size, 0.0))
                output.weight.copy_(size.T)
    return (time.perf_counter() - began) / _PLAIN_STEPS


def tensor_seconds(dataset: es.Dataset, settings: Settings) -> float:
    """Seconds per step and network of steps on tensors."""
    layout = Layout.of(settings, dataset.n_features)
    sample = Sample.of(dataset, settings.precision)
    start = State.initial(settings, layout)
    steps = TensorSteps(settings, layout, sample, start, "cpu")
    steps.advance(2)
    began = time.perf_counter()
    steps.advance(_TENSOR_STEPS)
    return (time.perf_counter() - began) / _TENSOR_STEPS / len(settings.runs)


def table(
    X: np.ndarray, y: np.ndarray, width: int, strength: float, batch: int, steps: int, workers: int
) -> list[str]:
    """Rows for every penalty."""
    dataset, skip = es.Dataset.from_arrays(X, y), X.shape[1] == 1
    lines = [
        "| penalty | plain loop, steps/s | tensors, restart-steps/s | compiled, restart-steps/s | "
        "compiled / plain |",
        "|---|---|---|---|---|",
    ]
    for regime in (
        Regime("none", None, strength),
        Regime("path", 1.0, strength),
        Regime("path", 0.4, strength),
    ):

        def settings(count: int, regime: Regime = regime) -> Settings:
            return Settings((regime,), batch, width, count, 0, not skip, skip, 1)

        train(dataset, settings(1), device="cpu", workers=workers)
        compiled = train(dataset, settings(steps), device="cpu", workers=workers).seconds
        fast = batch * steps / compiled
        slow = 1 / plain_seconds(X, y, width, regime, skip)
        tensors = 1 / tensor_seconds(dataset, settings(1))
        lines.append(
            f"| {regime.label} | {slow:,.0f} | {tensors:,.0f} | {fast:,.0f} | {fast / slow:.0f} |"
        )
        print(lines[-1], flush=True)
    return lines


def hits(seeds: int, steps: int) -> list[str]:
    """Restarts of peak and plateau that end at 3 neurons, and that fit, by rule and p."""
    lines = [
        "| rule | p | end at 3 neurons | MSE < 10⁻⁴ | both | fewer than 3 | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    dataset = es.Dataset.from_arrays([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    rules = (
        ("notebook", "notebook", False),
        ("paper, without affine part", "paper", False),
        ("paper, with affine part", "paper", True),
    )
    for name, variant, skip in rules:
        for p in (0.4, 0.7, 1.0):
            settings = Settings(
                (Regime("path", p),), seeds, steps=steps, penalise_bias=False, skip=skip,
                records=1, variant=variant,
            )  # fmt: skip
            trained = train(dataset, settings, device="cpu", workers=1)
            counts, fits = trained.counts("neurons")[-1], trained.errors[-1] < _FITS
            lines.append(
                f"| {name} | {p:g} | {(counts == _OPTIMUM).sum()} | {fits.sum()} | "
                f"{((counts == _OPTIMUM) & fits).sum()} | {(counts < _OPTIMUM).sum()} | "
                f"{trained.seconds:.0f} |"
            )
            print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    if sys.argv[1:2] == ["hits"]:
        seeds, count = ([int(x) for x in sys.argv[2:]] + [64, 100_000][len(sys.argv) - 2 :])[:2]
        torch.set_num_threads(1)
        title = f"peak and plateau, {seeds} seeds from 0, {count:,} steps, float32, 1 thread"
        record("Trainer", [(title, hits(seeds, count))])
        return
    given = [int(x) for x in sys.argv[1:]]
    batch, steps = (given + [256, 2000][len(given) :])[:2]
    workers = given[2] if len(given) > 2 else os.cpu_count() or 1
    torch.set_num_threads(workers)
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(10, 50)), rng.normal(size=10)
    peak = np.arange(-2.0, 4.0)[:, None], np.array([0.0, 0, 1, 1, 0, 0])
    threads = "1 thread" if workers == 1 else f"{workers} threads"
    title = f"batch {batch}, float32, {threads}"
    sections = [
        (f"K=80, N=6, d=1, {title}", table(*peak, 80, 0.003, batch, steps, workers)),
        (f"K=100, N=10, d=50, {title}", table(X, y, 100, 0.005, batch, steps // 4, workers)),
    ]
    record("Training", sections)


if __name__ == "__main__":
    main()
