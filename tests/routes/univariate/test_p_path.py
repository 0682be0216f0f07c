"""Breakpoints in p, p*, and the class of Theorem 3.1."""

from __future__ import annotations

import itertools
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.routes.univariate.p_path import run_path
from tests.oracles.univariate_p import all_matchings_minimum, max_cardinality
from tests.routes.univariate.changes import from_changes
from tests.strategies import Data, integers, runs

sizes = st.lists(st.integers(1, 40).map(Fraction), min_size=1, max_size=7)
# An even run of large jumps between two small ones: nearly all have a breakpoint, of others few.
bumps = st.sampled_from([2, 4]).flatmap(
    lambda n: st.builds(
        lambda first, large, last: [Fraction(jump) for jump in (first, *large, last)],
        st.integers(1, 3), st.lists(st.integers(9, 40), min_size=n, max_size=n), st.integers(1, 3),
    )
)  # fmt: skip


@settings(max_examples=60)
@given(st.one_of(sizes, bumps))
def test_stretches_hold_the_minimisers(jumps: list[Fraction]) -> None:
    path = es.solve(*from_changes(jumps)).p_path()
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
@given(bumps)
def test_neighbouring_stretches_differ(jumps: list[Fraction]) -> None:
    path = run_path(jumps)
    assume(len(path) > 1)
    for left, right in itertools.pairwise(path):
        assert left.upper.simple
        p = left.sample.limit_denominator(10**6), right.sample.limit_denominator(10**6)
        before = set(all_matchings_minimum(jumps, p[0])[1])
        after = set(all_matchings_minimum(jumps, p[1])[1])
        assert before != after


def test_breakpoint_is_exact_where_it_is_rational() -> None:
    path = es.solve(*from_changes([1, 8, 8, 1])).p_path()
    assert path.breakpoints == ((Fraction(1, 2), Fraction(1, 2)),)
    assert path.p_star == (Fraction(1, 2), Fraction(1, 2))
    assert [stretch.law.n_knots for stretch in path.stretches] == [2, 3]


def test_breakpoint_is_enclosed_tightly() -> None:
    data = from_changes([1, 20, 20, 1])
    path = es.solve(*data).p_path()
    (cut,) = path.breakpoints
    assert cut.upper - cut.lower <= Fraction(1, 2**60)
    for p, knots in ((cut.lower, 2), (cut.upper, 3)):
        p = Fraction(round(p * 10**9) + (1 if knots == 3 else -1), 10**9)
        assert es.solve(*data, p=p).law.n_knots == knots


def test_equal_jumps_never_change() -> None:
    path = es.solve(*from_changes([1] * 5)).p_path()
    assert path.breakpoints == ()
    assert path.p_star == (1, 1)
    assert path.stretches[0].unique is False


def test_repeated_runs_share_their_breakpoint() -> None:
    changes = [1, 8, 8, 1, 0, 2, 16, 16, 2, 0, 1, 20, 20, 1]
    path = es.solve(*from_changes(changes)).p_path()
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
    (run,) = es.solve(*from_changes([1] * m)).runs
    assert run.n_vertex_solutions == count
    _, optimal = all_matchings_minimum([Fraction(1)] * m, Fraction(0))
    assert len(optimal) == count


def test_breakpoint_next_to_zero_is_found() -> None:
    tiny = Fraction(205555555555555555555555535, 45138888888888888888888893)
    jumps = [Fraction(8), Fraction(19), Fraction(18), Fraction(5), tiny]
    path = es.solve(*from_changes(jumps)).p_path()
    (cut,) = path.breakpoints
    assert 0 < cut.lower < cut.upper < Fraction(1, 10**20)
    for stretch, p in zip(path.stretches, (cut.lower / 2, 2 * cut.upper), strict=True):
        solved = es.solve(*from_changes(jumps), p=p)
        assert (solved.law.shared == stretch.law.shared).all()
        assert solved.unique == stretch.unique


@pytest.mark.parametrize("big", [10**6, 10**12, 10**30, Fraction(1, 10**30)])
def test_jumps_of_wild_ratio(big: Fraction) -> None:
    jumps = [Fraction(size) for size in (1, 1, big, 2, 3)]
    path = run_path(jumps)
    assert len(path) == (2 if big > 1 else 1)
    for left, _ in pairwise(path):
        cut = left.upper.enclosure
        assert left.upper.simple
        assert cut.upper - cut.lower <= Fraction(1, 2**60)
    for stretch in path:
        _, optimal = all_matchings_minimum(jumps, stretch.sample.limit_denominator(10**6))
        assert frozenset(stretch.matching.shared) in optimal


def test_sampled_parabola_in_floats() -> None:
    x = [k * 0.1 for k in range(8)]
    assert es.solve(x, [t * t for t in x]).p_path(60).p_star == (1, 1)


def test_path_can_run_out_of_time() -> None:
    x = [k / 10 for k in range(60)]
    with pytest.raises(es.TimeLimitError, match="not finished"):
        es.solve(x, [t**3 for t in x]).p_path(time_limit=0.01)
