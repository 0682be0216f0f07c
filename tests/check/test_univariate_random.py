"""Certificates of random data of one feature, solved by brute force; and a long one."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse_check import check
from tests.check.univariate import F, certificate, from_bends


def choices(bends: list[int]) -> Iterator[list[int]]:
    """All ways to give each bend a knot or share one with the next, as starts of the pairs."""

    def extend(i: int, pairs: list[int]) -> Iterator[list[int]]:
        if i >= len(bends):
            yield pairs
            return
        yield from extend(i + 1, pairs)
        if i + 1 < len(bends) and bends[i] * bends[i + 1] > 0:
            yield from extend(i + 2, [*pairs, i])

    return extend(0, [])


def knots_of(bends: list[int], pairs: list[int]) -> list[tuple[Fraction, Fraction]]:
    knots = []
    i = 0
    while i < len(bends):
        if i in pairs:
            a, b = bends[i], bends[i + 1]
            knots.append((i + 1 + F(b, a + b), F(a + b)))
            i += 1
        elif bends[i]:
            knots.append((F(i + 1), F(bends[i])))
        i += 1
    return knots


def decimal_cost(knots: list[tuple[Fraction, Fraction]], p: Fraction) -> Decimal:
    q = Decimal(p.numerator) / p.denominator
    return sum(((Decimal(abs(int(bend))).ln() * q).exp() for _, bend in knots), Decimal(0))


def greedy(bends: list[int], p: Fraction, on_tie: bool) -> list[int]:
    q, z, shared = Decimal(p.numerator) / p.denominator, Decimal(0), []
    for i, bend in enumerate(bends):
        own = (Decimal(abs(bend)).ln() * q).exp() if bend else Decimal(0)
        if i and bends[i - 1] * bend > 0:
            rest = (Decimal(abs(bends[i - 1] + bend)).ln() * q).exp() - z
            tie = abs(rest - own) < Decimal("1e-40")
            if (tie and on_tie) or (not tie and rest < own):
                shared.append(i + 1)
                own = rest
        z = own
    return shared


@settings(max_examples=150)
@given(
    st.lists(st.integers(-4, 9), min_size=1, max_size=7),
    st.sampled_from(["1/3", "1/2", "3/4", "1"]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_random_certificates(
    tmp_path_factory: pytest.TempPathFactory, bends: list[int], p: str, on_tie: bool, random: Any
) -> None:
    path = tmp_path_factory.mktemp("random") / "c.json"
    points = from_bends(*bends)
    with localcontext(prec=60):
        networks = [knots_of(bends, pairs) for pairs in choices(bends)]
        costs = [decimal_cost(knots, F(p)) for knots in networks]
        shared = greedy(bends, F(p), on_tie)
        optimal = [cost - min(costs) < Decimal("1e-40") for cost in costs]

    def accepted(knots: list[tuple[Fraction, Fraction]], cost: Decimal, bound: list[int]) -> bool:
        margin = 0 if p == "1" or not knots else F(1, 10**50)
        low, high = F(cost) - margin, F(cost) + margin
        exact = str(sum(abs(bend) for _, bend in knots))
        value = exact if p == "1" else [str(low), str(high)]
        path.write_text(json.dumps(certificate(points, knots, p=p, value=value, bound=bound)))
        return check(path).accepted

    for knots, cost, best in zip(networks, costs, optimal, strict=True):
        assert accepted(knots, cost, shared) == best
    forged = sorted(random.sample(range(1, len(bends) + 1), random.randint(0, len(bends))))
    for knots, cost, best in zip(networks, costs, optimal, strict=True):
        assert best or not accepted(knots, cost, forged)


@settings(max_examples=150)
@given(st.lists(st.integers(-2, 2), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_random_witnesses(
    tmp_path_factory: pytest.TempPathFactory, bends: list[int], random: Any
) -> None:
    path = tmp_path_factory.mktemp("random") / "c.json"
    points = from_bends(*bends)
    networks = [knots_of(bends, pairs) for pairs in choices(bends)]
    fewest = min(map(len, networks))
    witnesses: list[int] = []
    last = {True: -2, False: -2}
    for i, bend in enumerate(bends, 1):
        if bend and i - last[bend > 0] >= 2:
            last[bend > 0] = i
            witnesses.append(i)
    forged = sorted(random.sample(range(1, len(bends) + 1), random.randint(0, len(bends))))
    for knots in networks:
        tree = certificate(points, knots, p=None, value=len(knots), bound=witnesses)
        path.write_text(json.dumps(tree))
        assert check(path).accepted == (len(knots) == fewest)
        tree = copy.deepcopy(tree)
        tree["lower_bound"]["indices"] = forged
        path.write_text(json.dumps(tree))
        assert len(knots) == fewest or not check(path).accepted


def test_a_long_chain(tmp_path: Path) -> None:
    # All bends equal: each index is a tie, and each dual is one chain from end to end.
    n = 4000
    points = from_bends(*[2] * n)
    knots = [(i + F(1, 2), F(4)) for i in range(1, n, 2)]
    cost = n / 2 * 4 ** (1 / 3)
    value = [str(F(cost - 1e-6)), str(F(cost + 1e-6))]
    for shared in (list(range(2, n + 1)), list(range(2, n + 1, 2))):
        tree = certificate(points, knots, p="1/3", value=value, bound=shared)
        (tmp_path / "c.json").write_text(json.dumps(tree))
        assert check(tmp_path / "c.json").accepted
