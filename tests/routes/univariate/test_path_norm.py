"""The ℓᵖ minimum for 0 < p <= 1 against matching oracles, and the statements of the paper."""

from __future__ import annotations

import itertools
import time
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.routes.univariate.matching import match_run
from tests.oracles.univariate_p import (
    all_matchings_minimum,
    brute_force_vertices_value,
    path_matching_value,
    runs_of,
)
from tests.strategies import Data, any_data, decimals, exponents, integers, runs

jumps = st.lists(st.integers(1, 6).map(Fraction), min_size=1, max_size=8)


def as_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@settings(max_examples=60)
@given(st.one_of(integers(), decimals(), runs()), exponents)
def test_value_matches_the_matching_oracle(data: Data, p: Fraction) -> None:
    solution = es.solve(*data, p=p)
    assert solution.status == "optimal"
    with localcontext(prec=60):
        expected = path_matching_value(runs_of(*data), p)
        enclosure = solution.cost
        slack = Decimal("1e-30") * (1 + expected)
        assert as_decimal(enclosure.lower) - slack <= expected
        assert expected <= as_decimal(enclosure.upper) + slack
        assert as_decimal(enclosure.upper - enclosure.lower) <= slack


@settings(max_examples=30)
@given(st.one_of(integers(6), runs(6)), exponents)
def test_value_matches_brute_force_over_slopes(data: Data, p: Fraction) -> None:
    with localcontext(prec=60):
        expected = brute_force_vertices_value(*data, p)
        value = as_decimal(es.solve(*data, p=p).cost.lower)
        assert abs(value - expected) <= Decimal("1e-30") * (1 + expected)


@given(jumps, exponents)
def test_uniqueness_matches_enumeration(sizes: list[Fraction], p: Fraction) -> None:
    value, optimal = all_matchings_minimum(sizes, p)
    matching = match_run(sizes, p)
    assert frozenset(matching.shared) in optimal
    assert matching.unique == (len(optimal) == 1)


def test_equal_jumps_tie_for_every_p() -> None:
    x, y = list(range(5)), [0, 0, 1, 3, 6]
    for p in ("1/10", "1/2", "0.7310585"):
        assert es.solve(x, y, p=p).unique is False


@pytest.mark.parametrize("scale", [1, 2, Fraction(3, 7)])
def test_a_coincidence_of_square_roots_is_a_tie(scale: Fraction) -> None:
    """1, 8, 8, 1: sharing the middle costs √1 + √16 + √1, sharing the outer pairs 2√9."""
    sizes = [scale * Fraction(size) for size in (1, 8, 8, 1)]
    assert match_run(sizes, Fraction(1, 2)).unique is False
    below, above = match_run(sizes, Fraction(499, 1000)), match_run(sizes, Fraction(501, 1000))
    assert (below.unique, above.unique) == (True, True)
    assert (sorted(below.shared), above.shared) == ([0, 2], [1])


@settings(max_examples=60)
@given(any_data(7))
def test_statements_of_the_paper(data: Data) -> None:
    """Theorem 3.1 and Corollaries 3.1.1 and 3.1.2 on every minimiser returned."""
    x, y = data
    if len(x) < 2:
        return
    slopes = [(b - a) / (t - s) for s, t, a, b in zip(x, x[1:], y, y[1:], strict=False)]
    total = sum((abs(b - a) for a, b in itertools.pairwise(slopes)), Fraction(0))
    for p in ("1/3", "0.8", 1):
        solution = es.solve(x, y, p=p)
        law = solution.law
        assert law.total_slope_change() == total
        assert law.lipschitz_constant() <= max(map(abs, slopes))
        assert law.n_knots <= max(0, len(x) - 2)
        knots = [position for position, _ in law.knots()]
        for k, (left, right) in enumerate(itertools.pairwise(x)):
            assert sum(left < knot < right for knot in knots) <= 1
            if any(left < knot < right for knot in knots):
                assert solution.law.points.signs[k] == solution.law.points.signs[k + 1] != 0
    assert es.solve(x, y, p=1).value == total


@given(any_data())
def test_p_zero_and_one_are_exact(data: Data) -> None:
    assert es.solve(*data, p=0).value == es.solve(*data).value
    total = es.solve(*data, p=1)
    assert isinstance(total.value, Fraction)
    assert total.law.n_knots == es.solve(*data).value


@given(any_data())
def test_uniqueness_for_p_one(data: Data) -> None:
    """Unique exactly if no run has two points."""
    solution = es.solve(*data, p=1)
    lengths = [len(run) for run in runs_of(*data)]
    assert solution.unique == (len(data[0]) > 1 and max(lengths, default=0) < 2)


@settings(max_examples=40)
@given(st.one_of(integers(), decimals(), runs()), exponents)
def test_scaling_labels_scales_the_value(data: Data, p: Fraction) -> None:
    x, y = data
    base = es.solve(x, y, p=p).value
    scaled = es.solve(x, [8 * v for v in y], p=p).value
    assert scaled == pytest.approx(8 ** float(p) * base, rel=1e-12, abs=1e-300)
    for other in (([-t for t in x], y), (x, [-v for v in y])):
        assert es.solve(*other, p=p).value == pytest.approx(base, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("p", ["-0.1", 1.5, "x", float("nan"), True])
def test_exponent_out_of_range(p: object) -> None:
    with pytest.raises(es.ProblemError, match="p must"):
        es.solve([0, 1], [0, 1], p=p)


def test_typed_exponent_is_a_decimal() -> None:
    for p in (0.1, "0.1", np.float64(0.1), np.float32(0.1), Fraction(1, 10)):
        assert es.solve([0, 1], [0, 1], p=p).problem.p == Fraction(1, 10)


def triples(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Runs of three equal jumps, which tie for every p."""
    changes = np.concatenate([[sign] * 3 for sign in np.resize([1, -1], n)])
    y = np.cumsum(np.concatenate(([0, 0], np.cumsum(changes))))
    return np.arange(len(y)), y


@pytest.mark.parametrize("n", [5, 900])
def test_bound_of_a_stopped_solve_is_below_the_optimum(n: int) -> None:
    """On the exact and on the compiled route."""
    x, y = triples(n)
    stopped, full = es.solve(x, y, p="1/2", time_limit=1e-9), es.solve(x, y, p="1/2")
    assert (stopped.status, full.status) == ("feasible", "optimal")
    assert stopped.bound.upper <= full.cost.lower <= stopped.cost.upper
    assert 0 < stopped.lower_bound < stopped.value


def test_time_limit_holds_where_every_comparison_is_hard() -> None:
    x = np.arange(20_000.0)
    began = time.monotonic()
    solution = es.solve(x, np.exp(x / 500), p="1e-320", time_limit=0.2)
    assert time.monotonic() - began < 0.2 + 2
    assert solution.status == "feasible"
    assert solution.lower_bound < solution.value
