"""Search beside big-M MILPs on the same data, and how its proofs scale.

Run with ``make bench``, or ``python -m benchmarks.search [LIMIT]`` for another limit in seconds.
What a peer calls optimal is printed as its claim; the search's values are proved.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot as plt

import exactsparse as es
from benchmarks.milp_peers import big_m_training, lemma_4_1_milp
from benchmarks.results import record

matplotlib.use("Agg")

Table = tuple[np.ndarray, np.ndarray]
_LIMIT, _LONG_LIMIT, _PLANTED_LIMIT = 120.0, 900.0, 60.0
_PLOT = Path(__file__).with_name("search_scaling.svg")


def uniform(n: int, d: int) -> Table:
    """The instances of Lee and Linderoth: seed 0, X then y uniform on (−1, 1), float32."""
    rng = np.random.RandomState(0)
    X = rng.uniform(-1, 1, (n, d)).astype(np.float32)
    return X.astype(np.float64), rng.uniform(-1, 1, n).astype(np.float32).astype(np.float64)


def planted(n: int, d: int, nonzeros: int, seed: int) -> tuple[list[list[str]], list[Fraction]]:
    """A random integer network of some nonzeros on points with three decimals; exact labels."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (n, d)).round(3)
    points = [[*map(Fraction, map(str, row)), Fraction(1)] for row in X.tolist()]
    labels = [Fraction(0)] * n
    left = nonzeros
    while left:
        size = int(min(left, rng.integers(1, min(d + 1, 4) + 1)))
        left -= size
        support = rng.choice(d + 1, size, replace=False)
        weights = rng.integers(1, 10, size) * rng.choice([-1, 1], size)
        sign = int(rng.choice([-1, 1]))
        for i, point in enumerate(points):
            value = sum(int(w) * point[c] for c, w in zip(support, weights, strict=True))
            labels[i] += sign * max(value, Fraction(0))
    return [[str(v) for v in row] for row in X.tolist()], labels


def proof(X: object, y: object, limit: float) -> tuple[es.SearchSolution, float]:
    """Solution and wall time."""
    began = time.perf_counter()
    solution = es.solve(X, y, method="search", time_limit=limit)
    return solution, time.perf_counter() - began


def _leaves(solution: es.SearchSolution) -> int:
    return sum(record.level.leaves for record in solution.levels if record.level)


def peer_table(sizes: list[int], limit: float) -> list[str]:
    """Search and MILPs, d = 2, each until its own end or the limit."""
    lines = [
        "| N | search | seconds | model | solver | claim | bound | seconds | peer / search |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for n in sizes:
        X, y = uniform(n, 2)
        solution, seconds = proof(X, y, limit)
        for model in (big_m_training, lemma_4_1_milp):
            for backend in ("highs", "scip"):
                claim = model(X, y, backend, limit)
                said = f"{claim.value}" + ("" if claim.optimal else " (not proved)")
                ratio = f"{'' if claim.optimal else '> '}{claim.seconds / seconds:,.0f}"
                bound = "–" if claim.bound is None else f"{claim.bound:.3g}"
                lines.append(
                    f"| {n} | {solution.value} | {seconds:.3f} | {model.__name__} | {backend} | "
                    f"{said} | {bound} | {claim.seconds:.1f} | {ratio} |"
                )
                print(lines[-1], flush=True)
    return lines


def grid_table(limit: float) -> list[str]:
    """The peer's grid of sizes: proved values and seconds."""
    widths = range(2, 8)
    lines = [
        "| N | " + " | ".join(f"d = {d}" for d in widths) + " |",
        "|---|" + "---|" * len(widths),
    ]
    for n in [*range(2, 8), 10]:
        cells = []
        for d in widths:
            wanted = (n < 8 and d < 7) or (n, d) in {(7, 7), (10, 3)}
            cells.append(_cell(*uniform(n, d), limit) if wanted else "")
        lines.append(f"| {n} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return lines


def _cell(X: object, y: object, limit: float) -> str:
    solution, seconds = proof(X, y, limit)
    bound = "" if solution.status == "optimal" else f" (bound {solution.lower_bound})"
    return f"{solution.value}{bound}, {seconds:.2f} s"


def scaling_table(sizes: dict[int, list[int]], limit: float) -> list[str]:
    """Random instances to proof, and a plot of them."""
    lines = [
        "| d | N | value | sets tested | seconds | ns per set and core |",
        "|---|---|---|---|---|---|",
    ]
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for d, counts in sizes.items():
        times: list[float] = []
        for n in counts:
            solution, seconds = proof(*uniform(n, d), limit)
            times.append(seconds if solution.status == "optimal" else math.nan)
            leaves = _leaves(solution)
            proved = "" if solution.status == "optimal" else f" (bound {solution.lower_bound})"
            rate = f"{2e9 * seconds / leaves:.0f}" if leaves > 10**6 else ""
            lines.append(
                f"| {d} | {n} | {solution.value}{proved} | {leaves:.3g} | {seconds:.2f} | {rate} |"
            )
            print(lines[-1], flush=True)
        axes.semilogy(counts, times, "o-", label=f"d = {d}")
    axes.set(xlabel="random points N", ylabel="seconds to proof", title="Fewest parameters")
    axes.legend()
    figure.savefig(_PLOT)
    return [*lines, "", f"![Seconds to proof]({_PLOT.name})"]


def planted_table(cases: list[tuple[int, int]], limit: float) -> list[str]:
    """Planted networks on 1000 points."""
    lines = ["| d | planted nonzeros | value | sets tested | seconds |", "|---|---|---|---|---|"]
    for d, nonzeros in cases:
        for seed in range(2):
            solution, seconds = proof(*planted(1000, d, nonzeros, seed), limit)
            bound = "" if solution.status == "optimal" else f" (bound {solution.lower_bound})"
            leaves = f"{_leaves(solution):.3g}"
            lines.append(
                f"| {d} | {nonzeros} | {solution.value}{bound} | {leaves} | {seconds:.2f} |"
            )
            print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else _LIMIT
    # Compile, or load what was compiled before.
    proof(*uniform(6, 2), limit)
    planted_cases = [(d, k) for d in (3, 5, 10) for k in range(4, 11)]
    measured: list[tuple[str, Callable[[], list[str]]]] = [
        (
            f"Random instances to proof, limit {_LONG_LIMIT:.0f} s",
            lambda: scaling_table({2: [*range(6, 15)], 3: [*range(6, 11)]}, _LONG_LIMIT),
        ),
        (
            f"Planted networks on 1000 points, limit {_PLANTED_LIMIT:.0f} s",
            lambda: planted_table(planted_cases, _PLANTED_LIMIT),
        ),
        ("The instances of Lee and Linderoth", lambda: grid_table(limit)),
        (
            f"Big-M MILPs on the same data, limit {limit:.0f} s",
            lambda: peer_table([4, 5, 6, 7], limit),
        ),
    ]
    sections: list[tuple[str, list[str]]] = []
    memory: list[str] = []
    for title, table in measured:
        sections.append((title, table()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        memory.append(f"* Peak of the process after “{title}”: {peak:.0f} MiB")
        record("Search", [*sections, ("Memory", memory)])


if __name__ == "__main__":
    main()
