"""Enclosures of powers, and signs of their sums, against decimals."""

from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse_check.powers import PowerSum, power

F = Fraction


positive = st.builds(
    lambda n, d, k: F(n, d) * F(2) ** k,
    st.integers(1, 10**30), st.integers(1, 10**30), st.integers(-2000, 2000),
)  # fmt: skip
exponents = st.integers(2, 40).flatmap(lambda s: st.builds(F, st.integers(1, s - 1), st.just(s)))


@given(positive, exponents, st.sampled_from([8, 64, 128, 300]))
def test_enclosures_contain_the_root_and_are_tight(a: Fraction, p: Fraction, bits: int) -> None:
    low, high = power(a, p, bits)
    assert low**p.denominator <= a**p.numerator <= high**p.denominator
    assert 0 <= high - low <= low / 2**bits


@settings(max_examples=50)
@given(positive, st.fractions(0, 1, max_denominator=10**30), st.sampled_from([64, 256, 1024]))
def test_enclosures_agree_with_decimal(a: Fraction, p: Fraction, bits: int) -> None:
    low, high = power(a, p, bits)
    assert 0 <= high - low <= low / 2**bits
    with localcontext(prec=400, Emax=10**6, Emin=-(10**6)):
        log = (Decimal(a.numerator) / a.denominator).ln()
        value = F((log * p.numerator / p.denominator).exp())
    slack = value / 10**390
    assert low - slack <= value <= high + slack


def test_enclosures_of_extreme_numbers() -> None:
    p = F(10**5000 + 1, 10**5001 + 7)
    for a in (F(10**90_000), F(1, 10**90_000), 1 + F(1, 10**90_000), 1 - F(1, 10**90_000)):
        low, high = power(a, p, 64)
        assert 0 < low <= high <= low * (1 + F(1, 2**64))
        assert (low > 1) == (a > 2) and (high < 1) == (a < F(1, 2))
    assert power(F(7, 3), F(1), 64) == (F(7, 3), F(7, 3))
    assert power(F(7, 3), F(0), 64) == (F(1), F(1))


def total(p: Fraction, *terms: tuple[int | Fraction, int | Fraction]) -> PowerSum:
    result = PowerSum(p)
    for k, a in terms:
        result.add(F(k), F(a))
    return result


def test_exact_zeros() -> None:
    half, third = F(1, 2), F(1, 3)
    assert total(half, (1, 2), (1, 8), (-1, 18)).sign() == 0
    assert total(half, (1, 2), (1, 8), (-1, 18), (1, 3), (F(-1, 5), 75)).sign() == 0
    assert total(half, (1, F(4, 9)), (F(-2, 3), 1)).sign() == 0
    assert total(third, (1, 2), (1, 16), (-1, 54)).sign() == 0
    assert total(2 * third, (1, 2), (1, 16), (F(-5, 9), 54)).sign() == 0
    assert total(F(4, 7), (F(16, 81), 5), (-1, 5 * F(2, 3) ** 7)).sign() == 0
    assert total(F(1), (1, F(1, 3)), (1, F(1, 6)), (-1, F(1, 2))).sign() == 0
    assert total(half).sign() == 0
    assert total(third, (1, 2), (1, 16), (-1, 55)).sign() == -1


def test_near_zeros() -> None:
    for digits in (5, 20, 40, 90, 300):
        n = 10**digits
        assert total(F(1, 2), (1, n), (1, n + 2), (-2, n + 1)).sign() == -1
        assert total(F(1, 3), (-1, n), (-1, n + 2), (2, n + 1)).sign() == 1


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 200)), max_size=6), exponents)
def test_signs_agree_with_decimal(terms: list[tuple[int, int]], p: Fraction) -> None:
    with localcontext(prec=120):
        q = Decimal(p.numerator) / p.denominator
        value = sum((k * (Decimal(a).ln() * q).exp() for k, a in terms), Decimal(0))
        expected = 0 if abs(value) < Decimal("1e-80") else int(Decimal(1).copy_sign(value))
    assert total(p, *((k, a) for k, a in terms if k)).sign() == expected
