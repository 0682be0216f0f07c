"""Readers: exactness, formats, line numbers, and what every bad input is told."""

import io
import random
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exactsparse.column import Column
from exactsparse.dataset import Dataset
from exactsparse.errors import ConflictingLabelsError, DataError, DataNotFoundError
from exactsparse.exact.numbers import parse_number
from exactsparse.readers import read
from exactsparse.readers.cells import (
    BadCell,
    column_in_bulk,
    column_of_cells,
    integers_of_decimals,
)
from exactsparse.readers.delimited import read_delimited, read_in_bulk, read_row_by_row
from exactsparse.readers.layout import layout_of

FILE = "data.csv"


def parse(text: str | bytes, y: str | None = None) -> Dataset:
    """Read text as if it were the file data.csv."""
    return read_delimited(text.encode() if isinstance(text, str) else text, FILE, y)


def points(data: Dataset) -> list[tuple[Any, ...]]:
    return [data.row(i) for i in range(len(data))]


def line_numbers(data: Dataset) -> list[int]:
    return [data.origin.row_number(i) for i in range(len(data))]


def entries(column: Column) -> list[Fraction]:
    return [column[i] for i in range(len(column))]


def taken_in_bulk(text: str | bytes) -> bool:
    data = text.encode() if isinstance(text, str) else text
    return read_in_bulk(data, layout_of(data, FILE, None)) is not None


def complaint(text: str | bytes, y: str | None = None) -> str:
    with pytest.raises(DataError) as caught:
        parse(text, y)
    message = str(caught.value)
    assert message.startswith(FILE)
    assert "\n" not in message
    return message


# --- cells -----------------------------------------------------------------------------------


def decimal_texts(digits: int, exponent: int) -> st.SearchStrategy[str]:
    """Decimals as people and programs write them: signs, zeros, bare points, exponents."""
    run = st.text("0123456789", min_size=1, max_size=digits)
    mantissa = st.one_of(
        run,
        run.map(lambda whole: whole + "."),
        run.map(lambda fraction: "." + fraction),
        st.tuples(run, run).map(".".join),
    )
    power = st.integers(-exponent, exponent)
    tail = st.one_of(
        st.just(""),
        st.tuples(st.sampled_from("eE"), st.sampled_from(["{}", "{:+}", "{:03}"]), power).map(
            lambda parts: parts[0] + parts[1].format(parts[2])
        ),
    )
    return st.tuples(st.sampled_from(["", "-", "+"]), mantissa, tail).map("".join)


@settings(max_examples=400)
@given(st.lists(decimal_texts(8, 30), min_size=1, max_size=6))
@example(["9" * 38])
@example(["9" * 39, "1"])
@example(["9" * 76])
@example(["1" * 38, "0.01"])  # pyarrow alone returns 9.02e35 for the first: it wraps at 2**128
@example(["1" * 75, "0.1", "-1"])
@example(["-9223372036854775808", "9223372036854775807"])
@example(["-9223372036854775809"])
@example(["9223372036854775808", "-1"])
@example(["18446744073709551616", "-18446744073709551616", "0"])
@example(["9007199254740993e-3", "1e3"])
@example(["0e0", "1e-300"])
@example(["1e300", "1"])
@example(["0.00012345678901234567", "9.881312916824931e-05", "1.5e-07", "3e2"])
@example(["-0", "-0.0", "+.0", "0.e0", "000"])
def test_bulk_conversion_is_exact(cells: list[str]) -> None:
    column = column_in_bulk(pa.array(cells))
    assert column is not None
    assert entries(column) == [Fraction(Decimal(cell)) for cell in cells]


@settings(max_examples=200)
@given(st.lists(decimal_texts(60, 400), min_size=1, max_size=5))
def test_long_decimals_are_exact(cells: list[str]) -> None:
    column = column_of_cells(pa.array(cells))
    assert isinstance(column, Column)
    assert entries(column) == [Fraction(Decimal(cell)) for cell in cells]


