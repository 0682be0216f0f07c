"""Window ends as sums of two doubles: they are as near as is said, and decide what is true."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from exactsparse.problem.column import Column
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.long_dual import LongTolerances
from exactsparse.routes.univariate.band.orientations import UNDECIDED, settled_orientation
from exactsparse.routes.univariate.band.stabbing import Triple
from exactsparse.routes.univariate.band.tails import NO_TAILS
from exactsparse.routes.univariate.band.windows import Windows, around
from tests.exact.test_decimal_kernels import TABLES
from tests.routes.univariate.band.test_compiled import same

WIDTHS = ["0", "1/2", "0.1", "5e-18", "1/3", "1e-300", "3e40"]


def table(name: str, seed: int, n: int = 40) -> tuple[Column, Column]:
    """Columns of floats that stand for decimals."""
    x, y = TABLES[name](np.random.default_rng(seed), n)
    keep = np.concatenate(([True], np.diff(x) > 0))
    return Column(x[keep], rounded=True), Column(y[keep], rounded=True)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_ends_are_as_near_as_is_said(name: str, width: str) -> None:
    floats = FloatWindows.around(*table(name, 1), Fraction(width))
    assert floats is not None
    for windows in (floats, floats.mirrored()):
        tails = windows.tails
        assert not np.isnan(tails.x[np.abs(windows.x) < 2.0**900]).any()
        for row in np.flatnonzero(np.isfinite(tails.x)).tolist():
            near = Fraction(windows.x[row]) + Fraction(tails.x[row])
            allowed = Fraction(windows.reach) / 2**100 + Fraction(1, 2**946)
            assert abs(near - windows.exact_x(row)) <= allowed
        for side in range(2):
            for row in np.flatnonzero(np.isfinite(tails.ends[side])).tolist():
                near = Fraction(windows.ends[side, row]) + Fraction(tails.ends[side, row])
                allowed = Fraction(windows.size) / 2**100 + Fraction(1, 2**946)
                assert abs(near - windows.exact_end(side, row)) <= allowed


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_only_true_sides_are_decided(name: str, width: str) -> None:
    draw, more = np.random.default_rng(5), 0
    for seed in range(4):
        floats = FloatWindows.around(*table(name, seed), Fraction(width))
        assert floats is not None
        for _ in range(80):
            a, b = sorted(draw.choice(len(floats), 2, replace=False).tolist())
            c = int(draw.integers(0, len(floats)))
            # Neighbours, ends of one row, and ends of one side are what is hard.
            if draw.random() < 0.5:
                a = min(a, len(floats) - 3)
                b, c = a + 1, a + int(draw.integers(0, 3))
            sides = draw.integers(0, 2, 3).tolist() if draw.random() < 0.5 else [0, 0, 0]
            places = [v for pair in zip(sides, (a, b, c), strict=True) for v in pair]
            exact = floats.side_of(*zip(sides, (a, b, c), strict=True))
            arrays = floats.x, floats.ends, floats.radii
            with np.errstate(all="ignore"):
                coarse = settled_orientation(*arrays, NO_TAILS, *places)
                fine = settled_orientation(*arrays, floats.tails, *places)
            assert coarse in (exact, UNDECIDED)
            assert fine in (exact, UNDECIDED)
            more += coarse == UNDECIDED != fine
    # Tables on lines, off them by roundings only, are what tails are for.
    assert more > 20 or name != "near" or width == "3e40"


@pytest.mark.parametrize("width", ["0", "1e-16", "1e-9", "5e-18"])
@pytest.mark.parametrize("level", [False, True])
def test_passes_over_rounded_lines_ask_for_little(
    width: str, level: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []
    exactly = FloatWindows.side_of

    def noted(self: FloatWindows, *ends: tuple[int, int]) -> int:
        answers.append(exactly(self, *ends))
        return answers[-1]

    monkeypatch.setattr(FloatWindows, "side_of", noted)
    x = np.sort(np.random.default_rng(2).random(400))
    y = np.where(x < 0.3, 0.1, np.interp(x, [0.0, 0.3, 0.7, 1.0], [0.1, 0.1, 2.0, -1.0]))
    columns = Column(x, rounded=True), Column(y if level else y + 0.7 * x, rounded=True)
    numbers = [[column[i] for i in range(len(x))] for column in columns]
    floats = FloatWindows.around(*columns, Fraction(width))
    assert floats is not None
    for abscissae, given in ((numbers[0], floats), ([-v for v in numbers[0]], floats.mirrored())):
        windows = around(abscissae, numbers[1], [Fraction(width)] * len(x))
        assert isinstance(windows, Windows)
        same(windows, given)
    # Ties, and what is nearer to one than the last digits of both columns; of doubles, hundreds.
    assert len(answers) < 50


@pytest.mark.parametrize("name", TABLES)
def test_thresholds_are_as_near_as_is_said(name: str) -> None:
    x, y = table(name, 9)
    tolerances = LongTolerances(x, y)
    draw, known = np.random.default_rng(1), 0
    rows = np.sort([draw.choice(len(x), 3, replace=False) for _ in range(60)])
    sides = draw.integers(0, 2, (60, 1))
    triples = np.hstack((sides, rows)).astype(np.int32)
    with np.errstate(all="ignore"):
        values, off = tolerances._thresholds(triples)
    for k, (side, p, q, r) in enumerate(triples.tolist()):
        if np.isfinite(off[k]):
            exact = tolerances.threshold(Triple(1 - 2 * side, p, q, r)) / y.scale
            assert abs(Fraction(values[k]) - exact) <= Fraction(off[k])
            known += 1
    assert known or name in ("at 1", "at 2^53", "at 2^63", "huge", "small", "subnormal")
