"""What all laws of fewest knots do at an abscissa, against the exhaustive oracle at the ends."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from random import Random

import pytest

import exactsparse as es
from exactsparse.routes.univariate.band.stabbing import stab
from exactsparse.routes.univariate.band.tube import tube
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


def test_long_tables_have_none_yet() -> None:
    solution = es.solve(range(2000), [0] * 2000, tolerance=1)
    with pytest.raises(es.UnsupportedProblemError, match="2,000 rows"):
        solution.tube(0)
