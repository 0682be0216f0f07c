"""Networks: exact evaluation, equality up to rescaling, and refusals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse import Network, Neuron, Skip

HALF, ONE, ZERO = Fraction(1, 2), Fraction(1), Fraction(0)


def network(*neurons: Neuron, skip: Skip | None = None) -> Network:
    return Network(neurons, skip, 2)


def test_value_by_hand() -> None:
    skip = Skip((HALF, ZERO), Fraction(3))
    net = network(Neuron((ONE, -ONE), ONE, Fraction(-2)), skip=skip)
    assert net.evaluate([1, 0]) == -2 * 2 + HALF + 3
    assert net.evaluate(("0.5", Decimal("7"))) == Fraction(13, 4)
    assert net.predict([[1, 0], [0.5, 7]]) == pytest.approx([-0.5, 3.25])


def test_rescaling_and_order_do_not_matter() -> None:
    a, b = Neuron((ONE, HALF), -ONE, Fraction(6)), Neuron((ZERO, ONE), ZERO, -ONE)
    scaled = Neuron((Fraction(3), Fraction(3, 2)), Fraction(-3), Fraction(2))
    dead = Neuron((ONE, ONE), ONE, ZERO)
    assert network(a, b) == network(b, scaled, dead)
    assert hash(network(a, b)) == hash(network(b, scaled))
    assert network(a, b) != network(a)
    assert network(a, a) != network(a)
    assert network(b) != network(Neuron((ZERO, ONE), ZERO, ONE))
    assert network(a, skip=Skip((ZERO, ZERO), ZERO)) == network(a)
    assert network(a) != "a network"


def test_scalars_of_every_kind() -> None:
    net = es.solve([0, 1, 2], [0, 1, 0]).network
    for half in ("0.5", "1/2", 0.5, HALF, Decimal("0.5"), np.float32(0.5), np.float64(0.5), [0.5]):
        assert net.evaluate(half) == HALF
    assert net.evaluate(np.int64(1)) == 1


@pytest.mark.parametrize("point", ["abc", float("nan"), [1, 2], [], True])
def test_bad_points(point: object) -> None:
    net = es.solve([0, 1, 2], [0, 1, 0]).network
    with pytest.raises(es.ProblemError):
        net.evaluate(point)


def test_bad_shape() -> None:
    with pytest.raises(es.ProblemError, match="2 columns"):
        network().predict([[1, 2, 3]])


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("options", [{}, {"tolerance": 0}, {"skip": "none"}], ids=str)
def test_short_floats_are_evaluated_where_they_were_read(kind: Any, options: Any) -> None:
    """A slope of a million shows what reading 0.1 as a binary number of 16 bits would change."""
    x = np.array([0.1, 0.2, 0.3, 0.7], dtype=kind)
    solution = es.solve(x, [1e5, 2e5, 3e5, 7e5], **options)
    function = getattr(solution, "law", solution.network)
    assert np.allclose(function.predict(x), [1e5, 2e5, 3e5, 7e5], rtol=1e-12, atol=0)
    assert np.allclose(solution.network.predict(x), [1e5, 2e5, 3e5, 7e5], rtol=1e-12, atol=0)
