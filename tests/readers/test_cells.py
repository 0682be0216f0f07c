"""Text cells become exact columns, in bulk and one by one."""

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exactsparse.exact.numbers import parse_number
from exactsparse.problem.column import Column
from exactsparse.readers.cells import BadCell, column_in_bulk, column_of_cells
from tests.readers.common import complaint, decimal_texts, entries, parse


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
