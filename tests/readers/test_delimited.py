"""Delimited text: forms, both paths, line numbers."""

import gzip
import io
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse.errors import ConflictingLabelsError, DataError, DataNotFoundError
from exactsparse.exact.numbers import parse_number
from exactsparse.readers import read
from exactsparse.readers.delimited import read_in_bulk, read_row_by_row
from exactsparse.readers.layout import layout_of
from tests.readers.common import (
    FILE,
    complaint,
    decimal_texts,
    entries,
    line_numbers,
    parse,
    points,
    taken_in_bulk,
)

NUMBERS = st.one_of(
    decimal_texts(12, 20),
    decimal_texts(45, 5),
    st.sampled_from(["1/3", "-7/2", "1e-400", "0", "1"]),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, list[int]]:
    """Cells, a text that holds them, and the line of each row."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=6))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " ", "   ", " \t "]))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines: list[str] = []
    numbers: list[int] = []
    if draw(st.booleans()):
        lines.append(delimiter.join(f"name{k}" for k in range(width)))
    header = bool(lines)
    for row in rows:
        noise = st.lists(st.sampled_from(["", "# 1,2", "#", "  ", "  # a"]), max_size=2)
        lines.extend(draw(noise))
        # A first row in quotes above one without is a header.
        quoted = (header or bool(numbers)) and draw(st.booleans())
        lines.append(delimiter.join(f'"{cell}"' if quoted else cell for cell in row))
        numbers.append(len(lines))
    text = newline.join(lines) + draw(st.sampled_from(["", newline, 2 * newline]))
    return rows, draw(st.sampled_from(["", "\ufeff"])) + text, numbers


@settings(max_examples=250)
@given(tables())
def test_tables_are_read_exactly_with_their_line_numbers(
    table: tuple[list[list[str]], str, list[int]],
) -> None:
    rows, text, numbers = table
    data = parse(text)
    assert points(data) == [tuple(parse_number(cell) for cell in row) for row in rows]
    assert line_numbers(data) == numbers


@settings(max_examples=200)
@given(
    st.lists(st.tuples(decimal_texts(9, 9), decimal_texts(9, 9)), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from(["", "x{}y\n", "# c\n\nx{}y\n\n"]),
    st.booleans(),
)
def test_both_paths_agree(
    rows: list[tuple[str, str]], delimiter: str, top: str, quoted: bool
) -> None:
    form = '"{}"{}"{}"\n' if quoted else "{}{}{}\n"
    text = top.format(delimiter) + "# note\n\n".join(form.format(a, delimiter, b) for a, b in rows)
    layout = layout_of(text.encode(), FILE, None)
    bulk, single = read_in_bulk(text.encode(), layout), read_row_by_row(text.encode(), layout)
    assert bulk is not None
    assert [entries(c) for c in bulk.columns] == [entries(c) for c in single.columns]
    assert bulk.numbers.tolist() == single.numbers.tolist()


def test_many_rows_across_blocks() -> None:
    n = 40_000
    text = "x,y\n" + "".join(f"{k}.{k:0300d},-{k}e-2\n" for k in range(n))
    data = parse(text.replace("0" * 290, ""))
    assert len(data) == n
    assert points(data)[n - 1] == (Fraction(Decimal(f"{n - 1}.00000{n - 1}")), Fraction(1 - n, 100))
    assert data.origin.row_number(n - 1) == n + 1
    big = text[: 3 << 22]
    big = big[: big.rindex("\n") + 1]
    layout = layout_of(big.encode(), FILE, None)
    assert len(read_row_by_row(big.encode(), layout).numbers) == big.count("\n") - 1


@pytest.mark.parametrize(
    ("text", "names", "rows", "lines"),
    [
        ("a,b\n1,2\n3,4\n", ("a", "b"), [(1, 2), (3, 4)], [2, 3]),
        ("1,2\n3,4", ("c1", "c2"), [(1, 2), (3, 4)], [1, 2]),
        ("a;b\n1;2\n", ("a", "b"), [(1, 2)], [2]),
        ("a\tb\n1\t2\n", ("a", "b"), [(1, 2)], [2]),
        ("a|b\n1|2\n", ("a", "b"), [(1, 2)], [2]),
        ("  a   b\n 1  \t 2  \n\t3 4\n", ("a", "b"), [(1, 2), (3, 4)], [2, 3]),
        ("a, b \n1, 2\n 3 ,\t4 \n", ("a", "b"), [(1, 2), (3, 4)], [2, 3]),
        ("\ufeffa,b\r\n1,2\r\n\r\n3,4\r\n", ("a", "b"), [(1, 2), (3, 4)], [2, 4]),
        ("a,b\r1,2\r3,4\r", ("a", "b"), [(1, 2), (3, 4)], [2, 3]),
        ("# t\n\na,b\n# u\n1,2\n\n  # v\n3,4\n#", ("a", "b"), [(1, 2), (3, 4)], [5, 8]),
        ("a,b\n#\n1,2\n# 3,3\n3,4", ("a", "b"), [(1, 2), (3, 4)], [3, 5]),
        ("a,b\n   \n1,2\n", ("a", "b"), [(1, 2)], [3]),
        ('"a, the first","b ""q"""\n"1","2"\n', ("a, the first", 'b "q"'), [(1, 2)], [2]),
        ('"a\nb",c\n1,2\n', ("a b", "c"), [(1, 2)], [3]),
        ('a,b\n"1\n",2\n\n3,4\n', ("a", "b"), [(1, 2), (3, 4)], [2, 5]),
        ('a,b\n1, "2"\n', ("a", "b"), [(1, 2)], [2]),
        ('"","b"\n"1",2\n', ("c1", "b"), [(1, 2)], [2]),
        ('"2023","2024"\n1,2\n', ("2023", "2024"), [(1, 2)], [2]),
        ('"x","2024"\n1,2\n', ("x", "2024"), [(1, 2)], [2]),
        ("x y,z w\n1,2\n", ("x y", "z w"), [(1, 2)], [2]),
        ("größe,y\n1,2\n# é\n", ("größe", "y"), [(1, 2)], [2]),
        ("nan,x\n1,2\n", ("nan", "x"), [(1, 2)], [2]),
        ("a,b\n1/3,2\n", ("a", "b"), [(Fraction(1, 3), 2)], [2]),
        ("a,b\n1,2", ("a", "b"), [(1, 2)], [2]),
        ("1 2\n", ("c1", "c2"), [(1, 2)], [1]),
        ('"1","2"\n"3","4"\n', ("c1", "c2"), [(1, 2), (3, 4)], [1, 2]),
    ],
)
def test_forms_of_text(
    text: str, names: tuple[str, ...], rows: list[tuple[Any, ...]], lines: list[int]
) -> None:
    data = parse(text)
    assert (*data.feature_names, data.label_name) == names
    assert points(data) == rows
    assert line_numbers(data) == lines


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1.5,2\n",
        "1,2\n3,4",
        "# c\na;b\r\n1;2\r\n\r\n3;4\r\n".replace("\r\n", "\n"),
        "a  b\n 1   2\n# c\n3\t4\n",
        'a,b\n"1.5","2"\n',
        "a,b\n1e-5,1.000000000000000056e-01\n",
        "a, b\n1, 2\n",
    ],
)
def test_common_forms_take_the_fast_path(text: str) -> None:
    assert taken_in_bulk(text)


