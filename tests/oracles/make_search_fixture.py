"""Write tests/fixtures/search_oracle.jsonl: random instances of every family with their optima.

Run as ``python -m tests.oracles.make_search_fixture`` from the repository root; one process,
half a minute.  The families are deterministic in the seed; an instance that takes the oracle
longer than the cap is left out, so a slow machine writes a shorter file.  (``SIGALRM``: POSIX.)
"""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from tests.oracles.multivariate import sparsest
from tests.routes.rank_search.families import FAMILIES

FIXTURE = Path(__file__).parent.parent / "fixtures" / "search_oracle.jsonl"
SECONDS = 20.0
SEEDS = {"single": 20, "zero": 10}
MOST_SEEDS = 60
# Six of ten parameters, two neurons, one of each with the free affine part.
PROBLEMS = [
    ("parameters", "none"),
    ("neurons", "none"),
    ("parameters", "none"),
    ("parameters", "affine"),
    ("parameters", "none"),
    ("parameters", "none"),
    ("neurons", "affine"),
    ("parameters", "none"),
    ("neurons", "none"),
    ("parameters", "none"),
]
# With one feature, the free affine part is the default.
PROBLEMS_D1 = [("parameters", "none"), ("neurons", "affine"), ("neurons", "none")]


class TooSlow(Exception):
    """The oracle passed its cap."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TooSlow


def main() -> None:
    """Solve every instance and write the file."""
    signal.signal(signal.SIGALRM, _stop)
    written = []
    for family, generate in FAMILIES.items():
        problems = PROBLEMS_D1 if family == "d1" else PROBLEMS
        for seed in range(SEEDS.get(family, MOST_SEEDS)):
            X, y = generate(seed)
            objective, skip = problems[(seed * 7 + seed // 10) % len(problems)]
            begin = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                value = sparsest(X, y, objective, skip)
            except TooSlow:
                value = None
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            took = time.perf_counter() - begin
            sys.stderr.write(f"{family} {seed} {objective} {skip}: {value} ({took:.2f} s)\n")
            if value is not None:
                case = {
                    "family": family,
                    "X": [[str(t) for t in row] for row in X],
                    "y": [str(t) for t in y],
                    "objective": objective,
                    "skip": skip,
                    "value": value,
                }
                written.append(json.dumps(case) + "\n")
    FIXTURE.write_text("".join(written))


if __name__ == "__main__":
    main()