@settings(max_examples=600)
@given(st.text("0159+-.eE /,x\t", max_size=7))
@example("")
@example(".")
@example("-")
@example(".e1")
@example("1e")
@example("1e+")
@example("1e5e5")
@example("1.2.3")
@example(".-5")
@example("0x1F")
@example("1_000")
@example("nan")
@example("\u0661")
@example("1\u00a0")
@example("1e4294967297")
@example("0e100")
@example("1e-100")
@example("1e00000000001")
@example("1/0")
def test_bulk_conversion_accepts_nothing_that_parse_number_refuses(cell: str) -> None:
    in_bulk = column_in_bulk(pa.array([cell, "1"]))
    found = column_of_cells(pa.array(["1", cell]))
    try:
        number = parse_number(cell)
    except ValueError:
        assert in_bulk is None
        assert isinstance(found, BadCell)
        assert found.row == 1
    else:
        assert in_bulk is None or entries(in_bulk) == [number, 1]
        assert isinstance(found, Column)
        assert entries(found) == [1, number]


def test_ordinary_cells_are_converted_in_bulk() -> None:
    for cells in (["1", "-2.50", " 3e-2\t"], ["1.000000000000000056e-01", "-1.5e-17"]):
        column = column_in_bulk(pa.array(cells))
        assert column is not None
        assert entries(column) == [Fraction(Decimal(cell.strip())) for cell in cells]


def test_cells_too_long_or_too_far_apart_are_left_to_the_slow_path() -> None:
    for cells in (["1" * 78], ["9" * 77], ["0." + "3" * 77], ["1e200", "1e-200"], ["1/3"]):
        assert column_in_bulk(pa.array(cells)) is None
        column = column_of_cells(pa.array(cells))
        assert isinstance(column, Column)
        assert entries(column) == [parse_number(cell) for cell in cells]


def test_bad_cell_far_down_is_located() -> None:
    cells = ["0.25"] * 50_000
    cells[40_000] = "1/3"
    column = column_of_cells(pa.array(cells))
    assert isinstance(column, Column)
    assert column[39_999] == Fraction(1, 4)
    assert column[40_000] == Fraction(1, 3)
    cells[45_000] = "oops"
    found = column_of_cells(pa.array(cells))
    assert isinstance(found, BadCell)
    assert found.row == 45_000
    assert "line 45002, column 2 ('y')" in complaint("x,y\n1," + "\n1,".join(cells))


def test_short_decimals_are_held_as_float64() -> None:
    column = column_in_bulk(pa.array(["0.1", "1.5e-2", "2e3"]))
    assert column is not None
    assert column.is_float64
    assert column.scale == Fraction(1, 1000)


def test_sliced_and_chunked_cells() -> None:
    sliced = pa.array(["x", "1.5e1", "2", "y"]).slice(1, 2)
    column = column_in_bulk(sliced)
    assert column is not None
    assert entries(column) == [15, 2]
    column = column_in_bulk(pa.chunked_array([["0.5"], [], ["1", "2.25"]]))
    assert column is not None
    assert entries(column) == [Fraction(1, 2), 1, Fraction(9, 4)]


def test_five_thousand_digits() -> None:
    digits = "7" * 5000
    data = parse(f"x,y\n0.{digits},1\n2,{digits}\n")
    assert data.row(0)[0] == Fraction(Decimal("0." + digits))
    assert data.row(1)[1] == Fraction(Decimal(digits))


# --- delimited text --------------------------------------------------------------------------

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
    assert bulk.lines.tolist() == single.lines.tolist()


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
    assert len(read_row_by_row(big.encode(), layout).lines) == big.count("\n") - 1


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
        ("a,b\n#\n1,2\n#3,3\n3,4", ("a", "b"), [(1, 2), (3, 4)], [3, 5]),
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


