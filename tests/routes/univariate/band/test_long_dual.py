"""Least tolerances in compiled trials equal those of the exact ones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band import long_dual
from exactsparse.routes.univariate.band.dual import Tolerances
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.long_dual import LongTolerances, largest_error
from exactsparse.routes.univariate.band.stabbing import Line, Triple
from tests.routes.univariate.band.test_dual import check
from tests.strategies import Data, any_data


@settings(max_examples=40)
@given(any_data(), st.integers(0, 4))
def test_small_tables_of_any_magnitude(data: Data, knots: int) -> None:
    columns = [Column.from_fractions(v) for v in data]
    if not all(column.is_float64 for column in columns):
        return
    table = LongTolerances(*columns)
    proof = table.least(knots)
    assert proof.tolerance == Tolerances(*data).least(knots).tolerance
    check(Tolerances(*data), proof)


@pytest.mark.parametrize("core", [4, 40, 10**6])
@pytest.mark.parametrize("scale", ["1", "0.01"])
def test_a_curve(scale: str, core: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_dual, "_CORE", core)
    rng = np.random.default_rng(2)
    y = Column(np.cumsum(rng.integers(-9, 10, 300)) / 1.0, Fraction(scale))
    x = Column(np.cumsum(rng.integers(1, 4, 300)) / 1.0)
    exact = Tolerances(*([column[i] for i in range(300)] for column in (x, y)))
    curve = LongTolerances(x, y).curve(12)
    assert [p.tolerance for p in curve] == [p.tolerance for p in exact.curve(12)]
    for proof in curve:
        check(exact, proof)


@given(any_data(), st.fractions(), st.fractions())
def test_the_largest_error_is_exact(data: Data, slope: Fraction, intercept: Fraction) -> None:
    chain = Chain([Line(slope, intercept), Line(slope + 1, intercept)])
    columns = [Column.from_fractions(v) for v in data]
    if all(column.is_float64 for column in columns):
        expected = max(abs(chain.evaluate(x) - y) for x, y in zip(*data, strict=True))
        assert largest_error(chain, *columns) == expected


def test_what_is_refused() -> None:
    column = Column(np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match="ascending"):
        LongTolerances(column, column)
    with pytest.raises(ValueError, match="float64"):
        LongTolerances(column.to_objects(), column)


def test_triples_are_listed_only_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # Listing them for every bound took longer than a time limit of seconds allowed.
    made: list[int] = []
    signed = long_dual._signed

    def counted(triples: long_dual.Triples) -> list[Triple]:
        made.append(len(triples))
        return signed(triples)

    monkeypatch.setattr(long_dual, "_signed", counted)
    labels = np.random.default_rng(7).integers(0, 10**6, 3000)
    curve = es.tradeoff(np.arange(3000), labels, knots=300)
    # Of ties and of what is proved, once for each number of knots, and not of every better bound.
    assert len(made) > 1000 and sum(size > 3 for size in made) <= len(curve)
    proof = curve.solution(200).proof
    assert proof is not None and len(proof.triples) == 201
