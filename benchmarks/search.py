"""Search beside big-M MILPs on the same data, and how its proofs scale.

Run with ``make bench``, or ``python -m benchmarks.search [LIMIT]`` for another limit in seconds.
What a peer calls optimal is printed as its claim; the search's values are proved.
"""

from __future__ import annotations

import resource
import sys
import time
from fractions import Fraction

import numpy as np

import exactsparse as es
from benchmarks.milp_peers import big_m_training, lemma_4_1_milp
from benchmarks.results import record

Table = tuple[np.ndarray, np.ndarray]
_LIMIT = 120.0


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
    """Random instances to proof."""
    lines = [
        "| d | N | value | sets tested | seconds | ns per set and core |",
        "|---|---|---|---|---|---|",
    ]
    for d, counts in sizes.items():
        for n in counts:
            solution, seconds = proof(*uniform(n, d), limit)
            leaves = _leaves(solution)
            proved = "" if solution.status == "optimal" else f" (bound {solution.lower_bound})"
            rate = f"{2e9 * seconds / leaves:.0f}" if leaves > 10**6 else ""
            lines.append(
                f"| {d} | {n} | {solution.value}{proved} | {leaves:.3g} | {seconds:.2f} | {rate} |"
            )
            print(lines[-1], flush=True)
    return lines


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
    sections = [
        (
            f"Random instances to proof, limit {limit:.0f} s",
            scaling_table({2: [*range(6, 14)], 3: [*range(6, 11)]}, limit),
        ),
        (
            "Planted networks on 1000 points",
            planted_table(
                [
                    *((3, k) for k in range(4, 11)),
                    *((5, k) for k in range(4, 9)),
                    *((10, k) for k in range(4, 7)),
                ],
                limit,
            ),
        ),
        ("The instances of Lee and Linderoth", grid_table(limit)),
        (f"Big-M MILPs on the same data, limit {limit:.0f} s", peer_table([4, 5, 6, 7], limit)),
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sections.append(("Memory", [f"Peak of the whole run, peers included: {peak:.0f} MiB."]))
    record("Search", sections)


if __name__ == "__main__":
    main()