# --- bad text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["empty"]),
        ("\n \n# only a comment\n", ["empty"]),
        ("\ufeff", ["empty"]),
        ("x,y\n", ["header on line 1", "no row"]),
        ("# c\n\nx,y\n# end\n", ["header on line 3", "no row"]),
        ("x\n1\n2\n", ["one column only", "label y"]),
        ("1\n2\n", ["one column only"]),
        ("x,y\n1,2\n\n3\n", ["line 4", "has 1 cell,", "line 1 has 2", "fill in"]),
        ("x,y\n1,2\n3,4,5\n", ["line 3", "has 3 cells", "line 1 has 2", "point"]),
        ("x;y\n1;2\n3;4;5\n", ["line 3", "has 3 cells", "remove"]),
        ("1 2\n3\n", ["line 2", "has 1 cell,", "line 1 has 2"]),
        ("x,y\n1,2\n3,abc\n", ["line 3, column 2 ('y')", "'abc' is not a finite number"]),
        ("1,2\nabc,4\n", ["line 2, column 1 ('c1')", "'abc'"]),
        ("x,y\n# c\n1,\n", ["line 3, column 2 ('y')", "empty"]),
        ("x,y\n , 2\n", ["line 2, column 1 ('x')", "empty"]),
        (",2\n3,4\n", ["line 1, column 1 ('c1')", "empty"]),
        ("x,y\n1,NaN\n", ["line 2, column 2 ('y')", "'NaN' is not a finite number", "remove"]),
        ("x,y\n-inf,1\n", ["line 2, column 1 ('x')", "'-inf' is not a finite number"]),
        ("nan,1\n1,2\n", ["line 1, column 1 ('c1')", "'nan'"]),
        ("x,y\n1,NA\n", ["line 2, column 2", "'NA'"]),
        ("x;y\n1,5;2\n", ["line 2, column 1 ('x')", "'1,5'", "point"]),
        ("1,5;2,5\n", ["line 1, column 1 ('c1')", "'1,5'", "point"]),
        ("x y\n1,5 2,5\n", ["line 2, column 1 ('x')", "'1,5'", "point"]),
        ("x\ty\n1\t-2,5e3\n", ["line 2, column 2 ('y')", "'-2,5e3'", "point"]),
        ('x,y\n"1,234.5",2\n', ["line 2, column 1 ('x')", "'1,234.5'", "thousands"]),
        ("x,y\n1,1e10001\n", ["line 2, column 2 ('y')", "exponent", "10000"]),
        ("x,y\n1,1/0\n", ["line 2, column 2 ('y')", "zero"]),
        ("x,y\n1,0x1F\n", ["line 2, column 2 ('y')", "'0x1F'"]),
        ("x,y\n1,1_000\n", ["line 2, column 2 ('y')", "'1_000'"]),
        ("x,y\n1,2 # note\n", ["line 2, column 2 ('y')", "'2 # note'"]),
        ("x,y\n1,2\n3,a\nb,4\n", ["line 3, column 2", "'a'"]),
        ("x,y\na,b\n", ["line 2, column 1", "'a'"]),
        ("x,2024\n1,2\n", ["line 1, column 1", "'x' is text", "'2024'", "column 2", "quotes"]),
        ('"x","2024"\n"1","2"\n', ["line 1, column 1", "'x' is text"]),
        ('x "a" "b",2024\n1,2\n', ["line 1, column 1", "is text"]),
        ("1,abc\n3,4\n", ["line 1, column 2", "'abc' is text", "'1'", "quotes"]),
        ('x,y\n1,"2\n3,4\n', ["line 2", "quote"]),
        ('x,y\n"1"2,3\n', ["line 2", "quote"]),
        (f"x,y\n1,{'z' * 1000}\n", ["line 2, column 2", "zzz…zzz"]),
        (f"x,y\n1,{'7' * 140_000}\n", ["line 2", "too long"]),
    ],
)
def test_bad_text_is_located(text: str, parts: list[str]) -> None:
    message = complaint(text)
    for part in parts:
        assert part in message
    assert len(message) < 500


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("top", ["", "\ufeff", "# c\n", "\n\n", "#\n\n#\n"])
def test_bad_cell_line_number_after_anything(newline: str, top: str) -> None:
    text = top + 'x,y\n1,2\n\n# 9,9\n"3","4"\n5,oops\n'
    line = text.split("\n").index("5,oops") + 1
    assert f"line {line}, column 2 ('y')" in complaint(text.replace("\n", newline))


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ("x,y\n1,2\n".encode("utf-16"), ["UTF-16", "UTF-8"]),
        ("x,y\n1,2\n".encode("utf-16-le"), ["UTF-16", "UTF-8"]),
        ("x,y\n1,2\n".encode("utf-16-be"), ["UTF-16", "UTF-8"]),
        ("x,y\n1,2\n".encode("utf-32"), ["UTF-16"]),
        ("x,y\n1,2\n# é\n".encode("latin-1"), ["line 3", "0xe9", "UTF-8"]),
        ("größe,y\r\n1,2\r\n".encode("latin-1"), ["line 1", "0xf6", "UTF-8"]),
        (b"PK\x03\x04\x00\x00", ["binary"]),
    ],
)
def test_bad_encodings(data: bytes, parts: list[str]) -> None:
    message = complaint(data)
    for part in parts:
        assert part in message


