"""Small tables with windows, full of ties, and the known ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

Bound: TypeAlias = Fraction | None
Table: TypeAlias = tuple[list[Fraction], list[Bound], list[Bound]]

_FIXTURES = Path(__file__).parents[3] / "fixtures"


def known(name: str) -> list[dict[str, Any]]:
    """Instances of a fixture."""
    return [json.loads(line) for line in (_FIXTURES / name).read_text().splitlines()]


def fractions(texts: list[str | None]) -> list[Bound]:
    """Numbers from their text."""
    return [None if text is None else Fraction(text) for text in texts]


def table_of(instance: dict[str, Any]) -> Table:
    """Abscissae and bounds of a known instance."""
    x = [Fraction(text) for text in instance["x"]]
    if "lower" in instance:
        return x, fractions(instance["lower"]), fractions(instance["upper"])
    y, half = [Fraction(text) for text in instance["y"]], Fraction(instance["tolerance"])
    return x, [v - half for v in y], [v + half for v in y]


def _tie_table(random: Random, family: str) -> Table:
    n, most = random.randint(1, 7), random.choice([2, 3, 6])
    # Seven draws among nine abscissae repeat nearly always; drawn apart where none may.
    if family == "duplicates":
        x = [Fraction(random.randint(0, 8)) for _ in range(n)]
    else:
        x = [Fraction(v) for v in random.sample(range(9), n)]
    y = [Fraction(random.randint(0, most)) for _ in range(n)]
    if family in ("exact", "rounded"):
        halves = [Fraction(0) if family == "exact" else Fraction(random.choice([1, 2]), 2)] * n
    else:
        halves = [Fraction(random.randint(0, 2)) for _ in range(n)]
    lower: list[Bound] = [v - h for v, h in zip(y, halves, strict=True)]
    upper: list[Bound] = [v + h for v, h in zip(y, halves, strict=True)]
    if family in ("one-sided", "duplicates"):
        share = random.choice([0.0, 0.3, 0.6])
        lower = [None if random.random() < share else v for v in lower]
        upper = [None if random.random() < share else v for v in upper]
    return x, lower, upper


FAMILIES = ["exact", "rounded", "half-widths", "one-sided", "duplicates"]


def tie_tables(family: str, count: int, seed: int = 0) -> Iterator[Table]:
    """Tables of at most seven rows and small integers."""
    random = Random(f"{family} {seed}")
    for _ in range(count):
        yield _tie_table(random, family)
