"""Distribution of p*, below which a least path norm is a sparsest network, over random data.

Points and labels are drawn from −0.99, −0.98, …, 0.99.  One feature: path norm of weights, a free
affine part; two: path norm of weights and biases, no affine part.  Run from the root:

    python -m benchmarks.p_star --instances 1000 --data p_star.json
    python -m benchmarks.p_star --data p_star.json --plot docs/figures/p_star.svg
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

import exactsparse as es

SIZES = ((1, 8), (2, 4), (2, 5))


def drawn(d: int, n: int, seed: int) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Different points, and labels."""
    draw = np.random.default_rng([d, n, seed])
    points: dict[tuple[Fraction, ...], Fraction] = {}
    while len(points) < n:
        *x, y = (Fraction(int(v), 100) for v in draw.integers(-99, 100, d + 1))
        points.setdefault(tuple(x), y)
    return [list(x) for x in points], list(points.values())


def measure(d: int, n: int, seed: int) -> dict[str, object]:
    """p* of an instance, the number of breakpoints, and parameters (or knots) at both ends."""
    points, labels = drawn(d, n, seed)
    path = es.solve(points, labels, p="1/2").p_path()
    if d == 1:
        sizes = [stretch.law.n_knots for stretch in path.stretches]
    else:
        sizes = [stretch.network.n_parameters for stretch in path.stretches]
    return {
        "d": d, "n": n, "seed": seed, "p_star": float(path.p_star), "sizes": sizes,
        "width": float(path.p_star.upper - path.p_star.lower),
    }  # fmt: skip


def table(found: Sequence[dict[str, object]]) -> str:
    """The distribution as a table in Markdown."""
    lines = [
        "| features, points | instances | p* = 1 | least p* | 1 % | 10 % | median | breakpoints |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for d, n in SIZES:
        own = [entry for entry in found if (entry["d"], entry["n"]) == (d, n)]
        if own:
            values = np.array([entry["p_star"] for entry in own])
            low, tenth, half = np.quantile(values, [0.01, 0.1, 0.5])
            most = max(len(entry["sizes"]) - 1 for entry in own)  # type: ignore[arg-type]
            lines.append(
                f"| {d}, {n} | {len(own):,} | {np.mean(values == 1):.1%} | {values.min():.3f} | "
                f"{low:.3f} | {tenth:.3f} | {half:.3f} | {most} |"
            )
    return "\n".join(lines)


def draw_plot(found: Sequence[dict[str, object]], path: str) -> None:
    """The share of instances with p* below every p."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "p_star"
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
    for d, n in SIZES:
        values = sorted(
            float(entry["p_star"])  # type: ignore[arg-type]
            for entry in found
            if (entry["d"], entry["n"]) == (d, n)
        )
        if values:
            shares = np.arange(1, len(values) + 1) / len(values)
            ax.step([0, *values], [0, *shares], where="post", label=f"d = {d}, N = {n}")
    ax.set(xlabel="p", ylabel="share of instances with p* ≤ p", xlim=(0, 1), ylim=(0, 1))
    ax.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure, or show what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=0)
    parser.add_argument("--data", required=True)
    parser.add_argument("--plot")
    given = parser.parse_args()
    file = Path(given.data)
    found = json.loads(file.read_text()) if file.exists() else []
    done = {(entry["d"], entry["n"], entry["seed"]) for entry in found}
    for seed in range(given.instances):
        for d, n in SIZES:
            if (d, n, seed) not in done:
                found.append(measure(d, n, seed))
        if seed % 20 == 19:
            file.write_text(json.dumps(found))
    if given.instances:
        file.write_text(json.dumps(found))
    print(table(found))
    if given.plot:
        draw_plot(found, given.plot)


if __name__ == "__main__":
    main()
