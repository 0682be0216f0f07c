"""Least tolerances, against known ones and the exhaustive oracle at and just below them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.univariate.band.dual import ProvedTolerance, Tolerances
from tests.oracles.bands import fewest_knots
from tests.routes.univariate.band.tables import known


def check(table: Tolerances, proof: ProvedTolerance) -> None:
    """Both proofs, each by its definition."""
    for x, y, w in zip(table.x, table.y, table.weights, strict=True):
        assert abs(proof.chain.evaluate(x) - y) <= proof.tolerance * w
    assert proof.chain.n_knots <= proof.knots
    if proof.triples:
        assert len(proof.triples) == proof.knots + 1
        assert min(map(table.threshold, proof.triples)) == proof.tolerance
        for sign in (1, -1):
            own = [t for t in proof.triples if t.sign == sign]
            assert all(table.x[t.p] < table.x[t.q] < table.x[t.r] for t in own)
            assert all(table.x[a.r] <= table.x[b.p] for a, b in pairwise(own))
    elif proof.rows is not None:
        i, j = proof.rows
        assert table.x[i] == table.x[j]
        needed = abs(table.y[i] - table.y[j]) / (table.weights[i] + table.weights[j])
        assert needed == proof.tolerance
    else:
        assert proof.tolerance == 0


@pytest.mark.parametrize(
    "instance",
    [i for i in known("bands.jsonl") if "least_tolerance" in i],
    ids=lambda instance: instance["name"],
)
def test_known_least_tolerances(instance: dict) -> None:
    x, y = ([Fraction(text) for text in instance[name]] for name in ("x", "y"))
    table = Tolerances(x, y)
    for k, text in enumerate(instance["least_tolerance"]):
        proof = table.least(k)
        assert proof.tolerance == Fraction(text)
        check(table, proof)


def test_oracle_at_and_just_below() -> None:
    random = Random(3)
    for _ in range(150):
        n = random.randint(1, 6)
        x = [Fraction(random.randint(0, 7)) for _ in range(n)]
        y = [Fraction(random.randint(0, 4)) for _ in range(n)]
        weights = [Fraction(random.choice([1, 1, 2, 3])) for _ in range(n)]
        table = Tolerances(x, y, weights)
        for proof in table.curve(n):
            check(table, proof)
            best = proof.tolerance
            assert _knots(table, best) <= proof.knots
            if best > 0:
                below = best * Fraction(10**9 - 1, 10**9)
                assert _knots(table, below) > proof.knots


def _knots(table: Tolerances, tolerance: Fraction) -> float:
    halves = [tolerance * w for w in table.weights]
    lower = [v - h for v, h in zip(table.y, halves, strict=True)]
    upper = [v + h for v, h in zip(table.y, halves, strict=True)]
    found = fewest_knots(table.x, lower, upper)
    return float("inf") if found is None else found


def test_the_curve_falls_and_order_of_questions_does_not_matter() -> None:
    random = Random(5)
    x = [Fraction(v) for v in range(40)]
    y = [Fraction(random.randint(0, 20), 3) for _ in x]
    curve = Tolerances(x, y).curve(100)
    tolerances = [proof.tolerance for proof in curve]
    assert tolerances == sorted(tolerances, reverse=True)
    assert tolerances[-1] == 0
    backward = Tolerances(x, y)
    for proof in reversed(curve):
        assert backward.least(proof.knots).tolerance == proof.tolerance


def test_what_cannot_be_asked() -> None:
    one = [Fraction(1)]
    with pytest.raises(ValueError, match="one length"):
        Tolerances([], [])
    with pytest.raises(ValueError, match="positive"):
        Tolerances(one, one, [Fraction(0)])
    with pytest.raises(ValueError, match="negative"):
        Tolerances(one, one).least(-1)


def test_a_deadline_stops_the_search() -> None:
    x = [Fraction(v) for v in range(9)]
    with pytest.raises(Stopped):
        Tolerances(x, [v * v for v in x]).least(1, Deadline(0.0))
