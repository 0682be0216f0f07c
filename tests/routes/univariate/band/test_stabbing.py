"""Fewest knots within windows, against the exhaustive oracle, and the proof of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.routes.univariate.band.fewest_knots import solve_windows
from exactsparse.routes.univariate.band.law import Chain, first_miss
from exactsparse.routes.univariate.band.stabbing import (
    Line,
    Stabbing,
    Triple,
    first_fault,
    stab,
)
from exactsparse.routes.univariate.band.windows import (
    EmptyIntersection,
    Windows,
    around,
    intersect,
)
from tests.oracles.bands import fewest_knots
from tests.routes.univariate.band.tables import FAMILIES, Table, known, table_of, tie_tables
from tests.strategies import Data, any_data


def proved_knots(table: Table) -> int | None:
    """Knots after law and triples are checked one by one; None where infeasible."""
    windows = intersect(*table)
    if isinstance(windows, EmptyIntersection):
        x, lower, upper = table
        low, high = lower[windows.lower_row], upper[windows.upper_row]
        assert x[windows.lower_row] == x[windows.upper_row]
        assert low is not None and high is not None and low > high
        return None
    found = stab(windows)
    chain = Chain(found.lines())
    assert chain.n_knots == found.n_knots
    assert first_fault(found.triples, windows) is None
    assert first_miss(chain, windows) is None
    return found.n_knots


@pytest.mark.parametrize("instance", known("bands.jsonl"), ids=lambda instance: instance["name"])
def test_known_bands(instance: dict) -> None:
    assert proved_knots(table_of(instance)) == instance["knots"]


def test_known_tolerances() -> None:
    instances = [i for i in known("univariate.jsonl") if "tolerance" in i]
    assert len(instances) > 10
    for instance in instances:
        assert proved_knots(table_of(instance)) == instance["knots_tol"], instance["name"]
        assert proved_knots(table_of({**instance, "tolerance": "0"})) == instance["knots"]


@pytest.mark.parametrize("family", FAMILIES)
def test_ties_match_the_oracle(family: str) -> None:
    for table in tie_tables(family, 500):
        assert proved_knots(table) == fewest_knots(*table), table


@given(any_data())
def test_without_width_it_is_the_exact_route(data: Data) -> None:
    x, y = data
    found, exact = _stabbed(around(x, y, [Fraction(0)] * len(x))), es.solve(x, y)
    assert found.n_knots == exact.value
    if exact.unique:
        chain = Chain(found.lines())
        expected = [Line(p.slope, p.intercept) for p in exact.law.pieces()]
        assert list(chain.lines) == expected


@pytest.mark.parametrize("family", FAMILIES)
def test_shapes_are_possible_where_the_oracle_finds_no_other_sign(family: str) -> None:
    found = {True: 0, False: 0}
    for table in tie_tables(family, 60, seed=6):
        windows = intersect(*table)
        if isinstance(windows, EmptyIntersection):
            continue
        for shape, sign in (("convex", 1), ("concave", -1)):
            expected = fewest_knots(*table, signs=(sign,))
            result = solve_windows(*table, shape=shape)
            assert result.feasible == (expected is not None)
            if result.feasible:
                assert result.n_knots == expected
                assert all(t.sign == sign for t in result.triples)
            else:
                assert result.forbidding is not None and result.forbidding.sign == -sign
                places = [bisect_left(windows.x, table[0][row]) for row in result.forbidding[1:]]
                assert first_fault([Triple(-sign, *places)], windows) is None
            found[result.feasible] += 1
    assert min(found.values()) > 10 or family == "one-sided"


def _stabbed(windows: Windows | EmptyIntersection) -> Stabbing:
    assert isinstance(windows, Windows)
    return stab(windows)


@pytest.mark.parametrize("family", FAMILIES)
def test_count_is_invariant(family: str) -> None:
    random = Random(family)
    for x, lower, upper in tie_tables(family, 60, seed=1):
        count = proved_knots((x, lower, upper))
        negated = (x, [_times(v, -1) for v in upper], [_times(v, -1) for v in lower])
        assert proved_knots(negated) == count
        assert proved_knots(([-v for v in x], lower, upper)) == count
        factor = Fraction(random.choice([3, 10**30]), 7)
        assert proved_knots(([factor * v for v in x], lower, upper)) == count
        scaled = ([_times(v, factor) for v in lower], [_times(v, factor) for v in upper])
        assert proved_knots((x, *scaled)) == count
        added = [Fraction(-5, 3) * v + factor for v in x]
        shifted = [
            [None if v is None else v + a for v, a in zip(side, added, strict=True)]
            for side in (lower, upper)
        ]
        assert proved_knots((x, shifted[0], shifted[1])) == count
        order = random.sample(range(len(x)), len(x))
        mixed = ([x[i] for i in order], [lower[i] for i in order], [upper[i] for i in order])
        assert proved_knots(mixed) == count
        # A row given twice, and once more without its upper bound.
        more = ([*x, x[0], x[0]], [*lower, lower[0], lower[0]], [*upper, upper[0], None])
        assert proved_knots(more) == count
        wider = (
            [None if v is None else v - random.randint(0, 1) for v in lower],
            [None if v is None or random.random() < 0.2 else v for v in upper],
        )
        after = proved_knots((x, *wider))
        assert count is None or (after is not None and after <= count)
        if count is not None and len(x) > 1:
            gone = proved_knots((x[1:], lower[1:], upper[1:]))
            assert gone is not None and gone <= count


def _times(value: Fraction | None, factor: Fraction | int) -> Fraction | None:
    return None if value is None else value * factor


def test_knots_stay_in_order_where_tangents_meet_far_outside() -> None:
    """Slopes that nearly agree, ends of data inside a piece, a steep last row."""
    x = [Fraction(v) for v in (0, 1, 2, 3, 4, 5, 6)]
    for y in ([0, 0, 0, 1, 1, 1, 100], [0, 5, 0, 5, 0, 5, 0], [0, 1, 4, 9, 16, 25, 36]):
        for width in (Fraction(0), Fraction(1, 10**9), Fraction(1, 2), Fraction(3)):
            lower = [v - width for v in map(Fraction, y)]
            upper = [v + width for v in map(Fraction, y)]
            assert proved_knots((x, lower, upper)) == fewest_knots(x, lower, upper)


@pytest.mark.parametrize(
    ("lower", "upper"),
    [([None], [None]), ([3], [None]), ([None], [-3]), ([2], [2])],
)
def test_one_row(lower: list, upper: list) -> None:
    assert proved_knots(([Fraction(5)], lower, upper)) == 0


def test_rows_without_bounds_and_on_one_side_only() -> None:
    x = [Fraction(v) for v in range(4)]
    none = [None] * 4
    five = [Fraction(v) for v in (5, 9, 1, 5)]
    assert proved_knots((x, none, none)) == 0
    assert proved_knots((x, five, none)) == proved_knots((x, none, five)) == 0


def test_windows_name_the_rows_that_contradict() -> None:
    x = [Fraction(v) for v in (2, 1, 2, 2)]
    lower = [Fraction(v) for v in (0, 0, 3, 1)]
    upper = [Fraction(v) for v in (2, 9, 4, 9)]
    assert intersect(x, lower, upper) == EmptyIntersection(lower_row=2, upper_row=0)
    assert intersect(x[:1], [Fraction(3)], [Fraction(2)]) == EmptyIntersection(0, 0)
    with pytest.raises(ValueError, match="one length"):
        intersect(x, lower, upper[:2])


@given(st.sampled_from(FAMILIES), st.integers(0, 10**6))
def test_forged_triples_are_found(family: str, seed: int) -> None:
    table = next(tie_tables(family, 1, seed))
    windows = intersect(*table)
    if isinstance(windows, EmptyIntersection) or not (triples := list(stab(windows).triples)):
        return
    sign, p, q, r = triples[0]
    forged = [
        [Triple(-sign, p, q, r)],
        [Triple(0, p, q, r)],
        [Triple(sign, p, p, r)],
        [Triple(sign, p, r, q)],
        [Triple(sign, -1, q, r)],
        [Triple(sign, p, q, len(windows))],
        [triples[0], triples[0]],
    ]
    for wrong in forged:
        assert first_fault(wrong, windows) is not None
    # Moved until it touches, by one unit of the orientation, it forces nothing.
    a, c = windows.bound(sign, p), windows.bound(sign, r)
    assert a is not None and c is not None
    share = (windows.x[q] - windows.x[p]) / (windows.x[r] - windows.x[p])
    name = "upper" if sign > 0 else "lower"
    ends = list(getattr(windows, name))
    ends[q] = a + share * (c - a)
    touched = replace(windows, **{name: ends})
    assert first_fault(triples[:1], touched) == "triple 0 forces no slope change"


def test_chains_refuse_what_is_none() -> None:
    zero, one = Line(Fraction(0), Fraction(0)), Line(Fraction(1), Fraction(0))
    with pytest.raises(ValueError, match="needs a line"):
        Chain([])
    with pytest.raises(ValueError, match="differ in slope"):
        Chain([zero, zero])
    with pytest.raises(ValueError, match="ascend"):
        Chain([zero, one, Line(Fraction(2), Fraction(1))])


@pytest.mark.parametrize("bits", [4090, 4200])
def test_common_denominators_of_any_size(bits: int) -> None:
    big = Fraction(1, 2**bits + 1)
    x, y = [big, 2 * big, Fraction(1), Fraction(3)], [Fraction(0), big, big, Fraction(7)]
    lower, upper = [v - big for v in y], [v + big for v in y]
    assert proved_knots((x, lower, upper)) == fewest_knots(x, lower, upper)