def test_unknown_label_lists_the_columns_and_suggests() -> None:
    message = complaint("weight,height\n1,2\n", y="Wieght")
    assert "no column named 'Wieght'" in message
    assert "did you mean 'weight'?" in message
    assert "weight, height" in message
    assert "did you mean" not in complaint("a,b\n1,2\n", y="zzzz")
    many = complaint(",".join(f"n{k}" for k in range(40)) + "\n" + ",".join("1" * 40), y="q")
    assert "and 20 more" in many


def test_unknown_label_without_header_says_the_names() -> None:
    message = complaint("1,2,3\n", y="price")
    assert "no column named 'price'" in message
    assert "c1 to c3" in message


def test_duplicate_name_is_refused_only_as_label() -> None:
    text = "a,a,b\n1,2,3\n"
    assert parse(text).feature_names == ("a", "a")
    assert "columns 1 and 2 are both named 'a'" in complaint(text, y="a")


# --- sources ---------------------------------------------------------------------------------


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
    with pytest.raises(DataError, match="folder"):
        read(tmp_path / f"folder{suffix}")


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".npz"])
def test_zero_byte_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"zero{suffix}"
    path.touch()
    with pytest.raises(DataError, match="file is empty"):
        read(path)


# --- NumPy -----------------------------------------------------------------------------------


def saved(tmp_path: Path, array: Any) -> Path:
    path = tmp_path / "data.npy"
    np.save(path, array)
    return path


def archived(tmp_path: Path, **arrays: Any) -> Path:
    path = tmp_path / "data.npz"
    np.savez_compressed(path, **arrays)
    return path


def refused(path: Path, *parts: str, y: str | None = None) -> None:
    with pytest.raises(DataError) as caught:
        read(path, y)
    message = str(caught.value)
    assert message.startswith(str(path))
    for part in parts:
        assert part in message


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


def test_floats_are_dyadic_and_large_integers_exact(tmp_path: Path) -> None:
    assert read(saved(tmp_path, [[0.1, 1.0]])).row(0)[0] == Fraction(0.1) != Fraction(1, 10)
    top = np.array([[2**64 - 1, 0]], dtype=np.uint64)
    assert points(read(saved(tmp_path, top)))[0] == (2**64 - 1, 0)
    low = np.array([[-(2**63), 2**63 - 1]])
    assert points(read(saved(tmp_path, low)))[0] == (-(2**63), 2**63 - 1)


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


class Trap:
    """Unpickling this would raise."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (pytest.fail, ("the file was unpickled",))


def test_pickles_are_never_loaded(tmp_path: Path) -> None:
    import pickle

    path = tmp_path / "trap.npy"
    path.write_bytes(pickle.dumps(Trap()))
    refused(path, "pickled objects", "never loaded")
    np.save(path, np.array([[Trap(), 1]], dtype=object))
    refused(path, "pickled objects", "never loaded")


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


def test_slices_of_decimals() -> None:
    for kind in (pa.decimal128(38, 0), pa.decimal256(76, 0)):
        numbers = pa.array(["1", "2", "-3", str(10**30)]).cast(kind)
        assert integers_of_decimals(numbers.slice(1, 2)).tolist() == [2, -3]
        assert integers_of_decimals(numbers.slice(2, 2)).tolist() == [-3, 10**30]


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


def check_every_damage(path: Path, whole: bytes) -> None:
    """Random damage is either harmless or refused as bad data; nothing else may be raised."""
    source = random.Random(0)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(source.randint(1, 3)):
            damaged[source.randrange(len(whole))] = source.randrange(256)
        path.write_bytes(damaged)
        try:
            read(path)
        except DataError as error:
            assert str(error).startswith(str(path))
            assert "\n" not in str(error)


# --- Parquet ---------------------------------------------------------------------------------


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
        [0.1, 1e-300],
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
    from exactsparse.readers.parquet import read_parquet

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
