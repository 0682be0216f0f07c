"""Times, and the file of latest tables: every area replaces its own."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md")
_TITLE = "# Benchmark results\n\nRun `make bench` for yours.\n"


def machine() -> str:
    """Processor, cores and versions."""
    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.split(":", 1)[1].strip()
            break
    return (
        f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"NumPy {np.__version__}"
    )


def best_of(action: Callable[[], object], seconds: float = 1.0, most: int = 30) -> float:
    """Least wall time of an action over repetitions that take about the given time."""
    times: list[float] = []
    while len(times) < most and (sum(times) < seconds or len(times) < 2):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return min(times)


def record(area: str, sections: Iterable[tuple[str, list[str]]]) -> None:
    """Replace the sections of an area, and print where they stand."""
    before = RESULTS.read_text() if RESULTS.exists() else ""
    others = [part for part in before.split("\n## ")[1:] if not part.startswith(f"{area}: ")]
    own = [
        "\n".join([f"{area}: {title}", "", f"{date.today()}, {machine()}.", "", *lines, ""])
        for title, lines in sections
    ]
    parts = sorted([*others, *own], key=lambda part: part.split(":")[0])
    RESULTS.write_text(_TITLE + "".join(f"\n## {part.rstrip()}\n" for part in parts))
    print(f"\nwritten: {RESULTS}")
