"""What all laws of fewest knots do at an abscissa, against the exhaustive oracle at the ends."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from random import Random

import numpy as np
import pytest

import exactsparse as es
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.stabbing import stab
from exactsparse.routes.univariate.band.tube import long_tube, tube
from exactsparse.routes.univariate.band.windows import EmptyIntersection, intersect
from tests.oracles.bands import fewest_knots
from tests.routes.univariate.band.tables import FAMILIES, Bound, Table, tie_tables

_LITTLE, _FAR = Fraction(1, 10**6), Fraction(10**7)


def _need(table: Table, at: Fraction, down: Bound, up: Bound) -> int | None:
    x, lower, upper = table
    return fewest_knots([*x, at], [*lower, down], [*upper, up])


@pytest.mark.parametrize("family", FAMILIES)
def test_the_ends_are_attained_and_not_exceeded(family: str) -> None:
    random, bounded = Random(family), 0
    for x, lower, upper in tie_tables(family, 25, seed=9):
        windows = intersect(x, lower, upper)
        if isinstance(windows, EmptyIntersection):
            continue
        knots = stab(windows).n_knots
        at = Fraction(random.randint(-2, 20), 2)
        low, high = tube(windows, knots, at)

        need = partial(_need, (x, lower, upper), at)
        if high is None:
            assert need(_FAR, None) == knots
        else:
            assert need(high, None) == knots
            beyond = need(high + _LITTLE, None)
            assert beyond is None or beyond > knots
            bounded += 1
        if low is None:
            assert need(None, -_FAR) == knots
        else:
            assert need(None, low) == knots
            beyond = need(None, low - _LITTLE)
            assert beyond is None or beyond > knots
    assert bounded > 3


def test_a_unique_law_has_no_width() -> None:
    x, y = range(6), [0, 1, 2, 5, 8, 11]
    solution = es.solve(x, lower=y, upper=y)
    assert solution.unique is True
    for at in (-1, 0, "1/2", 3, "7/3", 9):
        assert solution.tube(at) == (solution(at), solution(at))


def test_the_law_lies_within_the_tube() -> None:
    random = Random(5)
    for _ in range(10):
        x = random.sample(range(30), 12)
        y = [random.randint(-9, 9) for _ in x]
        solution = es.solve(x, y, tolerance="3/2")
        for at in range(-2, 33, 3):
            low, high = solution.tube(at)
            value = solution(at)
            assert (low is None or low <= value) and (high is None or value <= high)
            if at in x:
                label = y[x.index(at)]
                assert label - Fraction(3, 2) <= low and high <= label + Fraction(3, 2)


def test_laws_that_are_not_simplified_have_none() -> None:
    for x in (range(20), range(2000)):
        solution = es.solve(x, [0] * len(x), tolerance=1, simplify=False)
        with pytest.raises(es.UnsupportedProblemError, match="simplified laws"):
            solution.tube(0)


@pytest.mark.parametrize("family", FAMILIES)
def test_few_rows_tell_what_all_do(family: str) -> None:
    """The rows of the triples are enough to begin with; ties, one-sided bounds, outside, inside."""
    random, compared = Random(family), 0
    for table in tie_tables(family, 60, seed=31):
        windows = intersect(*table)
        if isinstance(windows, EmptyIntersection):
            continue
        found, floats = stab(windows), FloatWindows.of(windows)
        assert floats is not None
        rows = {0, len(windows) - 1, *(row for _, *triple in found.triples for row in triple)}
        for at in (Fraction(random.randint(-2, 20), 2), windows.x[len(windows) // 2]):
            expected = tube(windows, found.n_knots, at)
            assert long_tube(floats, rows, found.n_knots, at) == expected
            compared += any(end is not None for end in expected)
    assert compared > 20


@pytest.mark.parametrize(("decimals", "at"), [(0, "700.25"), (3, "-3")])
def test_a_long_table(decimals: int, at: str) -> None:
    """The tube holds the law, is as wide as the band at most, and is that of the exact pass."""
    rng = np.random.default_rng(decimals)
    x = np.arange(2100) + rng.uniform(0, 0.5, 2100).round(3)
    law = np.interp(x, [0, 700, 1600, 2100], [0, 90, -40, 60])
    y = (law + rng.uniform(-1, 1, 2100)).round(decimals)
    solution = es.solve(x, y, tolerance="1.5")
    assert solution.result.long is not None and solution.result.laws is None
    windows = solution.result.long.windows.at(range(2100))
    low, high = solution.tube(at)
    assert low < solution(at) < high
    assert (low, high) == tube(windows, solution.value, Fraction(at))
    row = 1234
    low, high = solution.tube(str(x[row]))
    label = Fraction(str(y[row]))
    assert label - Fraction("1.5") <= low < high <= label + Fraction("1.5")


@pytest.mark.parametrize("rows", [20, 2100])
def test_a_limit_of_time_is_kept(rows: int) -> None:
    solution = es.solve(range(rows), [0.0] * rows, tolerance=1)
    with pytest.raises(es.TimeLimitError, match="tube"):
        solution.tube(0, time_limit=0)
