"""What is left out of a picture would not be seen in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse.report.html.thinning import COLUMNS, MOST_DRAWN, drawn


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(MOST_DRAWN, 20_000), holes=st.booleans())
def test_of_every_column_ends_and_extremes_are_kept(seed: int, n: int, holes: bool) -> None:
    random = np.random.default_rng(seed)
    x = np.sort(random.choice([random.uniform(size=n), random.exponential(size=n) ** 3]))
    y, z = random.normal(size=(2, n))
    if holes:
        z[random.uniform(size=n) < 0.3] = np.inf
    kept = drawn(x, y, z)
    assert np.array_equal(kept, np.unique(kept))
    if n == MOST_DRAWN:
        assert len(kept) == n
        return
    assert len(kept) <= 6 * COLUMNS
    column = np.minimum((x - x[0]) / (x[-1] - x[0]) * COLUMNS, COLUMNS - 1).astype(int)
    # Next to an edge between columns rounding may put a point on either side.
    sure = np.abs((x - x[0]) / (x[-1] - x[0]) * COLUMNS % 1 - 0.5) < 0.499
    for values in (y, np.where(np.isfinite(z), z, np.nan)):
        for k in np.unique(column)[::50]:
            inside = np.flatnonzero((column == k) & sure & np.isfinite(values))
            chosen = values[kept[np.abs(column[kept] - k) <= 1]]
            if len(inside):
                assert np.nanmin(chosen) <= values[inside].min()
                assert np.nanmax(chosen) >= values[inside].max()


@pytest.mark.parametrize(
    "x", [np.zeros(3_000), np.full(3_000, 1e308), np.linspace(-1, 1, 3_000) * 1e308]
)
def test_ranges_of_no_width_and_of_too_much(x: np.ndarray) -> None:
    y = np.zeros(3_000)
    y[1_500] = 1
    kept = drawn(x, y)
    assert {0, 1_500, 2_999} <= set(kept.tolist())
