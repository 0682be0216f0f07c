"""The least ℓ¹ path norm: the program over rays beside the plain form in cvxpy, and sizes.

Run with ``python -m benchmarks.convex [LIMIT]`` for another limit in seconds.  What cvxpy returns
is printed as its claim; the value of the program over rays is proved.
"""

from __future__ import annotations

import json
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

import exactsparse as es
from benchmarks.results import record
from benchmarks.search import planted
from exactsparse.finite_program.plain_convex import claimed_path_norm
from exactsparse.finite_program.program import FiniteProgram
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS, objective_named
from exactsparse.progress import Deadline
from exactsparse.upper_bounds.reweighted_interpolant import sparse_interpolant

Table = tuple[np.ndarray, np.ndarray]
_LIMIT = 120.0
_KNOWN = Path(__file__).parents[1] / "tests" / "fixtures" / "multivariate.jsonl"


def normal_labels(n: int, d: int) -> Table:
    """Points uniform on (−1, 1), labels standard normal, float64, seed 0."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (n, d)), rng.normal(size=n)


def ray_table(sizes: list[tuple[int, int]], limit: float) -> list[str]:
    """Column generation to proof."""
    lines = [
        "| N | d | rays | status | value | bound / value − 1 | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for n, d in sizes:
        X, y = normal_labels(n, d)
        began = time.perf_counter()
        solution = es.solve(X, y, p=1, method="rays", time_limit=limit)
        seconds = time.perf_counter() - began
        size = FiniteProgram(es.Dataset.from_arrays(X, y)).largest_size("rays")
        gap = "0 (exact)" if solution.bound == solution.cost else f"{_gap(solution):.1e}"
        lines.append(
            f"| {n} | {d} | 2 · {size.patterns:,} | {solution.status} | "
            f"{float(solution.value):.9g} | {gap} | {seconds:.2f} |"
        )
        print(lines[-1], flush=True)
    return lines


def _gap(solution: es.RaysSolution) -> float:
    return float(solution.bound / solution.cost - 1)


def plain_table(sizes: list[tuple[int, int]], limit: float) -> list[str]:
    """Both on the same data."""
    lines = [
        "| N | d | patterns | plain form in cvxpy, seconds | its claim | rays, seconds | value | "
        "plain / rays |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for n, d in sizes:
        X, y = normal_labels(n, d)
        began = time.perf_counter()
        solution = es.solve(X, y, p=1, method="rays", time_limit=limit)
        rays = time.perf_counter() - began
        began = time.perf_counter()
        program = FiniteProgram(es.Dataset.from_arrays(X, y))
        claim = claimed_path_norm(program)
        plain = time.perf_counter() - began
        lines.append(
            f"| {n} | {d} | {program.plain.size.patterns} | {plain:.2f} | {claim:.9g} | "
            f"{rays:.3f} | {float(solution.value):.9g} | {plain / rays:.0f} |"
        )
        print(lines[-1], flush=True)
    return lines


def incumbent_table() -> list[str]:
    """How often a rounded solution is already sparsest, on the instances of known optimum."""
    lines = [
        "| objective | instances | optimal | one above | seconds each |",
        "|---|---|---|---|---|",
    ]
    cases = [json.loads(line) for line in _KNOWN.read_text().splitlines()]
    for objective in ("parameters", "neurons"):
        above, seconds = [], 0.0
        for case in (case for case in cases if objective in case):
            X = [[Fraction(t) for t in row] for row in case["X"]]
            table = IntegerTable.of(es.Dataset.from_arrays(X, case["y"]))
            began = time.perf_counter()
            network = sparse_interpolant(table, objective_named(objective), False, Deadline())
            seconds += time.perf_counter() - began
            if network is not None:
                cost = network.count(objective)
                above.append(cost - case[objective])
        count = sum(objective in case for case in cases)
        lines.append(
            f"| {objective} | {count} | {above.count(0)} | {above.count(1)} | "
            f"{seconds / count:.2f} |"
        )
        print(lines[-1], flush=True)
    return lines


def planted_table(cases: list[tuple[int, int, int]], limit: float) -> list[str]:
    """Planted networks among 1000 points, found without search."""
    lines = ["| d | planted nonzeros | seed | found | seconds |", "|---|---|---|---|---|"]
    for d, nonzeros, seed in cases:
        table = IntegerTable.of(es.Dataset.from_arrays(*planted(1000, d, nonzeros, seed)))
        began = time.perf_counter()
        network = sparse_interpolant(table, PARAMETERS, False, Deadline(limit))
        seconds = time.perf_counter() - began
        found = "nothing" if network is None else f"{network.n_parameters}"
        lines.append(f"| {d} | {nonzeros} | {seed} | {found} | {seconds:.2f} |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else _LIMIT
    es.solve(*normal_labels(6, 3), p=1)
    sections = [
        (
            "Least ℓ¹ path norm by rays, to proof",
            ray_table([(50, 2), (100, 2), (200, 2), (60, 3), (100, 3), (60, 5)], limit),
        ),
        (
            "The same in cvxpy, plain form, HiGHS",
            plain_table([(5, 2), (10, 2), (15, 2), (20, 2), (8, 3)], limit),
        ),
        ("Reweighted ℓ¹ on the instances of known optimum", incumbent_table()),
        (
            "Reweighted ℓ¹ on planted networks, 1000 points, limit 20 s",
            planted_table(
                [(3, 8, 0), (3, 9, 0), *((3, 10, s) for s in range(3)), (5, 8, 0), (10, 6, 0)], 20
            ),
        ),
    ]
    record("Convex", sections)


if __name__ == "__main__":
    main()
