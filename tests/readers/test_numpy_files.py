"""NumPy arrays and archives: exactness, refusals, damage."""

import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.readers import read
from tests.payload import Payload
from tests.readers.common import check_every_damage, line_numbers, points, refused


def saved(tmp_path: Path, array: Any) -> Path:
    path = tmp_path / "data.npy"
    np.save(path, array)
    return path


def archived(tmp_path: Path, **arrays: Any) -> Path:
    path = tmp_path / "data.npz"
    np.savez_compressed(path, **arrays)
    return path


@pytest.mark.parametrize(
    "dtype", ["f2", "f4", "f8", ">f8", "i1", "i8", "u1", "u8", "<i2", "longdouble"]
)
def test_arrays_of_every_type(tmp_path: Path, dtype: str) -> None:
    array = np.array([[1, 2, 3], [4, 5, 6]]).astype(dtype) / (
        2 if "i" not in dtype and "u" not in dtype else 1
    )
    array = array.astype(dtype)
    data = read(saved(tmp_path, array))
    assert points(data) == [tuple(Fraction(float(v)) for v in row) for row in array]
    assert (*data.feature_names, data.label_name) == ("c1", "c2", "c3")
    assert line_numbers(data) == [0, 1]


def test_floats_are_decimals_and_large_integers_exact(tmp_path: Path) -> None:
    assert read(saved(tmp_path, [[0.1, 1.0]])).row(0)[0] == Fraction(1, 10)
    top = np.array([[2**64 - 1, 0]], dtype=np.uint64)
    assert points(read(saved(tmp_path, top)))[0] == (2**64 - 1, 0)
    low = np.array([[-(2**63), 2**63 - 1]])
    assert points(read(saved(tmp_path, low)))[0] == (-(2**63), 2**63 - 1)


def test_arrays_that_are_not_read_are_named(tmp_path: Path) -> None:
    X, y = np.array([[1, 2], [3, 4]]), np.array([0.5, 1.5])
    data = read(archived(tmp_path, X_train=X, y_train=y, X_test=X, y_test=y))
    assert data.notes == ("left out: 'X_test', 'y_test'",)
    assert read(archived(tmp_path, X=X, y=y)).notes == ()


def test_missing_entries_are_dropped_and_counted(tmp_path: Path) -> None:
    table = np.array([[1, 2, 3], [np.nan, 5, 6], [7, np.nan, 8], [9, 10, np.nan], [0, 0, 1]])
    path = saved(tmp_path, table)
    refused(path, "column 1 ('c1'), row 1", "nan")
    data = read(path, drop_missing=True)
    assert points(data) == [(1, 2, 3), (0, 0, 1)]
    assert line_numbers(data) == [0, 4]
    assert data.notes == ("3 rows with a missing cell dropped",)
    assert points(read(path, x=["c2"], drop_missing=True)) == [(2, 3), (5, 6), (0, 1)]
    table[4, 2] = np.inf
    with pytest.raises(es.DataError, match=r"row 4 .* inf"):
        read(saved(tmp_path, table), drop_missing=True)
    with pytest.raises(es.DataError, match="leaves none"):
        read(saved(tmp_path, table * np.nan), drop_missing=True)


def test_array_order_and_label(tmp_path: Path) -> None:
    array = np.asfortranarray(np.arange(12.0).reshape(4, 3))
    data = read(saved(tmp_path, array), y="c2")
    assert points(data) == [tuple(map(Fraction, row)) for row in array[:, [0, 2, 1]]]
    refused(saved(tmp_path, array), "no column named 'y'", "c1 to c3", y="y")


def test_archives(tmp_path: Path) -> None:
    X, y = np.array([[1, 2], [3, 4]]), np.array([0.5, 1.5])
    expected = [(1, 2, Fraction(1, 2)), (3, 4, Fraction(3, 2))]
    for archive in (
        archived(tmp_path, X=X, y=y),
        archived(tmp_path, x=X, y=y[:, None]),
        archived(tmp_path, anything=np.column_stack((X, y))),
    ):
        assert points(read(archive)) == expected
    data = read(archived(tmp_path, X=X, y=y))
    assert (*data.feature_names, data.label_name) == ("x1", "x2", "y")
    data = read(archived(tmp_path, X=X[:, 0], t=y), y="t")
    assert (*data.feature_names, data.label_name) == ("x", "t")
    assert points(data) == [(1, Fraction(1, 2)), (3, Fraction(3, 2))]


