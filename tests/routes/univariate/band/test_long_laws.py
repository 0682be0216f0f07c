"""The simplest law by few rows, and the check of all rows that proves it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band.compiled import stab_compiled, stab_proved
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.law import Chain, first_miss
from exactsparse.routes.univariate.band.long_dual import largest_error
from exactsparse.routes.univariate.band.long_laws import missed_rows, simplest_law
from exactsparse.routes.univariate.band.stabbing import Line
from exactsparse.routes.univariate.band.windows import Windows, around, intersect
from tests.routes.univariate.band.tables import FAMILIES, tie_tables
from tests.strategies import Data, any_data


def test_a_long_rounded_tax_table() -> None:
    edges = [0, 11_600, 47_150, 100_525, 191_950, 243_725, 609_350]
    rates = [10, 12, 22, 24, 32, 35, 37]
    x = np.sort(np.random.default_rng(1).choice(10**6, 30_000, replace=False))
    cents = sum(
        rate * np.clip(x - low, 0, high - low)
        for rate, (low, high) in zip(rates, pairwise([*edges, 10**9]), strict=True)
    )
    labels = Column(np.round(cents / 10.0), Fraction(1, 10))
    windows = FloatWindows.around(Column(x / 1.0, Fraction(3)), labels, Fraction(1, 20))
    assert windows is not None
    found = stab_proved(windows)
    assert found is not None
    chosen = simplest_law(windows, found)
    assert chosen is not None
    law, _ = chosen
    assert [line.slope * 300 for line in law.lines] == rates
    assert [knot / 3 for knot in law.positions] == edges[1:]


@pytest.mark.parametrize("family", FAMILIES)
def test_ties(family: str) -> None:
    for table in tie_tables(family, 100, seed=8):
        windows = intersect(*table)
        if isinstance(windows, Windows):
            floats = FloatWindows.of(windows)
            assert floats is not None
            chosen = simplest_law(floats, stab_compiled(floats))
            assert chosen is not None and first_miss(chosen[0], windows) is None


@settings(max_examples=25)
@given(any_data(), st.sampled_from(["0", "1/3", "1e-300"]), st.integers(0, 10**6))
def test_missed_rows_are_those_of_exact_arithmetic(data: Data, width: str, seed: int) -> None:
    random, half = Random(seed), Fraction(width)
    windows = around(*data, [half] * len(data[0]))
    assert isinstance(windows, Windows)
    columns = [Column.from_fractions(v) for v in data]
    floats = FloatWindows.around(*columns, half)
    if floats is None:
        return
    chosen = simplest_law(floats, stab_compiled(floats))
    assert chosen is not None and first_miss(chosen[0], windows) is None
    law, _ = chosen
    for size in (Fraction(1, 10**40), Fraction(1, 10**15), Fraction(1)):
        lines = list(law.lines)
        k = random.randrange(len(lines))
        lines[k] = Line(lines[k].slope, lines[k].intercept * (1 + random.choice([-1, 1]) * size))
        try:
            forged = Chain(lines)
        except ValueError:
            continue
        missed = list(missed_rows(forged, floats))
        assert bool(missed) == (first_miss(forged, windows) is not None)
        for row in missed:
            value = forged.evaluate(windows.x[row])
            low, high = windows.lower[row], windows.upper[row]
            assert (low is not None and value < low) or (high is not None and value > high)


def test_slopes_that_underflow_over_long_ways() -> None:
    """A slope that rounds to zero rises by a normal number over abscissae as large as these."""
    x = Column(np.array([0.0, 2.0**1000, 2.0**1001]))
    y = Column(np.zeros(3))
    windows = FloatWindows.around(x, y, Fraction(1, 2**80))
    assert windows is not None
    for sign in (1, -1):
        law = Chain([Line(sign * Fraction(1, 2**1076), Fraction(0))])
        missed = list(missed_rows(law, windows))
        assert missed and set(missed) <= {1, 2}
        assert largest_error(law, x, y) == Fraction(1, 2**75)
