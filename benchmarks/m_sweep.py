"""What M does to claims of optimality: big-M and indicator programs beside proved optima.

Each instance has a sparsest network with large weights: points close to each other, with labels
that differ.  (SCIP's indicator model has no M; its column shows that it does not depend on one.)
An M below these weights shuts the network out, and optima are claimed too high; with
a large M a binary of 1e-6, which counts as 0, leaves large weights for nothing, and optima are
claimed too low.  A claim is false if it says "optimal" with a value other than the one that the
search proves, or if its bound is above it.  Run as ``python -m benchmarks.m_sweep``.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from fractions import Fraction

import exactsparse as es
from benchmarks.results import record

Instance = tuple[str, list[list[Fraction]], list[Fraction]]
SOLVERS = ("highs", "scip", "scip-indicator")
EXPONENTS = range(2, 10)
LIMIT = 5.0
OPTIONS = {"objective": "parameters", "skip": "none"}


def instances(count: int) -> list[Instance]:
    """Points on a line or in the plane, some of them 10⁻² to 10⁻⁴ apart, from a fixed seed."""
    found: list[Instance] = []
    for seed in range(count):
        draw = random.Random(seed)
        step = Fraction(1, 10 ** (2 + seed % 3))
        d, n = (1, 5) if seed % 2 else (2, 4)
        X = [[Fraction(draw.randint(-9, 9), 10) for _ in range(d)] for _ in range(n - 2)]
        # Two points close to one that is there.
        X += [[value + k * step * (1 + c) for c, value in enumerate(X[0])] for k in (1, 2)]
        y = [Fraction(draw.randint(1, 9) * draw.choice((-1, 1))) for _ in X]
        found.append((f"N={n}, d={d}, gap {float(step):g}, seed {seed}", X, y))
    return found


def generic(count: int) -> list[Instance]:
    """Six points of the plane in tenths."""
    found: list[Instance] = []
    for seed in range(count):
        draw = random.Random(100 + seed)
        X = [[Fraction(draw.randint(-9, 9), 10) for _ in range(2)] for _ in range(6)]
        y = [Fraction(draw.randint(-9, 9), 10) for _ in X]
        found.append((f"N=6, d=2, seed {seed}", X, y))
    return found


def outcome(solution: es.Solution, optimum: int) -> str:
    """What a claim is worth, given the proved optimum."""
    if solution.status == "optimal" and solution.value != optimum:
        raise AssertionError("a false optimum was reported as proved")
    bound, value = solution.claimed_lower_bound, solution.claim.finite_value
    optimal = solution.claim.status == "optimal" and value is not None
    if (bound is not None and bound > optimum + 1e-3) or (optimal and round(value) > optimum):
        return "too high"
    if optimal and round(value) < optimum:
        return "too low"
    if solution.claim.status == "infeasible":
        return "too high"
    return "right" if optimal else "open"


def sweep(
    cases: list[Instance], exponents: list[int], limit: float
) -> tuple[list[str], Counter[str]]:
    """A table of M by solver: right, too low, too high, open; and false claims by solver."""
    lines = [
        "| M | " + " | ".join(SOLVERS) + " |",
        "|---" * (len(SOLVERS) + 1) + "|",
    ]
    optima = []
    for name, X, y in cases:
        proved = [es.solve(X, y, method=method, **OPTIONS) for method in ("search", "cuts")]
        assert all(solution.status == "optimal" for solution in proved)
        assert proved[0].value == proved[1].value
        optima.append(int(proved[0].value))
        print(f"{name}: optimum {optima[-1]}, cuts prove it in {proved[1].seconds:.2f} s")
    false: Counter[str] = Counter()
    for exponent in exponents:
        cells = []
        for solver in SOLVERS:
            counts: Counter[str] = Counter()
            for (_, X, y), optimum in zip(cases, optima, strict=True):
                solution = es.solve(
                    X,
                    y,
                    method="big-m",
                    solver=solver,
                    big_m=10.0**exponent,
                    time_limit=limit,
                    **OPTIONS,
                )
                counts[outcome(solution, optimum)] += 1
            false[solver] += counts["too low"] + counts["too high"]
            cells.append(
                f"{counts['right']} right, {counts['too low']} too low, "
                f"{counts['too high']} too high, {counts['open']} open"
            )
        lines.append(f"| 1e{exponent} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return lines, false


def main() -> None:
    """Run both sweeps and record their tables; an argument scales down the number of instances."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    sections = []
    for title, cases, exponents, limit in (
        ("close points", instances(count), list(EXPONENTS), LIMIT),
        ("six generic points", generic(count), [4], 2 * LIMIT),
    ):
        lines, false = sweep(cases, exponents, limit)
        total = len(cases) * len(exponents)
        counted = ", ".join(f"{solver} {false[solver]} of {total}" for solver in SOLVERS)
        lines += ["", f"False claims: {counted}; reported as optimal by `solve`: 0 of each."]
        sections.append((f"Claims over M, {title}, limit {limit:.0f} s", lines))
    record("MILP", sections)


if __name__ == "__main__":
    main()
