"""The last written digit of a column."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.problem.column import Column
from exactsparse.problem.written import half_unit, half_unit_of_cells, places_of


@pytest.mark.parametrize(
    ("cells", "half"),
    [
        (["12.30"], "0.005"),
        (["1200"], "0.5"),
        (["1.2e3"], "50"),
        (["1.2e3", "1200"], "0.5"),
        (["12.3", "12.34", "7"], "0.005"),
        (["5."], "0.5"),
        ([".5"], "0.05"),
        (["-1E-3", "+2e+2"], "0.0005"),
        (["0"], "0.5"),
    ],
)
def test_cells(cells: list[str], half: str, tmp_path: object) -> None:
    assert half_unit_of_cells(cells) == Fraction(half)
    assert half_unit(_read(cells, tmp_path)) == Fraction(half)


def _read(cells: list[str], folder: object) -> Column:
    path = f"{folder}/table.csv"
    with open(path, "w") as file:
        file.write("x,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)))
    return es.read(path).labels


def test_numbers_that_were_never_text() -> None:
    assert half_unit(Column.from_array(np.array([1, 200]))) == Fraction(1, 2)
    assert half_unit(Column.from_array(np.array([3.0, 0.125]))) == Fraction(1, 2000)
    assert half_unit(Column.from_array(np.array([1e22, 1e-7]))) == Fraction(1, 2 * 10**7)
    assert half_unit(Column.from_array(np.array(["0.5", "1.5"]))) == Fraction(1, 20)
    assert half_unit(Column.from_fractions([Fraction(1, 8), Fraction(2)])) == Fraction(1, 2000)
    assert half_unit(Column.from_fractions([Fraction(10**40), Fraction(1)])) == Fraction(1, 2)
    odd = Column(np.array([0.5, 2.0]), Fraction(1, 10))
    assert half_unit(odd) == Fraction(1, 200)


def test_quotients_have_no_last_digit() -> None:
    with pytest.raises(ValueError, match="give a tolerance"):
        half_unit(Column.from_fractions([Fraction(1, 3)]))
    with pytest.raises(ValueError, match="'1/3' is no decimal"):
        half_unit_of_cells(["1", "1/3"])
    with pytest.raises(ValueError, match="no cell"):
        half_unit_of_cells([])
    assert places_of("nan") is None


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_long_columns_are_read_as_their_text(values: list[float]) -> None:
    column = Column(np.array([*values, 0.5]), rounded=True)
    long = Column(np.tile(column.values, 2_000), rounded=True)
    assert half_unit(long) == half_unit(column)
