"""Breakpoints in p, p*, and the class of Theorem 3.1."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.univariate.p_path import run_path
from tests.oracles.univariate_p import all_matchings_minimum, max_cardinality
from tests.strategies import Data, integers, runs

sizes = st.lists(st.integers(1, 40).map(Fraction), min_size=1, max_size=7)


def data_of(jumps: list[Fraction]) -> Data:
    slopes = [sum(jumps[:k], Fraction(0)) for k in range(len(jumps) + 1)]
    y = [sum(slopes[:k], Fraction(0)) for k in range(len(slopes) + 1)]
    return [Fraction(k) for k in range(len(y))], y


@settings(max_examples=60)
@given(sizes)
def test_stretches_hold_the_minimisers(jumps: list[Fraction]) -> None:
    path = es.solve(*data_of(jumps)).p_path()
    assert path.stretches[0].lower == (0, 0)
    assert path.stretches[-1].upper == (1, 1)
    sparsest = max_cardinality(len(jumps))
    for stretch in path.stretches:
        assert stretch.lower.upper < stretch.upper.lower
        for share in (Fraction(1, 64), Fraction(1, 2), Fraction(63, 64)):
            p = stretch.lower.upper + share * (stretch.upper.lower - stretch.lower.upper)
            p = p.limit_denominator(10**6)
            if not stretch.lower.upper < p < stretch.upper.lower:
                continue
            _, optimal = all_matchings_minimum(jumps, p)
            shared = frozenset((stretch.law.shared.nonzero()[0] - 1).tolist())
            assert shared in optimal
            assert stretch.unique == (len(optimal) == 1)
            if p < path.p_star.lower:
                assert all(len(matching) == sparsest for matching in optimal)
            if stretch.lower == path.p_star:
                assert any(len(matching) < sparsest for matching in optimal)


@settings(max_examples=40)
@given(sizes)
def test_neighbouring_stretches_differ(jumps: list[Fraction]) -> None:
    path = run_path(jumps)
    for left, right in itertools.pairwise(path):
        assert left.upper.simple
        p = left.sample.limit_denominator(10**6), right.sample.limit_denominator(10**6)
        before = set(all_matchings_minimum(jumps, p[0])[1])
        after = set(all_matchings_minimum(jumps, p[1])[1])
        assert before != after


def test_breakpoint_is_exact_where_it_is_rational() -> None:
    path = es.solve(*data_of([Fraction(k) for k in (1, 8, 8, 1)])).p_path()
    assert path.breakpoints == ((Fraction(1, 2), Fraction(1, 2)),)
    assert path.p_star == (Fraction(1, 2), Fraction(1, 2))
    assert [stretch.law.n_knots for stretch in path.stretches] == [2, 3]


def test_breakpoint_is_enclosed_tightly() -> None:
    path = es.solve(*data_of([Fraction(k) for k in (1, 20, 20, 1)])).p_path()
    (cut,) = path.breakpoints
    assert cut.upper - cut.lower <= Fraction(1, 2**60)
    for p, knots in ((cut.lower, 2), (cut.upper, 3)):
        p = Fraction(round(p * 10**9) + (1 if knots == 3 else -1), 10**9)
        assert es.solve(*data_of([Fraction(k) for k in (1, 20, 20, 1)]), p=p).law.n_knots == knots


def test_equal_jumps_never_change() -> None:
    path = es.solve(*data_of([Fraction(1)] * 5)).p_path()
    assert path.breakpoints == ()
    assert path.p_star == (1, 1)
    assert path.stretches[0].unique is False


def test_repeated_runs_share_their_breakpoint() -> None:
    changes = [Fraction(k) for k in (1, 8, 8, 1, 0, 2, 16, 16, 2, 0, 1, 20, 20, 1)]
    path = es.solve(*data_of(changes)).p_path()
    assert len(path.breakpoints) == 2
    assert [stretch.law.n_knots for stretch in path.stretches] == [6, 7, 9]


@given(st.one_of(integers(), runs()))
def test_class_of_sparsest_interpolants_run_by_run(data: Data) -> None:
    """Theorem 3.1: fixing a slope inside its range gives another sparsest ℓ¹-minimal law."""
    solution = es.solve(*data)
    assert solution.value == sum(run.fewest_knots for run in solution.runs)
    chord = es.solve(*data, p=1).value
    for run in solution.runs:
        ranges = list(run.slope_ranges())
        assert run.is_forced == (not ranges) == (run.freedom is None)
        assert run.n_vertex_solutions == len(ranges) + 1
        for point, low, high in ranges:
            assert low < high
            x, y = data
            step = min(Fraction(1, 8), (x[point + 1] - x[point]) / 8)
            slope = low + (high - low) / 3
            # A point added on the tangent pins the free slope down.
            pinned = es.solve([*x, x[point] + step / 64], [*y, y[point] + slope * step / 64])
            assert pinned.value == solution.value
            assert pinned.law.total_slope_change() == chord


@pytest.mark.parametrize(("m", "count"), [(1, 1), (2, 1), (3, 2), (4, 1), (5, 3), (7, 4)])
def test_number_of_vertex_solutions(m: int, count: int) -> None:
    (run,) = es.solve(*data_of([Fraction(1)] * m)).runs
    assert run.n_vertex_solutions == count
    _, optimal = all_matchings_minimum([Fraction(1)] * m, Fraction(0))
    assert len(optimal) == count
