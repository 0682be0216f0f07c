"""Univariate route beside its peers: arrays in, knot count and knot arrays out.

Run with ``make bench``.  Every row is measured on the same arrays in the same process; the last
columns are ratios of that run.  Knot counts are printed beside the times, because a peer that is
fast and wrong is no peer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pwlf
from splineops.adaptive_regression_splines.sparsification import sparsest_interpolant

import exactsparse as es
from benchmarks.results import best_of, record

Arrays = tuple[np.ndarray, np.ndarray]


def noise(n: int) -> Arrays:
    """Uniform abscissae and normal labels: short runs."""
    rng = np.random.default_rng(0)
    x = np.unique(rng.uniform(0, 1, n))
    return x, rng.normal(size=len(x))


def collinear_law(n: int) -> Arrays:
    """A law with about n/100 knots sampled on integers: almost every triple is collinear."""
    x = np.arange(n, dtype=float)
    slopes = np.random.default_rng(0).integers(-8, 9, n // 100 + 1)
    return x, np.cumsum(np.repeat(slopes, 100)[:n]).astype(float)


def parabola(n: int) -> Arrays:
    """One convex run through all points, with equal slope changes."""
    x = np.arange(n, dtype=float)
    return x, x * x


FAMILIES: list[Callable[[int], Arrays]] = [noise, collinear_law, parabola]


def knots(x: np.ndarray, y: np.ndarray, p: str | None = None) -> int:
    """Our answer: count, positions and slope changes."""
    solution = es.solve(x, y, p=p)
    if solution.status != "optimal":
        raise AssertionError("the benchmark expects a proof")
    solution.law.knot_arrays()
    return solution.law.n_knots


def array_table(sizes: list[int]) -> list[str]:
    """Times and ratios for arrays of growing size."""
    lines = [
        "| data | N | one pass `x.sum()+y.sum()` | p = 0 | p = 0.5 | splineops | "
        "p = 0 / pass | p = 0.5 / pass | splineops / p = 0 | our knots | splineops knots |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for family in FAMILIES:
        for n in sizes:
            x, y = family(n)
            stream = best_of(lambda x=x, y=y: x.sum() + y.sum())
            count = best_of(lambda x=x, y=y: knots(x, y))
            norm = best_of(lambda x=x, y=y: knots(x, y, "1/2"))
            peer = best_of(lambda x=x, y=y: sparsest_interpolant(x, y), most=3)
            found = len(sparsest_interpolant(x, y)[0])
            lines.append(
                f"| {family.__name__} | {n:,} | {stream * 1e3:.3f} ms | {count * 1e3:.2f} ms "
                f"| {norm * 1e3:.2f} ms | {peer * 1e3:.0f} ms | {count / stream:.1f} "
                f"| {norm / stream:.1f} | {peer / count:.0f} | {knots(x, y):,} | {found:,} |"
            )
            print(lines[-1], flush=True)
    return lines


def pwlf_table() -> list[str]:
    """Beside pwlf, which must be told the number of segments and searches at random."""
    x, y = np.arange(12.0), np.abs(np.arange(12.0) - 4.5) + np.maximum(0, np.arange(12.0) - 8)
    model = pwlf.PiecewiseLinFit(x, y, seed=0)
    segments = knots(x, y) + 1
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(segments)
    theirs = time.perf_counter() - began
    ours = best_of(lambda: knots(x, y))
    residual = float(np.abs(model.predict(x) - y).max())
    return [
        "| N | segments (told to pwlf) | pwlf | ours, with proof | pwlf / ours | pwlf residual |",
        "|---|---|---|---|---|---|",
        f"| {len(x)} | {segments} | {theirs:.2f} s | {ours * 1e3:.2f} ms | {theirs / ours:.0f} "
        f"| {residual:.1e} |",
    ]


MEMORY = """
from pathlib import Path
import numpy as np
from benchmarks.univariate import knots, noise

def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024

knots(*noise(5000), {p!r})
x, y = np.load({path!r})
Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the compiler
before = status("VmRSS")
knots(x, y, {p!r})
print((status("VmHWM") - before) / (x.nbytes + y.nbytes))
"""


def memory_table(n: int) -> list[str]:
    """Peak memory beyond the input, over the size of the input, each in a fresh process."""
    lines = ["| N | p | extra memory / input |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "data.npy")
        np.save(path, np.array(noise(n)))
        for p in (None, "1/2"):
            code = MEMORY.format(path=path, p=p)
            run = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            )
            lines.append(f"| {n:,} | {p or 0} | {float(run.stdout):.1f} |")
    return lines


def command_table(n: int) -> list[str]:
    """Wall time of the whole command on a CSV, and where it goes."""
    lines = ["| rows | cells | command | read | solve | rest: imports, uniqueness, printing |"]
    lines.append("|---|---|---|---|---|---|")
    rng = np.random.default_rng(0)
    tables = {
        "integers, 6 decimals": (np.arange(n), rng.normal(size=n), ["%d", "%.6f"]),
        "18 digits (`%.18e`)": (np.arange(n) / 7, rng.normal(size=n), ["%.18e", "%.18e"]),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, (x, y, formats) in tables.items():
            path = Path(folder) / "table.csv"
            np.savetxt(
                path, np.column_stack((x, y)), fmt=formats, delimiter=",", header="x,y", comments=""
            )
            command = [sys.executable, "-m", "exactsparse", "solve", str(path), "--quiet"]
            wall = best_of(
                lambda c=command: subprocess.run(c, check=True, capture_output=True), most=3
            )
            read = best_of(lambda p=path: es.read(p), most=3)
            dataset = es.read(path)
            solve = best_of(lambda d=dataset: es.solve(d), most=3)
            lines.append(
                f"| {n:,} | {name} | {wall:.2f} s | {read:.2f} s | {solve:.2f} s "
                f"| {wall - read - solve:.2f} s |"
            )
    return lines


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    knots(*noise(5000)), knots(*noise(5000), "1/2")
    sections = [
        ("Arrays", array_table([10**4, 10**5, 10**6, 10**7])),
        ("pwlf", pwlf_table()),
        ("Memory", memory_table(10**6)),
        ("The whole command", command_table(10**6)),
    ]
    record("Univariate", sections)


if __name__ == "__main__":
    main()
