"""Bounds as users give them: lists, arrays, series, columns of frames; none of them rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

import exactsparse as es
from exactsparse import Dataset

LONG = 2**60 + 1
TENTHS = np.array([0.1, 0.2, 0.3], np.float32)
STORED = Fraction(13421773, 2**27)


def lower(dataset: Dataset) -> tuple[Any, ...]:
    assert dataset.intervals is not None
    return dataset.intervals.lower


@pytest.mark.parametrize(
    "given",
    [
        [LONG, None, 3],
        np.array([LONG, None, 3], dtype=object),
        pd.Series([LONG, None, 3], dtype="Int64"),
        pd.Series([LONG, None, 3], dtype="int64[pyarrow]"),
        pl.Series([LONG, None, 3]),
        pa.chunked_array([[LONG, None, 3]]),
    ],
)
def test_integers_beside_a_missing_one_are_not_rounded(given: Any) -> None:
    assert lower(Dataset.from_arrays([0, 1, 2], lower=given)) == (LONG, None, 3)


@pytest.mark.parametrize(
    "given",
    [
        TENTHS,
        list(TENTHS),
        TENTHS.astype(np.float16),
        pd.Series(TENTHS),
        pd.Series(TENTHS, dtype="Float32"),
        pl.Series(TENTHS),
        pa.chunked_array([pa.array(TENTHS)]),
        torch.tensor(TENTHS),
    ],
)
def test_narrow_floats_are_their_own_shortest_decimals(given: Any) -> None:
    tenths = tuple(Fraction(k, 10) for k in (1, 2, 3))
    assert lower(Dataset.from_arrays([0, 1, 2], lower=given)) == tenths


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_columns_of_narrow_floats(frame: Any) -> None:
    table = frame({"x": TENTHS, "l": TENTHS, "u": TENTHS})
    assert lower(Dataset.from_arrays(table, lower="l", upper="u"))[0] == Fraction(1, 10)
    assert es.solve(table, lower="l", upper="u").value == 0
    stored = Dataset.from_arrays(table, lower="l", upper="u", floats="binary")
    assert lower(stored)[0] == stored.features[0][0] == STORED


def test_bounds_are_read_as_floats_are() -> None:
    x = np.array([0.1, 0.2, 0.3])
    for given in (x, list(x), pd.Series(x)):
        assert es.solve(x, lower=given, upper=given, floats="binary").value == 0
        assert es.solve(x, lower=given, upper=given).value == 0
    dataset = Dataset.from_arrays(x, lower=TENTHS, floats="binary")
    assert lower(dataset)[0] == STORED


@pytest.mark.parametrize(
    "given", [0, {0: 0, 1: 0, 2: 0}, {0, 1, 2}, (v for v in (0, 1, 2)), np.array(0), b"abc"]
)
def test_what_has_no_rows_is_refused(given: Any) -> None:
    with pytest.raises(es.DataError, match="lower must be one-dimensional"):
        Dataset.from_arrays([0, 1, 2], lower=given)


def test_missing_integers_of_pandas() -> None:
    assert lower(Dataset.from_arrays([0, 1], lower=[pd.NA, 1])) == (None, 1)