@pytest.mark.parametrize(
    "text", ['a,b\n1,1\n"1"2,3\n', 'a,b\n1,1\n1,"2\n', "a,b\n1/2,1\n", "a,b\n1,2,3\n"]
)
def test_unusual_rows_leave_the_fast_path(text: str) -> None:
    assert not taken_in_bulk(text)


def test_decimals_are_not_floats() -> None:
    assert points(parse("x,y\n0.1,-.5e-1\n5.,+7\n")) == [
        (Fraction(1, 10), Fraction(-1, 20)),
        (Fraction(5), Fraction(7)),
    ]


def test_y_names_the_label() -> None:
    data = parse("a,b,c\n1,2,3\n4,5,6\n", y="b")
    assert data.feature_names == ("a", "c")
    assert data.label_name == "b"
    assert points(data) == [(1, 3, 2), (4, 6, 5)]
    assert points(parse("1,2,3\n", y="c1"))[0] == (2, 3, 1)


def test_y_settles_that_a_mixed_first_row_is_the_header() -> None:
    data = parse("2023,2024,price\n1,2,3\n", y="price")
    assert data.feature_names == ("2023", "2024")
    assert points(data) == [(1, 2, 3)]


def test_y_does_not_turn_a_row_with_that_number_into_a_header() -> None:
    assert "'abc' is text" in complaint("abc,2\n1,2\n", y="2")


def test_conflicting_labels_name_the_lines() -> None:
    data = parse("# two\nx,y\n1,2\n\n1.0,3\n")
    with pytest.raises(ConflictingLabelsError, match="rows 3 and 5"):
        _ = data.canonical


def test_digest_does_not_depend_on_the_path_taken() -> None:
    fast, slow = "x,y\n0.50,1\n2,3e-1\n", "x,y\n1/2,1/1\n2,3/10\n"
    assert taken_in_bulk(fast)
    assert not taken_in_bulk(slow)
    assert parse(fast).digest == parse(slow).digest


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt", ".CSV", ".dat", ""])
def test_text_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"points{suffix}"
    path.write_text("x\ty\n0.1\t2\n")
    for source in (path, str(path)):
        data = read(source)
        assert points(data) == [(Fraction(1, 10), 2)]
        assert data.origin.name == str(path)
        assert data.origin.row_number(0) == 2


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfx,y\r\n1,2\r\n")))
    data = read("-")
    assert points(data) == [(1, 2)]
    assert str(data.origin) == "standard input"
    packed = gzip.compress(b"x,y\n1,2\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed)))
    assert points(read("-")) == [(1, 2)]
    monkeypatch.setattr(sys, "stdin", io.StringIO("x,y\n1,2\n3,z\n"))
    with pytest.raises(DataError, match=r"standard input, line 3, column 2 \('y'\)"):
        read("-")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(DataError, match="standard input: the file is empty"):
        read("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataNotFoundError, match="standard input"):
        read("-")


def test_missing_and_unreadable_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataNotFoundError, match=r"nowhere\.csv: there is no such file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(FileNotFoundError):
        read("")
    with pytest.raises(DataNotFoundError, match="not a file name"):
        read("a\0b")
    (tmp_path / "file").write_text("1,2\n")
    with pytest.raises(DataNotFoundError, match="cannot be opened"):
        read(tmp_path / "file" / "below.npy")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(DataNotFoundError, match=r"Permission denied.*permissions"):
        read(tmp_path / "file")


def test_file_that_fails_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("builtins.open", lambda *_: Failing())
    for suffix in (".csv", ".npy"):
        with pytest.raises((DataNotFoundError, DataError), match="Input/output error"):
            read(tmp_path / f"bad{suffix}")


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".npz", ".parquet"])
def test_folder(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"folder{suffix}").mkdir()
    with pytest.raises(DataError, match="this is a folder"):
        read(tmp_path / f"folder{suffix}")


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".npz"])
def test_zero_byte_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"zero{suffix}"
    path.touch()
    with pytest.raises(DataError, match="file is empty"):
        read(path)
