"""The hint about a small tolerance: when it is given, and that what it says is so."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import exactsparse as es
from tests.cli.common import DATA, Run

TAX = DATA / "us_income_tax_2024_rounded.csv"


def test_the_rounded_tax_table(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(es.ToleranceHint, match="6 within half a unit"):
        solution = es.solve(es.read(TAX))
    assert solution.hint == (
        "26 knots to the last digit; 6 within half a unit of it: tolerance auto"
    )
    assert solution.to_json()["hint"] == solution.hint
    run = Run(capsys, "solve", TAX)
    assert (
        "hint: 26 knots to the last digit; 6 within half a unit of it: --tolerance auto" in run.err
    )
    assert "hint" not in Run(capsys, "solve", TAX, "--quiet").err


@pytest.mark.parametrize("n", [60, 3000])
def test_noise_about_a_law(n: int) -> None:
    rng = np.random.default_rng(1)
    x = np.arange(n)
    y = np.maximum(0, x - n // 3) * (200 / n) + rng.uniform(-0.5, 0.5, n)
    with pytest.warns(es.ToleranceHint, match="; 1 within 1, a hundredth of their range"):
        es.solve(x, y)
    assert es.solve(x, y, tolerance=1).value == 1


def test_no_hint_where_nothing_is_gained() -> None:
    rng = np.random.default_rng(2)
    silent = [
        (range(40), rng.integers(0, 1000, 40)),
        (range(6), [0, 0, 1, 1, 0, 0]),
        (range(3), [0, 5, 0]),
        (range(50), [0] * 50),
        (range(100), np.maximum(0, np.arange(100) - 30)),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x, y in silent:
            assert es.solve(x, y).hint is None
        assert es.solve(es.read(TAX), tolerance="auto").hint is None
        assert es.solve(es.read(TAX), p=0.5).hint is None