def test_bad_archives(tmp_path: Path) -> None:
    X, y = np.ones((2, 2)), np.ones(2)
    refused(archived(tmp_path), "holds nothing")
    refused(archived(tmp_path, X=X, t=y), "holds 'X', 't'", "named X and y")
    refused(archived(tmp_path, X=X, y=y), "holds 'X', 'y'", "X and z", y="z")
    refused(archived(tmp_path, X=X, y=y), "named X and X", y="X")
    refused(archived(tmp_path, a=X, b=y), "holds 'a', 'b'")
    refused(archived(tmp_path, X=X, y=np.ones(3)), "(2, 2)", "(3,)")
    refused(archived(tmp_path, X=np.ones((2, 2, 2)), y=y), "(2, 2, 2)")
    refused(archived(tmp_path, X=X, y=np.ones((2, 2))), "y has shape (2, 2)")
    refused(archived(tmp_path, X=np.ones((2, 0)), y=y), "column")
    refused(archived(tmp_path, X=np.ones((0, 2)), y=np.ones(0)), "no row")
    refused(archived(tmp_path, X=X, y=np.array([1j, 2])), "y: entries of type complex128")
    refused(archived(tmp_path, X=np.array([[None]]), y=y), "X: this is no array", "pickled")
    refused(archived(tmp_path, X=X, y=np.array([1, np.nan])), "column 3 ('y'), row 1", "nan")
    refused(archived(tmp_path, only=y), "only: the array has shape (2,)")


@pytest.mark.parametrize(
    ("array", "parts"),
    [
        (np.array(1.0), ["shape ()", "two dimensions"]),
        (np.ones(3), ["shape (3,)", "two dimensions"]),
        (np.ones((2, 2, 2)), ["shape (2, 2, 2)"]),
        (np.ones((0, 2)), ["no row"]),
        (np.ones((3, 1)), ["one column only"]),
        (np.array([[1j, 2]]), ["complex128"]),
        (np.array([[True, False]]), ["bool"]),
        (np.array([["1", "2"]]), ["<U1"]),
        (np.array([[b"1", b"2"]]), ["|S1"]),
        (np.array([["2020-01-01", "2020-01-02"]], dtype="M8[D]"), ["datetime64"]),
        (np.array([(1, 2)], dtype=[("a", "f8"), ("b", "f8")]), ["real numbers"]),
        (np.array([[1, None]]), ["pickled objects", "never loaded"]),
        (np.array([[1.0, 2], [3, np.nan]]), ["column 2 ('c2'), row 1 (counting from 0)", "nan"]),
        (np.array([[1.0, 2], [-np.inf, 1]]), ["column 1 ('c1'), row 1", "-inf", "mend"]),
    ],
)
def test_bad_arrays(tmp_path: Path, array: Any, parts: list[str]) -> None:
    refused(saved(tmp_path, array), *parts)


def test_pickles_are_never_loaded(tmp_path: Path) -> None:
    path, payload = tmp_path / "trap.npy", Payload(tmp_path / "created")
    path.write_bytes(pickle.dumps(payload))
    refused(path, "pickled objects", "never loaded")
    np.save(path, np.array([[payload, 1]], dtype=object))
    refused(path, "pickled objects", "never loaded")
    assert not payload.path.exists()


def test_damaged_numpy_files(tmp_path: Path) -> None:
    array = np.random.default_rng(0).normal(size=(20, 3))
    for path in (saved(tmp_path, array), archived(tmp_path, X=array, y=array[:, 0])):
        whole = path.read_bytes()
        for cut in (1, 5, 9, 50, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:cut])
            refused(path)
        path.write_bytes(b"x,y\n1,2\n")
        refused(path)
        check_every_damage(path, whole)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (True, 2)}",
        "{'descr': '<f8'}",
        "{[]: 1}",
        "((((",
        "  x\n y",
        "",
    ],
)
def test_nonsense_in_the_header_of_an_array(tmp_path: Path, header: str) -> None:
    path = tmp_path / "data.npy"
    line = header.encode().ljust(117) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + bytes(16))
    refused(path, "damaged")


@pytest.mark.parametrize(("field", "value"), [(6, 1), (8, 99)])
def test_encrypted_or_unknown_compression(tmp_path: Path, field: int, value: int) -> None:
    path = archived(tmp_path, X=np.ones(3), y=np.ones(3))
    data = bytearray(path.read_bytes())
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        place = data.find(mark)
        while place >= 0:
            data[place + field + shift] = value
            place = data.find(mark, place + 1)
    path.write_bytes(data)
    refused(path, "damaged")


def test_floats_may_be_the_numbers_that_they_hold(tmp_path: Path) -> None:
    path = saved(tmp_path, [[0.1, 1.0]])
    assert read(path, floats="binary").row(0)[0] == Fraction(0.1)
    assert read(path, floats="decimal").row(0)[0] == Fraction(1, 10)
    with pytest.raises(es.DataError, match="decimal or binary"):
        read(path, floats="dyadic")
    table = tmp_path / "table.csv"
    table.write_text("x,y\n0,1\n")
    with pytest.raises(es.DataError, match="--floats has no use"):
        read(table, floats="binary")


def test_archives_of_training_data(tmp_path: Path) -> None:
    path = tmp_path / "train.npz"
    np.savez(path, X_train=[[0.1], [0.2]], y_train=[1, 2], X_test=[[3]])
    assert points(read(path)) == [(Fraction(1, 10), 1), (Fraction(1, 5), 2)]
