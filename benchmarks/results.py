"""Times, the file of latest tables, of which every area replaces its own, and their history."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md")
# One JSON object a line and table; nothing is ever taken out.
HISTORY = Path(__file__).with_name("history.jsonl")
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


def commit() -> str:
    """The commit that is measured, with a plus if files differ from it; empty if unknown."""
    command = ["git", "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"]
    done = subprocess.run(command, cwd=RESULTS.parent, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def figures(lines: Iterable[str]) -> list[dict[str, str]]:
    """Rows of the tables among some lines of Markdown, by the names of their columns.

    Examples
    --------
    >>> figures(["| d | seconds |", "|---|---|", "| 2 | 0.5 |", "", "a remark"])
    [{'d': '2', 'seconds': '0.5'}]
    """
    rows: list[dict[str, str]] = []
    names: list[str] | None = None
    for line in lines:
        if not line.startswith("|"):
            names = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if names is None:
            names = cells
        elif any(cell.strip("-:") for cell in cells):
            rows.append(dict(zip(names, cells, strict=False)))
    return rows


def _keep(area: str, sections: list[tuple[str, list[str]]]) -> None:
    """Add what was measured to the history, unless it stands there."""
    known = HISTORY.read_text(encoding="utf-8") if HISTORY.exists() else ""
    with HISTORY.open("a", encoding="utf-8") as file:
        for title, lines in sections:
            entry = {
                "date": str(date.today()),
                "commit": commit(),
                "machine": machine(),
                "area": area,
                "table": title,
                "figures": figures(lines),
                "remarks": [line for line in lines if line and not line.startswith("|")],
            }
            text = json.dumps(entry, ensure_ascii=False) + "\n"
            if text not in known:
                file.write(text)


def record(area: str, sections: Iterable[tuple[str, list[str]]]) -> None:
    """Replace the sections of an area, add them to the history, and print where they stand."""
    sections = list(sections)
    _keep(area, sections)
    before = RESULTS.read_text() if RESULTS.exists() else ""
    others = [part for part in before.split("\n## ")[1:] if not part.startswith(f"{area}: ")]
    own = [
        "\n".join([f"{area}: {title}", "", f"{date.today()}, {machine()}.", "", *lines, ""])
        for title, lines in sections
    ]
    parts = sorted([*others, *own], key=lambda part: part.split(":")[0])
    RESULTS.write_text(_TITLE + "".join(f"\n## {part.rstrip()}\n" for part in parts))
    print(f"\nwritten: {RESULTS}")
