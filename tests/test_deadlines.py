"""Whenever the clock is looked at last, the result is valid, and little more work is done."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import exactsparse as es
from exactsparse.progress import WorkClock

# Looks after the first that finds the time over: every one is on the way out of some loop.
MOST_LATE_LOOKS = 40

CURVE = ([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [1, 2], [3, 5]], [0, 1, 1, 0, 2, 3, 1])
PLANTED = (
    [[x, y] for x, y in itertools.product(range(-1, 3), repeat=2)],
    [2 * max(x, 0) + max(y - x, 0) for x, y in itertools.product(range(-1, 3), repeat=2)],
)
XOR = ([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0])


class CountingClock(WorkClock):
    """A clock that stands until it was looked at so often, and is far ahead from then on."""

    def __init__(self, looks: float) -> None:
        super().__init__()
        self.looks, self.seen = looks, 0

    def now(self) -> float:
        self.seen += 1
        return 0.0 if self.seen <= self.looks else 1e9


def looked_at(
    monkeypatch: pytest.MonkeyPatch, looks: float, solve: Callable[[], es.Solution]
) -> tuple[es.Solution, int]:
    """A result, and how often it looked at the clock."""
    clock = CountingClock(looks)
    monkeypatch.setattr("exactsparse.progress.WORK_CLOCK", clock)
    return solve(), clock.seen


PROBLEMS: dict[str, tuple[tuple[list[list[int]], list[int]], dict[str, Any]]] = {
    "search": (CURVE, {"workers": 1}),
    "search of a planted network": (PLANTED, {"workers": 1}),
    "search with an affine part": (PLANTED, {"workers": 1, "skip": "affine"}),
    "search of neurons": (XOR, {"workers": 1, "objective": "neurons"}),
    "rays": (CURVE, {"p": 1}),
    "vertices": (XOR, {"workers": 1, "p": "1/2"}),
    "cuts": (XOR, {"method": "cuts"}),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_look_may_be_the_last(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (points, labels), options = PROBLEMS[name]

    def solve() -> es.Solution:
        return es.solve(points, labels, time_limit=100, **options)

    best, every = looked_at(monkeypatch, float("inf"), solve)
    assert best.status == "optimal"
    assert every > 10
    # The first looks, and some of the later ones.
    for looks in sorted({*range(2, 12), *(every * k // 10 for k in range(1, 10))}):
        if looks >= every:
            break
        found, seen = looked_at(monkeypatch, looks, solve)
        assert seen <= looks + MOST_LATE_LOOKS
        values = [found.network.evaluate(point) for point in points]
        assert values == list(map(Fraction, labels))
        assert found.lower_bound <= best.value <= found.value
        assert (found.status == "optimal") == (found.lower_bound == found.value)
