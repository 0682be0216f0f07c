"""Rows over one denominator say what windows of rationals say; tables are the same either way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse import Dataset, Network, Problem
from exactsparse.problem import integer_table
from exactsparse.problem.column import Column
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.rows import windows_in_doubt, windows_of
from exactsparse.problem.scaled_rows import LARGEST, ScaledRows, over_one_denominator
from exactsparse.routes.activity_search import exact_tolerance
from exactsparse.routes.activity_search.exact_tolerance import labels_of
from exactsparse.routes.activity_search.float_rows import data_of
from exactsparse.upper_bounds.chain_in_band import chain_within_band
from exactsparse.upper_bounds.directional_interpolant import directional_interpolant

TOLERANCES = (Fraction(1, 3), Fraction(5), Fraction(200), Fraction(1, 1000))


def drawn(rng: random.Random) -> tuple[Dataset, Fraction]:
    """Decimals, short or long, or floats of all digits; points that coincide; how far labels are.

    Coordinates are few, so that some points coincide.
    """
    n, d, places = rng.randint(1, 12), rng.randint(1, 3), rng.randint(0, 4)
    way = rng.choice(("short", "short", "large", "long", "floats"))

    def number(most: int) -> Any:
        whole = rng.randint(-most, most)
        if way == "floats":
            return whole / 7 * rng.choice((1.0, 1e-9))
        if way == "long":
            return Fraction(whole * 10**22 + rng.randint(0, 1), 3 * 10**25)
        return Fraction(whole * (10**6 if way == "large" else 1), 10 ** rng.randint(0, places))

    points = [[number(2) for _ in range(d)] for _ in range(n)]
    return Dataset.from_arrays(points, [number(99) for _ in points]), rng.choice(TOLERANCES)


def assert_same(one: IntegerTable, other: IntegerTable) -> None:
    for name in ("points", "labels", "lower", "upper"):
        first, second = getattr(one, name), getattr(other, name)
        assert first.tolist() == second.tolist()
        assert all(type(entry) is int for entry in first.ravel())


def without_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integer_table, "over_one_denominator", lambda _: None)
    monkeypatch.setattr(exact_tolerance.ScaledRows, "of", lambda *_: None)
    monkeypatch.setattr(IntegerTable, "scaled_rows", None)


@pytest.mark.parametrize("seed", range(100))
def test_they_are_what_rationals_say(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, width = drawn(random.Random(seed))
    problem = Problem.of(dataset, tolerance=width, objective="parameters", skip="none")
    windows = windows_of(dataset, width)
    short = ScaledRows.of(dataset, width)
    assert short is not None

    def rational(numbers: Sequence[int]) -> list[Fraction]:
        return [Fraction(int(number), short.denominator) for number in numbers]

    assert [tuple(rational(point)) for point in short.points] == [w.point for w in windows]
    assert rational(short.lower) == [window.lower for window in windows]
    assert rational(short.upper) == [window.upper for window in windows]
    room = not any(window.is_empty for window in windows)
    assert short.have_room == room == (windows_in_doubt(problem) is None)
    made = [labels_of(dataset)]
    if room:
        made.append(IntegerTable.of_problem(problem))
    else:
        with pytest.raises(ValueError, match="leave no number"):
            IntegerTable.of_problem(problem)
    with suppress(es.ConflictingLabelsError):
        made.append(IntegerTable.of(dataset))
    floats = [data_of(table) for table in made]
    networks = [network for table in made[1:] for network in along(table)]
    without_machine(monkeypatch)
    again = [labels_of(dataset)]
    if room:
        again.append(IntegerTable.of_problem(problem, windows))
    if len(made) > len(again):
        again.append(IntegerTable.of(dataset))
    for one, other in zip(made, again, strict=True):
        assert_same(one, other)
    assert networks == [network for table in again[1:] for network in along(table)]
    for quick, table in zip(floats, again, strict=True):
        slow = data_of(table)
        assert quick is not None and slow is not None
        assert all(np.array_equal(a, b) for a, b in zip(quick, slow, strict=True))


def along(table: IntegerTable) -> list[Network]:
    """Networks that always are at hand."""
    objective = Problem.of(Dataset.from_arrays([0], [0]), objective="parameters").objective
    make = directional_interpolant if table.bounds is None else chain_within_band
    return [make(table, objective, skip) for skip in (False, True)]


def test_what_is_long_is_left_to_rationals() -> None:
    assert ScaledRows.of(Dataset.from_arrays([0, 1], [Fraction(1, 3**200), 0])) is None
    assert ScaledRows.of(Dataset.from_arrays([0, 1], [1e-300, 0.1])) is None
    assert ScaledRows.of(Dataset.from_arrays([0, 1], lower=[0, None], upper=[1, 1])) is None
    fractions = [Fraction(1, 3**k + 2) for k in range(99)]
    assert ScaledRows.of(Dataset.from_arrays(fractions, fractions)) is None


@pytest.mark.parametrize(
    ("labels", "width", "short"),
    [
        ([1, 2], Fraction(1, LARGEST // 4), True), ([1, 2], Fraction(1, LARGEST // 2), False),
        ([1, 2], Fraction(LARGEST), False), ([1, 2], Fraction(LARGEST - 2), True),
        ([1, 2], Fraction(1, LARGEST + 1), False), ([2**62, 0], Fraction(1), False),
        ([2**53, 0], Fraction(1, 2**9), False), ([2**53, -(2**53)], Fraction(1, 2**7), True),
        ([0.5, 1.25], Fraction(1), True), ([0.1234567890123456, 1e-20], Fraction(1), False),
    ],
)  # fmt: skip
def test_nothing_leaves_machine_integers(labels: list, width: Fraction, short: bool) -> None:
    for floats in ("decimal", "binary"):
        rows = ScaledRows.of(Dataset.from_arrays([0, 1], labels, floats=floats), width)
        assert rows is not None
        if floats == "decimal":
            assert (rows.upper.dtype == np.int64) == short
        due = [Fraction(str(v) if floats == "decimal" else v) for v in labels]
        assert [Fraction(int(v), rows.denominator) for v in rows.upper] == [v + width for v in due]
        assert [Fraction(int(v), rows.denominator) for v in rows.lower] == [v - width for v in due]
        for factor in (3, -(2**60)):
            found = rows.along([factor])
            assert [Fraction(int(v), rows.denominator) for v in found] == [0, factor]


def test_columns_of_several_scales() -> None:
    columns = [Column(np.array([3.0, -1.0]), Fraction(1, 10)), Column(np.array([1.0, 2.0]))]
    whole, denominator = over_one_denominator(columns, 4)  # type: ignore[misc]
    assert (whole.tolist(), denominator) == ([[6, 20], [-2, 40]], 20)
