"""Violations of duals against all rays one by one, in rationals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsparse as es
from exactsparse.finite_program.program import FiniteProgram
from exactsparse.progress import Deadline, silent
from exactsparse.routes.column_generation.pricing import RayPricing
from tests.routes.rank_search.families import FAMILIES

CASES = [(family, seed) for family in FAMILIES for seed in range(6)]


def quotients(form: object, duals: list[Fraction]) -> dict[tuple[int, ...], Fraction]:
    """Exact quotient of every pair of opposite rays."""
    found = {}
    for ray in form.rays.tolist():
        sums = []
        for side in (1, -1):
            values = [max(0, side * sum(a * b for a, b in zip(row, ray, strict=True)))
                      for row in form.points.tolist()]  # fmt: skip
            sums.append(abs(sum(a * b for a, b in zip(duals, values, strict=True))))
        found[tuple(ray)] = max(sums) / sum(map(abs, ray))
    return found


@pytest.mark.parametrize("scale", [1.0, 1.5, 1e6])
@pytest.mark.parametrize(("family", "seed"), CASES)
def test_violation_is_an_upper_bound_and_suspects_are_complete(
    family: str, seed: int, scale: float
) -> None:
    form = FiniteProgram(es.Dataset.from_arrays(*FAMILIES[family](seed))).rays
    pricing = RayPricing(form.points)
    duals = np.random.default_rng(seed).normal(size=len(form.points))
    floats = [Fraction(v) / (1 << e) for v, e in zip(duals, pricing.exponents, strict=True)]
    largest = max(quotients(form, floats).values())
    duals *= scale / float(largest)
    floats = [Fraction(v) / (1 << e) for v, e in zip(duals, pricing.exponents, strict=True)]
    every = quotients(form, floats)
    largest = max(every.values())
    for target in (1.0, scale * (1 - 1e-12)):
        violation = pricing.violation(duals, target, Deadline(), silent, "")
        assert largest <= Fraction(violation.largest) <= largest * (1 + Fraction(1, 10**10))
        above = {ray for ray, value in every.items() if value > Fraction(target)}
        assert above <= violation.suspects <= set(every)
    rays, found = pricing.improving(duals, Deadline(), silent, "")
    assert found == pytest.approx(float(largest), rel=1e-9)
    if scale > 1:
        assert rays
        assert every[rays[0]] == pytest.approx(float(largest), rel=1e-9)


def test_nearly_dependent_rows() -> None:
    """Hyperplanes that floats cannot tell apart: the bound holds, and stays tight."""
    tiny = Fraction(1, 2**60)
    X = [[Fraction(1), Fraction(1)], [1 + tiny, Fraction(1)], [Fraction(1), 1 - tiny],
         [2 + tiny, 2 - tiny], [Fraction(0), tiny], [tiny, Fraction(0)]]  # fmt: skip
    X = [[*row, row[0] * row[1]] for row in X]
    form = FiniteProgram(es.Dataset.from_arrays(X, list(range(len(X))))).rays
    pricing = RayPricing(form.points)
    duals = np.array([1.0, -2.0, 1.5, -0.25, 3.0, -2.0])
    floats = [Fraction(v) / (1 << e) for v, e in zip(duals, pricing.exponents, strict=True)]
    every = quotients(form, floats)
    largest = max(every.values())
    target = float(largest) * (1 - 1e-9)
    violation = pricing.violation(duals, target, Deadline(), silent, "")
    assert largest <= Fraction(violation.largest) <= largest * (1 + Fraction(1, 10**9))
    assert {ray for ray, value in every.items() if value > Fraction(target)} <= violation.suspects
