"""Bands of whole tables: every way through the route gives one answer."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.problem.column import Column
from exactsparse.problem.written import half_unit
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band import compiled, fewest_knots
from exactsparse.routes.univariate.band.fewest_knots import BandResult, solve_band, solve_windows
from exactsparse.routes.univariate.band.law import first_miss
from exactsparse.routes.univariate.band.windows import Windows, around, orientation


def table(n: int, seed: int = 0) -> tuple[Column, Column, Fraction]:
    """A shuffled noisy piecewise-linear table in cents."""
    rng = np.random.default_rng(seed)
    y = np.cumsum(np.repeat(rng.integers(-900, 901, n // 200 + 1), 200)[:n])
    y = y + rng.integers(-100, 101, n)
    order = rng.permutation(n)
    columns = Column(np.arange(n)[order] / 1.0), Column(y[order] / 1.0, Fraction(1, 100))
    return *columns, Fraction(1)


def check(x: Column, y: Column, half: Fraction, result: BandResult) -> None:
    """Law and triples by their definitions, in rows as given."""
    xs, ys = [x[i] for i in range(len(x))], [y[i] for i in range(len(y))]
    windows = around(xs, ys, [half] * len(xs))
    assert isinstance(windows, Windows) and result.chain is not None
    assert first_miss(result.chain, windows) is None
    assert result.chain.n_knots == len(result.triples)
    reached = {1: min(xs), -1: min(xs)}
    for sign, p, q, r in result.triples:
        assert reached[sign] <= xs[p] < xs[q] < xs[r]
        reached[sign] = xs[r]
        low, high, end = ys[p] - sign * half, ys[q] + sign * half, ys[r] - sign * half
        assert sign * orientation(xs[p], low, xs[r], end, xs[q], high) < 0


@pytest.mark.parametrize("simplify", [False, True])
@pytest.mark.parametrize("n", [1999, 2000, 2600])
def test_short_and_long_tables(n: int, simplify: bool) -> None:
    x, y, half = table(n)
    result = solve_band(x, y, half, simplify=simplify)
    check(x, y, half, result)
    assert result.simplified == simplify
    assert len(result.triples) <= n // 200
    doubled = solve_band(
        Column(np.concatenate((x.values, x.values[:5]))),
        Column(np.concatenate((y.values, y.values[:5])), y.scale),
        half,
        simplify=simplify,
    )
    assert doubled.chain is not None and result.chain is not None
    assert doubled.chain.lines == result.chain.lines


def test_rounded_tax_to_the_last_written_digit() -> None:
    dataset = es.read(Path(__file__).parents[4] / "data" / "us_income_tax_2024_rounded.csv")
    x, y = dataset.features[0], dataset.labels
    result = solve_band(x, y, half_unit(y))
    check(x, y, Fraction(1, 2), result)
    assert result.chain is not None
    assert result.chain.positions == [11_600, 47_150, 100_525, 191_950, 243_725, 609_350]


@pytest.mark.parametrize("n", [50, 2500])
def test_shapes(n: int) -> None:
    x, y = Column(np.arange(float(n))), Column(np.arange(float(n)) ** 2)
    convex = solve_band(x, y, Fraction(3), shape="convex")
    check(x, y, Fraction(3), convex)
    concave = solve_band(x, y, Fraction(3), shape="concave")
    assert not concave.feasible and concave.forbidding is not None
    assert concave.forbidding.sign == 1
    negated = solve_band(x, Column(-y.values), Fraction(3), shape="concave")
    assert negated.feasible and len(negated.triples) == len(convex.triples)


@pytest.mark.parametrize("n", [5, 2500])
def test_rows_that_contradict(n: int) -> None:
    x = Column(np.concatenate((np.arange(float(n)), [3.0])))
    y = Column(np.concatenate((np.zeros(n), [10.0])))
    result = solve_band(x, y, Fraction(4))
    assert not result.feasible and result.contradiction is not None
    rows = result.contradiction.lower_row, result.contradiction.upper_row
    assert rows == (n, 3)
    assert solve_band(x, y, Fraction(5)).feasible


@pytest.mark.parametrize("n", [5, 2500])
def test_one_sided_rows(n: int) -> None:
    x = [Fraction(i) for i in range(n)]
    none: list[Fraction | None] = [None] * n
    for lower, upper in ((none, x), (x, none), (none, none)):
        result = solve_windows(x, lower, upper)
        assert result.chain is not None and result.chain.n_knots == 0


def test_when_the_compiled_pass_is_not_proved_the_exact_one_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, y, half = table(2100)
    expected = solve_band(x, y, half)
    monkeypatch.setattr(compiled, "prove_triples", lambda *_: False)
    result = solve_band(x, y, half)
    check(x, y, half, result)
    assert len(result.triples) == len(expected.triples)


def test_what_is_refused() -> None:
    one = Column(np.array([1.0]))
    with pytest.raises(ValueError, match="must not be negative"):
        solve_band(one, one, Fraction(-1))


def test_without_time_for_simple_numbers() -> None:
    x, y, half = table(2500)
    result = solve_band(x, y, half, deadline=Deadline(0.0))
    assert not result.simplified
    check(x, y, half, result)


def test_interrupts_keep_the_law_of_the_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fewest_knots, "simplest_law", interrupted)
    x, y, half = table(2500)
    with pytest.raises(KeyboardInterrupt):
        solve_band(x, y, half)
    result = solve_band(x, y, half, deadline=Deadline(None, interrupts_count=True))
    assert not result.simplified
    check(x, y, half, result)


def test_more_knots_than_are_simplified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fewest_knots, "MOST_SIMPLIFIED", 2)
    for n in (900, 2500):
        x, y, half = table(n)
        result = solve_band(x, y, half)
        assert len(result.triples) > 2 and not result.simplified
        check(x, y, half, result)
