"""Parquet: exact types, refusals, damage."""

import io
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.readers import read
from exactsparse.readers.cells import integers_of_decimals
from tests.readers.common import (
    check_every_damage,
    entries,
    line_numbers,
    points,
    refused,
)


def written(tmp_path: Path, table: pa.Table, **options: Any) -> Path:
    path = tmp_path / "data.parquet"
    pq.write_table(table, path, **options)
    return path


def test_parquet_types_are_exact(tmp_path: Path) -> None:
    texts = ["-12345678901234567890.125", "0.001"]
    wide = [Decimal("9" * 70), Decimal("-1")]
    table = pa.table(
        {
            "i8": pa.array([1, -2], pa.int8()),
            "u64": pa.array([2**64 - 1, 0], pa.uint64()),
            "i64": pa.array([-(2**63), 2**53 + 1], pa.int64()),
            "f16": pa.array(np.array([0.5, -0.25], np.float16)),
            "f32": pa.array([0.5, 0.25], pa.float32()),
            "f64": pa.array([0.1, 1e-300], pa.float64()),
            "d9": pa.array([Decimal("1.5"), Decimal("-2.5")], pa.decimal128(9, 1)),
            "d38": pa.array([Decimal(t) for t in texts], pa.decimal128(38, 5)),
            "d76": pa.array(wide, pa.decimal256(76, 2)),
            "text": texts,
            "large": pa.array(["1/3", "1e-2"], pa.large_string()),
            "view": pa.array(["1", "2.5"], pa.string_view()),
            "words": pa.array(["0.1", "0.2"]).dictionary_encode(),
        }
    )
    data = read(written(tmp_path, table))
    assert (*data.feature_names, data.label_name) == tuple(table.column_names)
    expected = [
        [1, -2],
        [2**64 - 1, 0],
        [-(2**63), 2**53 + 1],
        [0.5, -0.25],
        [0.5, 0.25],
        [Fraction(1, 10), Fraction(1, 10**300)],
        [Fraction(3, 2), Fraction(-5, 2)],
        [Fraction(Decimal(t)) for t in texts],
        [Fraction(d) for d in wide],
        [Fraction(Decimal(t)) for t in texts],
        [Fraction(1, 3), Fraction(1, 100)],
        [1, 2.5],
        [Fraction(1, 10), Fraction(1, 5)],
    ]
    assert points(data) == [tuple(map(Fraction, row)) for row in zip(*expected, strict=True)]
    assert line_numbers(data) == [0, 1]
    assert data.origin.name == str(tmp_path / "data.parquet")


@settings(max_examples=100)
@given(
    st.lists(st.integers(1 - 10**38, 10**38 - 1), min_size=1, max_size=6),
    st.integers(0, 38),
    st.sampled_from([pa.decimal128, pa.decimal256]),
)
def test_parquet_decimals(values: list[int], scale: int, kind: Any) -> None:
    numbers = [Decimal((int(v < 0), tuple(map(int, str(abs(v)))), -scale)) for v in values]
    column = pa.array(numbers, kind(38, scale))
    sink = io.BytesIO()
    pq.write_table(pa.table({"x": column, "y": column}), sink, row_group_size=2)
    from exactsparse.readers.arrow_files import read_parquet

    data = read_parquet(io.BytesIO(sink.getvalue()), "t.parquet", None)
    assert entries(data.labels) == [Fraction(v, 10**scale) for v in values]


def test_parquet_label_groups_and_pandas_index(tmp_path: Path) -> None:
    table = pa.table(
        {" a ": list(range(10)), "y": [k / 4 for k in range(10)], "__index_level_0__": range(10)}
    )
    data = read(written(tmp_path, table, row_group_size=3))
    assert data.feature_names == ("a",)
    assert data.label_name == "y"
    assert points(data) == [(k, Fraction(k, 4)) for k in range(10)]
    assert read(tmp_path / "data.parquet", y="a").label_name == "a"
    refused(tmp_path / "data.parquet", "no column named 'b'", "a, y", y="b")


