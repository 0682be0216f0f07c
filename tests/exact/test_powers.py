"""Exact signs and zeros of sums of powers."""

from __future__ import annotations

import itertools
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse.exact.powers import PowerSum
from exactsparse.exact.roots import roots

terms = st.lists(
    st.tuples(st.integers(1, 60).map(Fraction), st.integers(-4, 4)), min_size=1, max_size=6
)


def decimal_value(total: PowerSum, p: Fraction) -> Decimal:
    exponent = Decimal(p.numerator) / Decimal(p.denominator)
    return sum(
        (n * (Decimal(b.numerator) / Decimal(b.denominator)) ** exponent)
        for b, n in total.terms.items()
    )


@given(terms, st.fractions(0, 1, max_denominator=12))
def test_sign_matches_decimals(pairs: list[tuple[Fraction, int]], p: Fraction) -> None:
    total = PowerSum(pairs)
    with localcontext(prec=80):
        value = decimal_value(total, p) if total else Decimal(0)
        sign = 0 if abs(value) < Decimal("1e-60") else (1 if value > 0 else -1)
    assert total.sign_at(p) == sign


@pytest.mark.parametrize(
    ("pairs", "p", "sign"),
    [
        ([(1, 1), (4, 1), (9, -1)], "1/2", 0),
        ([(2, 1), (8, 1), (18, -1)], "1/2", 0),
        ([(2, 1), (8, 1), (19, -1)], "1/2", -1),
        ([(2, 1), (16, 1), (54, -1)], "1/3", 0),
        ([(4, 4), (32, -1)], "2/3", 0),
        ([(2, 1), (3, 1), (10, -1)], "1/2", -1),
        ([(3, 5), (75, -1)], "1/2", 0),
        ([(10**400, 1), (10**400 + 1, -1)], "1/7", -1),
    ],
)
def test_radical_identities(pairs: list[tuple[int, int]], p: str, sign: int) -> None:
    total = PowerSum((Fraction(base), n) for base, n in pairs)
    assert total.sign_at(Fraction(p)) == sign
    assert total.is_zero_at(Fraction(p)) == (sign == 0)


def test_equal_bases_cancel() -> None:
    assert not PowerSum([(Fraction(3), 2), (Fraction(3), -2)])


@settings(max_examples=80)
@given(terms)
def test_signs_change_only_at_enclosed_zeros(pairs: list[tuple[Fraction, int]]) -> None:
    total = PowerSum(pairs)
    if not total:
        return
    found = roots(total)
    grid = [Fraction(k, 97) for k in range(1, 97)]
    for left, right in itertools.pairwise(grid):
        inside = [r for r in found if left < r.enclosure.upper and r.enclosure.lower < right]
        if not inside:
            assert total.sign_at(left) * total.sign_at(right) != -1
    for root in found:
        assert root.enclosure.upper - root.enclosure.lower <= Fraction(1, 2**60)
        if root.simple and 0 < root.enclosure.lower < root.enclosure.upper < 1:
            signs = total.sign_at(root.enclosure.lower), total.sign_at(root.enclosure.upper)
            assert signs[0] * signs[1] == -1


def test_zero_at_an_exact_exponent() -> None:
    (root,) = roots(PowerSum((Fraction(b), n) for b, n in [(1, 1), (4, 1), (9, -1)]))
    assert root.enclosure == (Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize(
    "pairs",
    [
        [(1, 3), (4, -4), (16, 1)],
        [(1, -6), (4, 11), (16, -6), (64, 1)],
        [(1, 12), (4, -28), (16, 23), (64, -8), (256, 1)],
        [(1, -6), (16, 11), (256, -6), (4096, 1)],
        [(256, 1), (64, -3), (16, 0), (4, 4), (1, -1)],
    ],
)
def test_critical_points_at_dyadic_exponents(pairs: list[tuple[int, int]]) -> None:
    """Derived sums that vanish exactly where the search would split."""
    total = PowerSum((Fraction(base), n) for base, n in pairs)
    found = [root.enclosure for root in roots(total)]
    assert all(cut.upper - cut.lower < Fraction(1, 2**60) for cut in found)
    grid = [Fraction(k, 1001) for k in range(1, 1001)]
    for left, right in pairwise(grid):
        if total.sign_at(left) * total.sign_at(right) == -1:
            assert any(left < cut.upper and cut.lower < right for cut in found)
