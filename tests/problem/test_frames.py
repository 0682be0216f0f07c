"""Frames, series and tensors: columns by name, numbers without loss."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import exactsparse as es

TABLE: dict[str, Any] = {"income": [0.0, 10000.0, 20000.5, 30000.0], "tax": [0.1, 0.2, 0.3, 0.45]}
FRAMES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}


@pytest.mark.parametrize("library", FRAMES)
def test_columns_by_name(library: str) -> None:
    frame = FRAMES[library](TABLE)
    dataset = es.solve(frame, "tax").problem.dataset
    assert (dataset.feature_names, dataset.label_name) == (("income",), "tax")
    assert dataset.row(2) == (Fraction(40001, 2), Fraction(3, 10))
    assert dataset.digest == es.Dataset.from_arrays(*TABLE.values()).digest
    turned = es.solve(frame, "income").problem.dataset
    assert (turned.feature_names, turned.label_name) == (("tax",), "income")


@pytest.mark.parametrize("library", FRAMES)
def test_several_features_and_series(library: str) -> None:
    frame = FRAMES[library]({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "y": [0, 1, 1, 0]})
    solution = es.solve(frame, "y")
    assert (solution.value, solution.problem.dataset.feature_names) == (4, ("a", "b"))
    series = es.solve(frame["b"], [1, 2, 1, 2])
    assert series.problem.dataset.n_features == 1


def test_a_series_keeps_its_name() -> None:
    frame = pd.DataFrame(TABLE)
    dataset = es.solve(frame["income"], frame["tax"]).problem.dataset
    assert (dataset.feature_names, dataset.label_name) == (("income",), "tax")


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([2**53 + 1, 2**63 - 1, 0], dtype="Int64"),
        pl.Series([2**53 + 1, 2**63 - 1, 0]),
        pd.Series([2**80, 3, Fraction(1, 3)], dtype=object),
        pl.Series([Decimal("1.10"), Decimal("2.20"), Decimal("0")]),
        pd.Series(["0.1", "1/3", "7"]),
        pd.Series([Decimal("1.1"), 2, 3.3], dtype=object),
        pl.Series([0.1, 0.2, 0.7], dtype=pl.Float32),
        pd.Series([0.1, 0.2, 0.7], dtype="Float64"),
    ],
)
def test_no_number_is_rounded(column: Any) -> None:
    frame = type(column.to_frame())({"x": [1, 2, 3], "y": column})
    dataset = es.Dataset.from_arrays(frame, "y")
    short = "float32" in str(column.dtype).lower()
    for row, value in enumerate(column.to_list()):
        text = str(np.float32(value)) if short else str(value)
        assert dataset.row(row)[1] == Fraction(text)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"x": [1, 2], "y": [1.0, None]}), "row 1 .* missing"),
        (pd.DataFrame({"x": pd.array([1, None], dtype="Int64"), "y": [1, 2]}), "'x', row 1"),
        (pl.DataFrame({"x": [1, None], "y": [1, 2]}), "'x', row 1"),
        (pl.DataFrame({"x": [True, False], "y": [1, 2]}), "'x'.*no numbers"),
        (pd.DataFrame({"x": pd.to_datetime(["2020", "2021"]), "y": [1, 2]}), "'x'.*no numbers"),
        (pd.DataFrame({"x": ["a", "b"], "y": [1, 2]}), "'x', row 0"),
        (pd.DataFrame({"x": [1, 2], "z": [1, 2]}), "no column is named 'y'.*x, z"),
        (pd.DataFrame([[1, 2, 3]], columns=["x", "y", "y"]), "same name"),
    ],
)
def test_what_is_no_number_is_named(frame: Any, words: str) -> None:
    with pytest.raises(es.DataError, match=words):
        es.solve(frame, "y")


def test_a_name_needs_a_frame() -> None:
    with pytest.raises(es.ProblemError, match="data frame"):
        es.solve([[1], [2]], "y")
    with pytest.raises(es.ProblemError, match="the name of its label"):
        es.solve(pd.DataFrame(TABLE))
    with pytest.raises(es.DataError, match="has 4 rows"):
        es.solve(pd.DataFrame(TABLE), [1, 2, 3])


def test_tensors() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor([0.1, 0.2, 0.3, 0.4], requires_grad=True)
    dataset = es.Dataset.from_arrays(x, torch.tensor([1, 2, 3, 4]))
    assert dataset.row(0) == (Fraction(1, 10), 1)
    wide = es.Dataset.from_arrays(x.bfloat16(), [1, 2, 3, 4])
    assert wide.row(0)[0] == Fraction(str(np.float32(x.bfloat16()[0].item())))
    assert es.Dataset.from_arrays(x.bfloat16(), [1] * 4, floats="binary").row(0)[0] == Fraction(
        x.bfloat16()[0].item()
    )