def test_parquet_folder_names_add_no_columns(tmp_path: Path) -> None:
    folder = tmp_path / "year=2020"
    folder.mkdir()
    assert points(read(written(folder, pa.table({"x": [1], "y": [2]}))))[0] == (1, 2)


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"x": [1.0, None], "y": [1, 2]}, ["column 1 ('x'), row 1 (counting from 0)", "null"]),
        ({"x": [1, 2], "y": ["1", None]}, ["column 2 ('y'), row 1", "null"]),
        ({"x": [1], "y": pa.nulls(1)}, ["column 2 ('y'), row 0", "null"]),
        ({"x": [1], "y": pa.array([None, "1"]).dictionary_encode()[:1]}, ["row 0", "null"]),
        ({"x": [True], "y": [1]}, ["column 1 ('x')", "bool"]),
        ({"x": pa.array([0], pa.timestamp("s")), "y": [1]}, ["column 1 ('x')", "timestamp"]),
        ({"x": pa.array([0], pa.date32()), "y": [1]}, ["column 1 ('x')", "date32"]),
        ({"x": [[1, 2]], "y": [1]}, ["column 1 ('x')", "list"]),
        ({"x": [{"a": 1}], "y": [1]}, ["column 1 ('x')", "struct"]),
        ({"x": [b"1"], "y": [1]}, ["column 1 ('x')", "binary"]),
        ({"x": [1.0, float("nan")], "y": [1, 2]}, ["column 1 ('x'), row 1", "nan", "mend"]),
        ({"x": [1, 2], "y": ["1", "abc"]}, ["column 2 ('y'), row 1 (counting from 0)", "'abc'"]),
        ({"x": [1], "y": [""]}, ["column 2 ('y'), row 0", "empty"]),
        ({"x": [1, 2], "y": ["1", "\v5"]}, ["column 2 ('y'), row 1", r"'\x0b5'"]),
        ({"x": [1], "y": ["5\f"]}, ["column 2 ('y'), row 0", r"'5\x0c'"]),
        ({"x": [1], "y": ["1,5"]}, ["column 2 ('y'), row 0", "point"]),
        ({"x": [1]}, ["one column only"]),
        ({"x": pa.array([], pa.int64()), "y": pa.array([], pa.int64())}, ["no row"]),
    ],
)
def test_bad_parquet_columns(tmp_path: Path, columns: dict[str, Any], parts: list[str]) -> None:
    refused(written(tmp_path, pa.table(columns)), *parts)


def test_parquet_duplicate_names(tmp_path: Path) -> None:
    table = pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", "b"])
    assert points(read(written(tmp_path, table)))[0] == (1, 2, 3)
    refused(tmp_path / "data.parquet", "columns 1 and 2 are both named 'a'", y="a")


def test_damaged_parquet_files(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": [1.5, 2.5] * 20, "y": ["1", "1/3"] * 20}), path)
    whole = path.read_bytes()
    for cut in (0, 1, 8, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        refused(path, "Parquet")
    path.write_bytes(b"x,y\n1,2\n")
    refused(path, "Parquet")
    check_every_damage(path, whole)


def test_slices_of_decimals() -> None:
    for kind in (pa.decimal128(38, 0), pa.decimal256(76, 0)):
        numbers = pa.array(["1", "2", "-3", str(10**30)]).cast(kind)
        assert integers_of_decimals(numbers.slice(1, 2)).tolist() == [2, -3]
        assert integers_of_decimals(numbers.slice(2, 2)).tolist() == [-3, 10**30]


def test_a_table_of_floats_has_the_law_of_its_decimals() -> None:
    path = Path(__file__).parents[1] / "fixtures" / "tables" / "tax_floats.parquet"
    assert es.solve(read(path)).value == 6
    assert es.solve(read(path, floats="binary")).value > 6
