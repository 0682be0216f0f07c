"""Arrays and columns of every kind: read as what they hold, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import exactsparse as es

TENTH, FIFTH = Fraction(1, 10), Fraction(1, 5)
WIDE = np.finfo(np.longdouble).precision > 15


def features(X: Any, **options: Any) -> list[Fraction]:
    data = es.Dataset.from_arrays(X, np.arange(len(X)), **options)
    return [data.features[0][i] for i in range(len(data))]


@pytest.mark.parametrize(
    "dtype", ["f2", ">f2", "f4", ">f4", "f8", ">f8", "longdouble", object, "U8", "T"]
)
def test_tenths_of_every_type_are_tenths(dtype: Any) -> None:
    kind = np.dtypes.StringDType() if dtype == "T" else dtype
    assert features(np.array(["0.1", "0.2"]).astype(kind)) == [TENTH, FIFTH]


@pytest.mark.skipif(not WIDE, reason="long doubles are doubles here")
def test_long_doubles_are_never_rounded(tmp_path: Path) -> None:
    array = np.array(["0.12345678901234567891", "1e-400"], dtype=np.longdouble)
    expected = [Fraction("0.12345678901234567891"), Fraction(1, 10**400)]
    assert features(array) == expected
    assert features(array, floats="binary") == [
        Fraction(*value.as_integer_ratio()) for value in array
    ]
    np.save(tmp_path / "t.npy", np.column_stack([array, array]))
    data = es.read(tmp_path / "t.npy")
    assert [data.labels[0], data.labels[1]] == expected
    # What a double held before it was widened is no tenth any more.
    assert features(np.array([0.1, 0.2]).astype(np.longdouble))[0] != TENTH


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "i8"])
def test_the_order_of_bytes_makes_no_difference(order: str, kind: str) -> None:
    array = np.array([1, 3, -7]).astype(kind)
    if kind[0] == "f":
        array = array / np.array(8, dtype=kind)
    turned = array.astype(order + kind)
    for floats in ("decimal", "binary"):
        assert features(turned, floats=floats) == features(array, floats=floats)


def test_objects_of_mixed_types() -> None:
    mixed: list[Any] = [0.1, Fraction(1, 3), Decimal("0.2"), "0.7", 5, np.float32(0.1), np.int8(3)]
    expected = [TENTH, Fraction(1, 3), FIFTH, Fraction(7, 10), Fraction(5), TENTH, Fraction(3)]
    array = np.array(mixed, dtype=object)
    assert features(array) == features(mixed) == expected
    assert features(array, floats="binary")[0] == Fraction(0.1)
    assert features(array, floats="binary")[5] == Fraction(float(np.float32(0.1)))


def test_structured_arrays_are_tables() -> None:
    array = np.array([(0.1, 2), (0.2, 3)], dtype=[("load", "<f8"), ("gain", "<i4")])
    for table in (array, array.view(np.recarray)):
        data = es.Dataset.from_arrays(table, "gain")
        assert (data.feature_names, data.label_name) == (("load",), "gain")
        assert data.row(1) == (FIFTH, 3)
    wide = np.zeros(2, dtype=[("load", "<f8", (2,)), ("gain", "<i4")])
    with pytest.raises(es.DataError, match="one dimension"):
        es.Dataset.from_arrays(wide, "gain")
    masked = np.ma.masked_array(array, mask=[(False, True), (False, False)])
    with pytest.raises(es.DataError, match="masked"):
        es.Dataset.from_arrays(masked, "gain")


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (np.ma.masked_array([1.0, 2.0], [False, True]), "masked entries"),
        ([1.0, np.ma.masked], "row 1"),
        (np.array([True, False]), "True is not a real number"),
        (np.array([1.0, True], dtype=object), "row 1 .*True is not a real number"),
        (np.array([1.0, None], dtype=object), "row 1 .*None is not a real number"),
        (np.array([1.0, 1j], dtype=object), "row 1 .*1j is not a real number"),
        (np.array([1j, 0]), "complex128"),
        (np.array(["2024-01-01", "2024-01-02"], dtype="M8[D]"), r"days since the first: \(t -"),
        (np.array([1, 2], dtype="m8[D]"), "spans as days"),
        (np.array([b"1.5", b"2"]), "decode the bytes"),
        (np.array([np.nan, 1], dtype=np.longdouble), "'nan' is not a finite number"),
        ([Decimal("NaN"), Decimal(1)], "not a finite number"),
        ([Decimal("1e1000000000"), Decimal(1)], "exponent"),
        ([Decimal("1e-1000000000"), Decimal(1)], "exponent"),
        (pl.LazyFrame({"x": [1, 2]}), "collect"),
        (pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]), "same name"),
        (pd.DataFrame({"x": pd.array([1, None], dtype="Int64")}), "'x', row 1 .*missing"),
        (pd.DataFrame({"x": [1.0, np.nan]}), "'x', row 1 .*missing"),
        (pd.DataFrame({"x": pd.Categorical([3, None])}), "'x', row 1 .*missing"),
        (pd.DataFrame({"x": [True, False]}), "Boolean"),
        (pd.DataFrame({"x": pd.to_datetime(["2024-01-01", "2024-01-02"])}), "days since the first"),
        (pd.DataFrame({"x": pd.Categorical(["low", "high"])}), "'low' is not a finite number"),
        (pd.DataFrame({"x": pd.period_range("2024-01", periods=2, freq="M")}), "row 0"),
        (pl.DataFrame({"x": [[1], [2]]}), "row 0"),
    ],
)
def test_what_is_no_number_is_refused(X: Any, words: str) -> None:
    with pytest.raises(es.DataError, match=words):
        es.Dataset.from_arrays(X, [0, 1])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Categorical([3, 1]), [3, 1]),
        (pd.Categorical([0.2, 0.1]), [FIFTH, TENTH]),
        (pd.Categorical(["10", "2"]), [10, 2]),
        (pd.array([2**60 + 1, 5], dtype="Int64"), [2**60 + 1, 5]),
        (pd.arrays.SparseArray([0.1, 0.2]), [TENTH, FIFTH]),
        (np.array([0.1, 0.2], dtype=np.float16), [TENTH, FIFTH]),
    ],
)
def test_columns_of_pandas(column: Any, expected: list[Any]) -> None:
    assert features(pd.DataFrame({"x": column})) == expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (lambda: pl.DataFrame({"x": pl.Series([2**100, 1], dtype=pl.Int128)}), [2**100, 1]),
        (lambda: pa.table({"x": pa.array([3, 1]).dictionary_encode()}), [3, 1]),
        (lambda: pa.table({"x": pa.array([0.1, 0.2], pa.float32())}), [TENTH, FIFTH]),
    ],
)
def test_columns_of_other_frames(frame: Callable[[], Any], expected: list[Any]) -> None:
    assert features(frame()) == expected


def test_an_index_is_left_aside_and_said() -> None:
    frame = pd.DataFrame({"y": [0, 1], "z": [1, 2]}, index=pd.Index([10, 20], name="x"))
    data = es.Dataset.from_arrays(frame, "y")
    assert data.feature_names == ("z",)
    assert data.notes == ("the index 'x' is left aside; reset_index() makes it a column",)
    assert es.Dataset.from_arrays(frame.reset_index(), "y").notes == ()
    assert es.Dataset.from_arrays(frame.reset_index()[1:], "y").notes == ()
    days = frame.set_axis(pd.to_datetime(["2024-01-01", "2024-01-02"]))
    assert es.Dataset.from_arrays(days, "y").notes[0].startswith("the index is left aside")


def test_rows_of_different_names_are_not_paired() -> None:
    x, y = pd.Series([1, 2], name="a"), pd.Series([3, 4], name="b", index=[1, 0])
    with pytest.raises(es.DataError, match="different indexes"):
        es.solve(x, y)
    with pytest.raises(es.DataError, match="different indexes"):
        es.solve(x, lower=y, upper=[5, 6])
    assert es.Dataset.from_arrays(x, y.to_numpy()).row(0) == (1, 3)
    assert es.Dataset.from_arrays(x, y.sort_index()).row(0) == (1, 4)
