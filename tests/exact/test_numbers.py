"""Sums of rationals, and results whose values have more digits than Python writes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsparse as es
from exactsparse.exact.numbers import exact_sum


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 9, 100])
def test_the_sum_is_the_sum(count: int) -> None:
    draw = random.Random(count)
    values = [Fraction(draw.randint(-99, 99), draw.randint(1, 99)) for _ in range(count)]
    total = exact_sum(iter(values))
    assert type(total) is Fraction
    assert total == sum(values)


def test_a_result_of_very_many_digits_has_a_short_name() -> None:
    draw = random.Random(0)
    points = [[draw.random(), draw.random()] for _ in range(600)]
    labels = [draw.random() for _ in points]
    solution = es.solve(points, labels, p=1, time_limit=1e-9)
    assert solution.value.denominator > 10**4300
    assert len(repr(solution)) < 80
