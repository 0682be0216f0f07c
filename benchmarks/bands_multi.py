"""Sparsest networks of several features within a tolerance, to proof, beside big-M programs.

Run ``python -m benchmarks.bands_multi`` (ten minutes on two cores), with ``--full`` for all sizes,
or ``--teachers`` for how often fewer parameters than a planted teacher's suffice.  A teacher is a
random network of integer weights; its labels have uniform noise of the tolerance, or are rounded.
``eps/scale`` is the tolerance over the standard deviation of the labels.  What a peer calls optimal
is its claim, and counts as right if it is what the search proves.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple
from unittest import mock

import numpy as np
from numpy.typing import NDArray

import exactsparse as es
from benchmarks.milp_peers import big_m_training
from benchmarks.results import record
from exactsparse.routes.activity_search import activity_search

Floats = NDArray[np.float64]
SHARES = (1e-3, 1e-2, 5e-2)
LIMIT = 60.0


class Case(NamedTuple):
    """A planted network, and what is done to its labels: noise of a share of them, or rounding."""

    d: int
    n: int
    cost: int
    share: float | None
    seed: int = 0


class Table(NamedTuple):
    """Points, labels, and a tolerance, all decimals."""

    X: Floats
    y: Floats
    tolerance: float


def teacher(draw: np.random.Generator, X: Floats, cost: int) -> Floats:
    """Labels of a network of integer weights: each neuron has one to four, none is idle."""
    extended = np.column_stack([X, np.ones(len(X))])
    labels, left = np.zeros(len(X)), cost
    single: set[tuple[int, int]] = set()
    while left:
        size = int(min(left, draw.integers(1, min(X.shape[1] + 1, 4) + 1)))
        support = draw.choice(X.shape[1] + 1, size, replace=False)
        weights = draw.integers(1, 10, size) * draw.choice([-1, 1], size)
        values = np.maximum(extended[:, support] @ weights, 0)
        active = np.count_nonzero(values) / len(X)
        if size == 1:
            # Two of a kind would be one neuron.
            kind = int(support[0]), int(np.sign(weights[0]))
            if active == 0 or kind in single:
                if left == 1 and len(single) > X.shape[1]:
                    return teacher(draw, X, cost)
                continue
            single.add(kind)
        elif not 0.1 <= active <= 0.9:
            continue
        labels += draw.choice([-1, 1]) * values
        left -= size
    return labels


def planted(case: Case) -> Table:
    """The table of a case; without a share, labels of standard deviation 1 with two decimals."""
    draw = np.random.default_rng([case.d, case.n, case.cost, case.seed])
    while True:
        X = draw.uniform(-1, 1, (case.n, case.d)).round(3)
        labels = teacher(draw, X, case.cost)
        if labels.std() > 0:
            break
    labels /= labels.std()
    if case.share is None:
        return Table(X, labels.round(2), 0.005)
    noise = draw.uniform(-case.share, case.share, case.n)
    # What decimals of six digits round away is kept within the tolerance.
    return Table(X, (labels + noise * (1 - 1e-3)).round(6), case.share)


class Proof(NamedTuple):
    """A solution, wall seconds and seconds of all threads, and what was gone through."""

    solution: es.Solution
    wall: float
    cpu: float
    levels: list[activity_search.Level]


def proof(table: Table, limit: float, *, tree_alone: bool = False) -> Proof:
    """Solve a table; also without a search for sparse networks by other means."""
    levels: list[activity_search.Level] = []

    class Kept(activity_search.Level):
        """The level of the network that is found counts, too."""

        def __init__(self, cost: int) -> None:
            super().__init__(cost)
            levels.append(self)

    options = {"tolerance": table.tolerance, "time_limit": limit}
    offer = mock.Mock() if tree_alone else activity_search.offer_sparse
    with (
        mock.patch.object(activity_search, "Level", Kept),
        mock.patch.object(activity_search, "offer_sparse", offer),
    ):
        wall, cpu = time.perf_counter(), time.process_time()
        solution = es.solve(table.X, table.y, **options)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Proof(solution, wall, cpu, levels)


def default_cases() -> Iterator[Case]:
    """What two cores go through in ten minutes, or nearly so."""
    # The goals.
    yield from (Case(2, 200, 10, 1e-2), Case(3, 200, 8, 1e-2), Case(5, 200, 7, 1e-2))
    for d, costs in ((2, (4, 6, 8)), (3, (4, 6, 7)), (5, (4, 5, 6))):
        for cost, share in product(costs, (*SHARES, None)):
            yield Case(d, 200, cost, share)
    for d, cost in ((2, 6), (2, 8), (3, 6), (5, 5)):
        yield from (Case(d, 2000, cost, share) for share in (1e-2, None))


def all_cases() -> Iterator[Case]:
    """Every size."""
    for d, n, cost, share in product((2, 3, 5), (200, 2000), range(4, 11), (*SHARES, None)):
        yield Case(d, n, cost, share)


def planted_table(cases: Iterable[Case], limit: float) -> list[str]:
    """Value and bound, times, and what the linear programs cost."""
    lines = [
        "| d | N | planted | eps/scale | found | proved | seconds, wall | CPU | linear programs "
        "| µs of CPU each | decided in rationals |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case in cases:
        solution, wall, cpu, levels = proof(planted(case), limit)
        programs = sum(level.programs for level in levels)
        exact = sum(level.exact for level in levels)
        each = f"{cpu / programs * 1e6:.1f}" if programs > 10**5 else ""
        share = f"{exact / programs:.2g}" if programs else ""
        proved = "yes" if solution.status == "optimal" else f"≥ {solution.lower_bound}"
        noise = "two decimals" if case.share is None else f"{case.share:g}"
        lines.append(
            f"| {case.d} | {case.n:,} | {case.cost} | {noise} | {solution.value} | {proved} "
            f"| {wall:.2f} | {cpu:.2f} | {programs:,} | {each} | {share} |"
        )
        print(lines[-1], flush=True)
    return lines


def peer_table(sizes: list[tuple[int, int]], limit: float) -> list[str]:
    """Claims of big-M programs with as many neurons as parameters.

    Their box is what nobody would know: twice the largest weight of the network that is proved.
    """
    lines = [
        "| N | planted | proved | seconds | solver | claim | bound | seconds | right |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for n, cost in sizes:
        table = planted(Case(2, n, cost, 1e-2))
        solution, wall, *_ = proof(table, limit)
        weights = [
            abs(float(value * neuron.output))
            for neuron in solution.network.neurons
            for value in (*neuron.weights, neuron.bias)
        ]
        for backend in ("highs", "scip"):
            claim = big_m_training(
                table.X, table.y, backend, limit,
                bound=2 * max(weights), neurons=cost, tolerance=table.tolerance,
            )  # fmt: skip
            said = f"{claim.value}" + ("" if claim.optimal else f" ({claim.status})")
            bound = "–" if claim.bound is None else f"{claim.bound:.3g}"
            right = "no claim" if not claim.optimal else _yes(claim.value == solution.value)
            lines.append(
                f"| {n} | {cost} | {solution.value} | {wall:.2f} | {backend} | {said} | {bound} "
                f"| {claim.seconds:.1f} | {right} |"
            )
            print(lines[-1], flush=True)
    return lines


def _yes(what: bool) -> str:
    return "yes" if what else "no"


def teacher_table(each: int, limit: float) -> list[str]:
    """How often the optimum within the noise costs what the teacher costs, and how often less."""
    lines = [
        "| planted | eps/scale | teachers | as planted | one less | two or more less | open "
        "| seconds each |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for cost, share in product(range(3, 8), (*SHARES, 0.2)):
        counts: Counter[str] = Counter()
        began = time.perf_counter()
        for seed in range(each):
            table = planted(Case(2, 100, cost, share, seed))
            solution = proof(table, limit, tree_alone=True).solution
            if solution.value > cost and solution.status == "optimal":
                raise AssertionError("the teacher is within its own noise")
            less = cost - int(solution.value)
            counts["open" if solution.status != "optimal" else str(min(less, 2))] += 1
        seconds = (time.perf_counter() - began) / each
        shown = " | ".join(str(counts[key]) for key in ("0", "1", "2", "open"))
        lines.append(f"| {cost} | {share:g} | {each} | {shown} | {seconds:.2f} |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all sizes: hours")
    parser.add_argument("--teachers", action="store_true", help="planted and least costs only")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds of every search")
    options = parser.parse_args()
    # Compile, or load what was compiled before.
    proof(planted(Case(2, 20, 4, 1e-2)), 300.0)
    if options.teachers:
        title = "How often fewer parameters than planted suffice, d = 2, N = 100"
        record("Noise", [(title, teacher_table(40, options.limit))])
        return
    cases = all_cases() if options.full else default_cases()
    limit = f"limit {options.limit:.0f} s"
    record(
        "Several features within a tolerance",
        [
            (f"Planted networks, {limit}", planted_table(cases, options.limit)),
            (
                f"Big-M programs on the same data, d = 2, eps/scale 0.01, {limit}",
                peer_table(
                    [(6, 3), (10, 4), (20, 4), (50, 5)][: None if options.full else 3],
                    options.limit,
                ),
            ),
        ],
    )


if __name__ == "__main__":
    main()
