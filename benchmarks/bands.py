"""Fewest knots within a band, with witnesses, beside peers that are installed.

Run ``python -m benchmarks.bands``.  The pass, the check of its triples and the check of its law on
every row are timed one by one on the same arrays.  Of a peer, what it returns is evaluated: its
number of knots and its true largest error, because a peer that is fast and misses the band is no
peer.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.results import best_of, record
from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band.compiled import (
    prove_function,
    prove_triples,
    stab_compiled,
)
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.long_dual import LongTolerances

Table = tuple[np.ndarray, np.ndarray, Fraction]


def noisy_pieces(n: int) -> Table:
    """A piecewise-linear law with a knot every thousand rows, noise of the half-width."""
    rng = np.random.default_rng(0)
    law = np.cumsum(np.repeat(rng.normal(size=n // 1000 + 1), 1000)[:n])
    return np.arange(n) / 1.0, np.round((law + rng.uniform(-1, 1, n)) * 1000), Fraction(1000)


def random_walk(n: int) -> Table:
    """A random walk, half-width ten steps."""
    rng = np.random.default_rng(0)
    return np.arange(n) / 1.0, np.round(np.cumsum(rng.normal(size=n)) * 1000), Fraction(10_000)


def parabola(n: int) -> Table:
    """A parabola with about a hundred knots."""
    x = np.arange(n) / 1.0
    return x, np.round((x - n / 2) ** 2), Fraction(round((n / 400) ** 2) + 1)


def exact_parabola(n: int) -> Table:
    """A parabola without width: every other row is a knot."""
    x = np.arange(n) / 1.0
    return x, (x - n // 2) ** 2, Fraction(0)


FAMILIES: list[Callable[[int], Table]] = [noisy_pieces, random_walk, parabola, exact_parabola]


def pass_table(sizes: list[int]) -> list[str]:
    """Nanoseconds a row."""
    lines = [
        "| data | N | `x.sum()+y.sum()` | windows | pass | triples | law | knots, proved "
        "| exact decisions |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for family in FAMILIES:
        for n in sizes:
            x, y, half = family(n)
            columns = Column(x), Column(y)
            windows = FloatWindows.around(*columns, half)
            if windows is None:
                raise AssertionError("the benchmark's tables are within the range of doubles")
            found = stab_compiled(windows)
            if not (prove_triples(found.triples, windows) and prove_function(found, windows)):
                raise AssertionError("the benchmark expects a proof")
            actions: list[Callable[[], object]] = [
                lambda x=x, y=y: x.sum() + y.sum(),
                lambda c=columns, h=half: FloatWindows.around(*c, h),
                lambda w=windows: stab_compiled(w),
                lambda w=windows, f=found: prove_triples(f.triples, w),
                lambda w=windows, f=found: prove_function(f, w),
            ]
            times = " | ".join(f"{best_of(a, most=8) / n * 1e9:.1f}" for a in actions)
            lines.append(
                f"| {family.__name__} | {n:,} | {times} | {found.n_knots:,} | {found.asked:,} |"
            )
            print(lines[-1], flush=True)
    return lines


def dual_table() -> list[str]:
    """Least tolerances, and the curve."""
    lines = ["| data | N | asked for | time | answer |", "|---|---|---|---|---|"]
    for family, n, knots in (
        (noisy_pieces, 10**4, 5),
        (random_walk, 10**4, 10),
        (noisy_pieces, 10**6, 10),
        (random_walk, 10**6, 10),
    ):
        x, y, _ = family(n)
        began = time.perf_counter()
        proof = LongTolerances(Column(x), Column(y)).least(knots)
        lines.append(
            f"| {family.__name__} | {n:,} | ε*({knots}) | {time.perf_counter() - began:.2f} s "
            f"| {float(proof.tolerance):.6g} |"
        )
        print(lines[-1], flush=True)
    x, y, _ = random_walk(10**4)
    began = time.perf_counter()
    curve = LongTolerances(Column(x), Column(y)).curve(100)
    lines.append(
        f"| random_walk | 10,000 | the curve to 100 knots | {time.perf_counter() - began:.2f} s "
        f"| {float(curve[0].tolerance):.6g} … {float(curve[-1].tolerance):.6g} |"
    )
    print(lines[-1], flush=True)
    return lines


def _true_error(x: np.ndarray, y: np.ndarray, at: np.ndarray, values: np.ndarray) -> float:
    return float(np.abs(np.interp(x, at, values) - y).max())


def with_pwlf(x: np.ndarray, y: np.ndarray, knots: int) -> tuple[int, float]:
    """Told the number of segments, least squares."""
    import pwlf

    model = pwlf.PiecewiseLinFit(x, y, seed=0)
    model.fitfast(knots + 1, pop=2)
    return len(model.fit_breaks) - 2, float(np.abs(model.predict(x) - y).max())


def with_ruptures(x: np.ndarray, y: np.ndarray, knots: int) -> tuple[int, float]:
    """Told the number of breaks, continuous linear cost, bottom up."""
    import ruptures

    ends = ruptures.BottomUp(model="clinear", jump=1).fit(y[:, None]).predict(n_bkps=knots)
    at = np.array([0, *ends[:-1], len(x) - 1])
    return len(at) - 2, _true_error(x, y, x[at], y[at])


def with_simplification(x: np.ndarray, y: np.ndarray, knots: int) -> tuple[int, float]:
    """Ramer, Douglas & Peucker: vertices at data points, distance to chords."""
    from simplification.cutil import simplify_coords

    _ = knots
    kept = np.array(simplify_coords(np.column_stack((x, y)), 1000.0))
    return len(kept) - 2, _true_error(x, y, kept[:, 0], kept[:, 1])


def with_piecewise_regression(x: np.ndarray, y: np.ndarray, knots: int) -> tuple[int, float]:
    """Told the number of breaks, least squares from random starts (Muggeo 2003)."""
    import piecewise_regression

    fit = piecewise_regression.Fit(x.tolist(), y.tolist(), n_breakpoints=knots, n_boot=5)
    if not fit.get_results()["converged"]:
        return -1, float("nan")
    return knots, float(np.abs(fit.predict(x) - y).max())


PEERS = {
    "piecewise_regression": with_piecewise_regression,
    "pwlf": with_pwlf,
    "ruptures": with_ruptures,
    "simplification": with_simplification,
}


def peer_table(n: int) -> list[str]:
    """What peers return for few rows, with a knot every tenth of them; only those installed."""
    rng = np.random.default_rng(1)
    law = np.cumsum(np.repeat(rng.normal(size=10), n // 10))
    x, y, half = np.arange(n) / 1.0, np.round((law + rng.uniform(-1, 1, n)) * 1000), Fraction(1000)
    windows = FloatWindows.around(Column(x), Column(y), half)
    if windows is None:
        raise AssertionError("the benchmark's tables are within the range of doubles")
    ours = stab_compiled(windows)
    seconds = best_of(lambda: stab_compiled(windows), most=5)
    lines = [
        "| package | N | time | knots | true largest error | proved fewest |",
        "|---|---|---|---|---|---|",
        f"| this project | {n:,} | {seconds * 1e3:.2f} ms | {ours.n_knots} "
        f"| at most {float(half):g} | yes |",
    ]
    for name, peer in PEERS.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed: left out")
            continue
        began = time.perf_counter()
        knots, error = peer(x, y, ours.n_knots)
        seconds = time.perf_counter() - began
        found = "none converged" if knots < 0 else f"{knots} | {error:.6g}"
        found += " |" * (knots < 0)
        lines.append(f"| {name} | {n:,} | {seconds:.2f} s | {found} | no |")
    print("\n".join(lines[2:]), flush=True)
    return lines


def command_table(n: int) -> list[str]:
    """The whole command on a table of rounded values, exact and within half a unit."""
    rng = np.random.default_rng(0)
    law = np.cumsum(np.repeat(rng.uniform(-1, 1, 100), n // 100))
    cells = [f"{x},{y:.2f}" for x, y in enumerate(law)]
    lines = ["| command | N | time | to the exact one | knots |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        table.write_text("x,y\n" + "\n".join(cells) + "\n")
        first = None
        for options in ([], ["--tolerance", "auto"]):
            command = [
                sys.executable,
                "-m",
                "exactsparse",
                "solve",
                str(table),
                *options,
                "--quiet",
            ]
            seconds, found = np.inf, ""
            for _ in range(3):
                began = time.perf_counter()
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                seconds, found = min(seconds, time.perf_counter() - began), done.stdout
            first = first or seconds
            name = " ".join(["solve", "table.csv", *options])
            ratio, knots = seconds / first, found.split()[1]
            lines.append(f"| `{name}` | {n:,} | {seconds:.2f} s | {ratio:.2f} | {knots} |")
            print(lines[-1], flush=True)
    return lines


def _resident(what: str) -> int:
    """Bytes of this process that are, or were at most, in memory; Linux only."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024


def memory_table(n: int) -> list[str]:
    """Memory that a solve takes beyond its two columns."""
    lines = ["| data | N | most memory beyond the input, in sizes of the input |", "|---|---|---|"]
    for family in (noisy_pieces, random_walk):
        code = (
            "from benchmarks.bands import *; from benchmarks.bands import _resident; "
            "from exactsparse.routes.univariate.band.fewest_knots import solve_band; "
            f"x, y, half = {family.__name__}({n}); columns = Column(x), Column(y); "
            "solve_band(*(c.take(np.arange(3000)) for c in columns), half, simplify=False); "
            "before = _resident('VmRSS'); Path('/proc/self/clear_refs').write_text('5'); "
            f"solve_band(*columns, half); print((_resident('VmHWM') - before) / (16 * {n}))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        lines.append(f"| {family.__name__} | {n:,} | {float(done.stdout):.1f} |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    sections = [
        ("Nanoseconds a row", pass_table([10**4, 10**5, 10**6, 10**7])),
        ("Least tolerances", dual_table()),
        ("The whole command", command_table(10**6)),
        ("Memory", memory_table(10**6)),
        ("Peers", peer_table(2000)),
    ]
    record("Bands", sections)


if __name__ == "__main__":
    main()
