"""Knot intervals of long tables equal those of the exact passes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

import exactsparse as es
from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band.compiled import stab_proved
from exactsparse.routes.univariate.band.fewest_knots import solve_band
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.knot_intervals import knot_intervals
from exactsparse.routes.univariate.band.laws import OptimalLaws
from exactsparse.routes.univariate.band.long_intervals import long_knot_intervals
from exactsparse.routes.univariate.band.windows import Windows, around, intersect
from tests.routes.univariate.band.tables import FAMILIES, tie_tables
from tests.strategies import Data, any_data


def compare(windows: Windows) -> int:
    """Number of knots of which both ways give one interval."""
    floats = FloatWindows.of(windows)
    if floats is None or (found := stab_proved(floats)) is None:
        return 0
    expected = knot_intervals(OptimalLaws(windows))
    assert long_knot_intervals(floats, found) == expected
    return len(expected)


@pytest.mark.parametrize("family", FAMILIES)
def test_ties(family: str) -> None:
    knots = 0
    for table in tie_tables(family, 120, seed=21):
        windows = intersect(*table)
        if isinstance(windows, Windows):
            knots += compare(windows)
    assert knots > 20 or family == "one-sided"


@given(any_data())
def test_any_magnitude(data: Data) -> None:
    size = max((abs(v) for v in data[1]), default=Fraction(0))
    for half in (Fraction(0), size / 50):
        windows = around(*data, [half] * len(data[0]))
        assert isinstance(windows, Windows)
        compare(windows)


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(1, 100), Fraction(1, 3)])
@pytest.mark.parametrize("rounded", [False, True])
def test_a_table_of_floats(scale: Fraction, rounded: bool) -> None:
    rng = np.random.default_rng(4)
    x = np.cumsum(rng.integers(1, 9, 2200)).astype(float)
    law = np.cumsum(np.repeat(rng.integers(-30, 31, 11), 200))
    y = law + rng.integers(-9, 10, 2200) + (rng.uniform(0, 1, 2200) if rounded else 0)
    columns = Column(x), Column(y.astype(float), scale, rounded)
    half = 12 * scale
    found = solve_band(*columns, half)
    rows = range(len(x))
    points = [[column[i] for i in rows] for column in columns]
    windows = around(*points, [half] * len(x))
    assert isinstance(windows, Windows)
    laws = OptimalLaws(windows)
    assert found.n_knots == laws.n_knots > 3
    assert found.knot_intervals == knot_intervals(laws)
    assert found.unique is laws.unique is False


def test_one_law_through_a_long_table() -> None:
    x = np.arange(3000)
    y = np.maximum(0, x - 1000) * 3
    solution = es.solve(x, lower=y, upper=y)
    assert solution.value == 1 and solution.unique is True
    assert solution.knot_intervals == [(1000, 1000)]
