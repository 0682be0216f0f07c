"""Points of polyhedra of many rows, against all rows at once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsparse.exact.between import point_between
from exactsparse.exact.cones import nonnegative_parameters
from exactsparse.progress import Deadline, Stopped

BOUND = st.none() | st.integers(-4, 4)


@given(st.data())
def test_a_point_wherever_there_is_one(data: st.DataObject) -> None:
    k, n = data.draw(st.integers(0, 3)), data.draw(st.integers(1, 7))
    entries = st.lists(st.integers(-3, 3), min_size=k, max_size=k)
    rows = data.draw(st.lists(entries, min_size=n, max_size=n))
    lower = data.draw(st.lists(BOUND, min_size=n, max_size=n))
    upper = data.draw(st.lists(BOUND, min_size=n, max_size=n))
    matrix = np.array(rows, dtype=object).reshape(n, k)
    first = data.draw(st.lists(st.integers(0, n - 1), max_size=3))
    found = point_between(matrix, lower, upper, first=first)
    bounds = [(row, low) for row, low in zip(rows, lower, strict=True) if low is not None]
    bounds += [([-v for v in r], -up) for r, up in zip(rows, upper, strict=True) if up is not None]
    due = nonnegative_parameters([row for row, _ in bounds], [-low for _, low in bounds], k)
    assert (found is None) == (due is None)
    if found is not None:
        for row, low in bounds:
            assert sum((a * b for a, b in zip(row, found, strict=True)), Fraction(0)) >= low


def test_stops_in_time() -> None:
    rows = np.array([[1], [1]], dtype=object)
    with pytest.raises(Stopped):
        point_between(rows, [1, 2], [None, None], Deadline(0).check)
