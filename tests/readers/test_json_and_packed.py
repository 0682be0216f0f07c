"""JSON lines, arrays of objects, and packed text."""

import gzip
import os
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse.readers import read
from tests.readers.common import line_numbers, points, refused

HINGE = [(x, max(Fraction(0), x - 2)) for x in map(Fraction, ("0", "1", "2.5", "4", "5.5"))]
LINES = '{"x": 0, "y": 0}\n{"x": 1.0, "y": 0}\n\n{"y": 0.5, "x": 2.5}\n{"x": 4, "y": 2}\n'
LINES += '{"x": "5.5", "y": 35e-1}\n'


def saved(tmp_path: Path, text: str | bytes, name: str = "t.jsonl") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("name", ["t.jsonl", "t.ndjson", "t.json", "t.jsonl.gz", "t.json.gz"])
def test_lines_of_objects(tmp_path: Path, name: str) -> None:
    text: bytes = gzip.compress(LINES.encode()) if name.endswith(".gz") else LINES.encode()
    data = read(saved(tmp_path, text, name))
    assert points(data) == HINGE
    assert (data.feature_names, data.label_name) == (("x",), "y")
    assert line_numbers(data) == [1, 2, 4, 5, 6]
    assert [place for place, _ in es.solve(data).law.knots()] == [2]


def test_numbers_are_never_floats(tmp_path: Path) -> None:
    text = '{"x": 0.12345678901234567890123, "y": 9007199254740993}\n'
    data = read(saved(tmp_path, text))
    assert points(data)[0] == (Fraction("0.12345678901234567890123"), 2**53 + 1)


@pytest.mark.parametrize(
    ("text", "rows", "names"),
    [
        ('[{"a": 1, "b": 2},\n {"a": 3, "b": 4}]', [(1, 2), (3, 4)], ("a", "b")),
        ("[[1, 2], [3, 4]]", [(1, 2), (3, 4)], ("c1", "c2")),
        ('[["a", "b"], [1, 2]]', [(1, 2)], ("a", "b")),
        ("[1, 2]\n[3, 4]\n", [(1, 2), (3, 4)], ("c1", "c2")),
        ('{"a": 1, "b": 2}', [(1, 2)], ("a", "b")),
    ],
)
def test_forms(tmp_path: Path, text: str, rows: list[Any], names: tuple[str, str]) -> None:
    data = read(saved(tmp_path, text, "t.json"))
    assert points(data) == rows
    assert (*data.feature_names, data.label_name) == names


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["empty"]),
        ("x,y\n1,2\n", ["line 1", "no JSON"]),
        ('{"x": 1, "y": 2}\n{"x": 1,\n', ["line 2", "no JSON"]),
        ('{"x": 1, "y": null}\n', ["line 1", "'null'", "--drop-missing"]),
        ('{"x": 1, "y": 2}\n{"x": 2}\n', ["line 2", "no key 'y'", "--drop-missing"]),
        ('{"x": 1, "y": 2}\n{"x": 2, "y": 3, "z": 4}\n', ["line 2", "'z'", "first row"]),
        ('{"x": 1, "x": 2, "y": 3}\n', ["line 1", "twice"]),
        ('{"x": 1, "y": true}\n', ["line 1", "'true'", "1 and 0"]),
        ('{"x": 1, "y": NaN}\n', ["line 1", "'NaN'"]),
        ('{"x": 1, "y": -Infinity}\n', ["line 1", "'-Infinity' is not a finite number"]),
        ('{"x": 1, "y": [2]}\n', ["line 1, key 'y'", "an array is no number"]),
        ('{"x": 1, "y": {"z": 2}}\n', ["line 1, key 'y'", "an object is no number"]),
        ('{"x": [0, 1], "y": [2, 3]}\n', ["line 1, key 'x'", "an array is no number"]),
        ("[1, 2]\n[1, 2, 3]\n", ["line 2", "3 cells", "line 1 has 2"]),
        ('[1, 2]\n{"x": 1, "y": 2}\n', ["line 2", "no row like the first"]),
        ("7\n", ["line 1", "no row"]),
        ("[" * 100_000 + "\n", ["line 1", "no JSON"]),
        (f'{{"x": 1, "y": {"7" * 100_000}}}\n', ["line 1", "100,000 characters is too long"]),
        ('{"x": 1, "y": "\\u000b5"}\n', ["line 1", r"'\x0b5' is not a finite number"]),
        ('{"x": 1, "y": 1e999999999}\n', ["line 1", "exponent"]),
        ('{"x": "2024-01-01", "y": 1}\n', ["line 1", "--dates"]),
    ],
)
def test_bad_lines_are_located(tmp_path: Path, text: str, parts: list[str]) -> None:
    refused(saved(tmp_path, text), *parts)


def test_missing_cells_and_dates_on_request(tmp_path: Path) -> None:
    text = '{"d": "2024-02-28", "y": 1}\n{"d": "2024-03-01T12:00:00Z", "y": null}\n{"d": "x"}\n'
    path = saved(tmp_path, text + '{"d": "2024-03-01", "y": 3}\n')
    data = read(path, drop_missing=True, dates=True)
    assert points(data) == [(0, 1), (2, 3)]
    assert data.notes[0] == "2 rows with a missing cell dropped"
    assert line_numbers(data) == [1, 4]


def test_the_keys_of_objects_are_their_names(tmp_path: Path) -> None:
    with pytest.raises(es.DataError, match="--header has no use with objects"):
        read(saved(tmp_path, LINES), header=False)
    assert points(read(saved(tmp_path, "[1, 2]\n[3, 4]\n"), header=True)) == [(3, 4)]


def test_a_packed_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe.csv.gz"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[gzip.compress(b"x,y\n1,2\n")])
    writer.start()
    assert points(read(path)) == [(1, 2)]
    writer.join()


def test_packed_text(tmp_path: Path) -> None:
    text = b"x;y\n0,5;1\n2,5;3\n"
    data = read(saved(tmp_path, gzip.compress(text[:6]) + gzip.compress(text[6:]), "t.CSV.GZ"))
    assert points(data) == [(Fraction(1, 2), 1), (Fraction(5, 2), 3)]
    whole = gzip.compress(text)
    for damaged in (b"", text, whole[:-3], whole[:20] + b"\0" + whole[21:], whole + b"x"):
        if damaged:
            refused(saved(tmp_path, damaged, "t.csv.gz"), "damaged or no gzip file")
    refused(saved(tmp_path, b"", "t.csv.gz"), "empty")
    refused(saved(tmp_path, whole, "t.npy.gz"), "unpack this .npy file")
    refused(saved(tmp_path, whole, "t.csv"), "a gzip file", ".gz")


def test_packed_text_that_inflates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exactsparse.readers.limits.MOST_UNPACKED", 1 << 20)
    row = b"1,1\n"
    at_limit = gzip.compress(row * (1 << 18))
    assert len(read(saved(tmp_path, at_limit, "t.csv.gz"))) == 1 << 18
    refused(saved(tmp_path, gzip.compress(row * (1 << 18) + b"\n"), "t.csv.gz"), "gunzip")


@pytest.mark.parametrize("suffix", ["xls", "zip", "h5", "pkl", "mat"])
def test_kinds_that_are_not_read_are_named(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path, b"x,y\n1,2\n", f"t.{suffix}")
    with pytest.raises(es.DataError, match=r"save it as|unpack it|save the table"):
        read(path)
