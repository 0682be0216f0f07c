"""Points by their slope changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from tests.strategies import Data


def from_changes(changes: Sequence[int | Fraction], rng: random.Random | None = None) -> Data:
    """Points with the given slope changes; gaps 1, or random ones and a random first slope."""
    x, y, slope = [Fraction(0)], [Fraction(0)], Fraction(rng.randint(-3, 3) if rng else 0)
    for change in [Fraction(0), *map(Fraction, changes)]:
        gap = Fraction(rng.randint(1, 5), rng.randint(1, 5)) if rng else Fraction(1)
        slope += change
        x.append(x[-1] + gap)
        y.append(y[-1] + slope * gap)
    return x, y
