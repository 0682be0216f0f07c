"""Bounds from feasible prices, and from prices too high by less than floats see."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

import exactsparse as es
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.progress import Deadline, silent
from exactsparse.routes.column_generation.lower_bound import DualBound, DualProof
from exactsparse.routes.column_generation.pricing import RayPricing

# |x| at −1, 0, 1 costs 2, and these prices prove it.
TABLE = IntegerTable.of(es.Dataset.from_arrays([-1, 0, 1], [1, 0, 1]))
PRICES = [Fraction(1), Fraction(-1), Fraction(1)]


def bound(excess: Fraction) -> DualBound:
    """The bound of a basis with prices too high by some share."""
    duals = [price * (1 + excess) for price in PRICES]
    basis: Any = SimpleNamespace(exact=SimpleNamespace(duals=duals), largest=1.0)
    proof = DualProof(TABLE, False, RayPricing(TABLE.points), basis)
    return proof.over_all_rays(Deadline(), silent)


def test_feasible_prices_prove_their_sum() -> None:
    assert bound(Fraction(0)) == DualBound(Fraction(2), tuple(PRICES))


@pytest.mark.parametrize("digits", [12, 15, 20, 40])
def test_an_excess_that_floats_do_not_see_is_no_proof(digits: int) -> None:
    found = bound(Fraction(1, 10**digits))
    assert 2 - Fraction(1, 10**10) < found.value <= 2
