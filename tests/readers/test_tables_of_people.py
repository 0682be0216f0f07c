"""Tables as people and their programs write them: read and noted, or refused by cell and option."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse.errors import DataError
from exactsparse.problem.dataset import Dataset
from exactsparse.readers import read
from tests.readers.common import complaint, parse, points

TABLES = Path(__file__).parents[1] / "fixtures" / "tables"
HINGE = [(x, max(Fraction(0), x - 2)) for x in map(Fraction, ("0", "1", "2.5", "4", "5.5"))]
THOUSANDS = [(1000 * x, 1000 * y) for x, y in HINGE]
PERCENT = [(10 * x, 10 * y) for x, y in HINGE]
WHOLE = [(0, 0), (1, 0), (3, 1), (4, 2), (5, 3)]
ABSOLUTE = [(k, abs(k)) for k in range(-2, 3)]
HEADED = [(2020, 2021), *HINGE]
KNOTS = [(HINGE, 2), (HINGE[:4], 2), (THOUSANDS, 2000), (PERCENT, 20), (ABSOLUTE, 0), (WHOLE, 2)]


def table(name: str, **options: Any) -> Dataset:
    return read(TABLES / name, **options)


@pytest.mark.parametrize(
    ("name", "options", "rows", "names", "note"),
    [
        ("semicolon_decimal_comma.csv", {}, HINGE, ("x", "y"), "decimal commas"),
        ("space_delim_comma_dec.txt", {}, HINGE, ("c1", "c2"), "decimal commas"),
        ("utf16le_bom_tab.csv", {}, HINGE, ("x", "y"), "UTF-16"),
        ("utf16_nobom.csv", {}, HINGE, ("x", "y"), "UTF-16"),
        ("cp1252_header.csv", {}, HINGE, ("T (°C)", "R (ohm)"), "Windows-1252"),
        ("units_row.csv", {}, HINGE, ("T", "R"), "T in degC, R in ohm"),
        (
            "units_beside_words.csv",
            {"x": ["T"], "y": "R"},
            HINGE,
            ("T", "R"),
            "T in degC, R in ohm",
        ),
        ("sep_line.csv", {}, HINGE, ("x", "y"), "';'"),
        ("fortran_d.dat", {}, HINGE, ("c1", "c2"), "line 1 is taken as data"),
        ("percent_comment.dat", {}, HINGE, ("x", "y"), "2 comment lines"),
        ("bang_comment.dat", {}, HINGE, ("c1", "c2"), "1 comment line"),
        ("indexed_header_hash.txt", {}, HINGE, ("x", "y"), "names of columns"),
        ("trailing_delim.csv", {}, HINGE, ("x", "y"), "column 3"),
        ("thousands_quoted.csv", {"thousands": ","}, THOUSANDS, ("income", "tax"), ""),
        ("nbsp_thousands.csv", {"thousands": " "}, THOUSANDS, ("income", "tax"), ""),
        ("currency.csv", {}, THOUSANDS, ("income", "tax"), "in $"),
        ("percent.csv", {}, PERCENT, ("load", "eff"), "in percent"),
        ("unicode_minus.csv", {}, ABSOLUTE, ("x", "y"), ""),
        ("missing_last.csv", {"drop_missing": True}, HINGE[:4], ("x", "y"), "1 row with"),
        ("extra_text_column.csv", {"x": ["x"]}, HINGE, ("x", "y"), "'flag'"),
        ("leading_text_column.csv", {"x": ["x"]}, HINGE, ("x", "y"), "'name'"),
        ("index_column.csv", {}, HINGE, ("x", "y"), "an index and left aside"),
        ("numeric_header.csv", {"header": True}, HINGE, ("2020", "2021"), ""),
        ("numeric_header.csv", {}, HEADED, ("c1", "c2"), "--header"),
        ("suffix.pq", {}, HINGE, ("x", "y"), ""),
        ("plain.feather", {}, HINGE, ("x", "y"), ""),
        ("plain.csv.gz", {}, HINGE, ("x", "y"), ""),
        ("train_names.npz", {}, WHOLE, ("x", "y_train"), ""),
        ("preamble.csv", {"skip_rows": 4}, HINGE, ("x", "y"), "the first 4 lines skipped"),
        ("preamble.csv", {"skip_rows": 3}, HINGE, ("x", "y"), "the first 3 lines skipped"),
    ],
)
def test_read(
    name: str, options: dict[str, Any], rows: list[Any], names: tuple[str, str], note: str
) -> None:
    data = table(name, **options)
    assert points(data) == rows
    assert (*data.feature_names, data.label_name) == names
    assert note in "; ".join(data.notes)
    if rows != HEADED:
        (knot,) = [knot for held, knot in KNOTS if held == rows]
        assert [place for place, _ in es.solve(data).law.knots()] == [knot]


@pytest.mark.parametrize(
    ("name", "feature", "note"),
    [
        ("named_index.parquet", "x", "'id'"),
        ("tariff_default_index.csv", "kwh", "left aside"),
        ("x_is_index.parquet", "x", "is the feature"),
        ("unnamed_index_is_x.parquet", "__index_level_0__", "is the feature"),
    ],
)
def test_index_columns(name: str, feature: str, note: str) -> None:
    data = table(name)
    assert data.feature_names == (feature,)
    assert note in "; ".join(data.notes)
    knot = {"named_index.parquet": 1, "tariff_default_index.csv": 3}.get(name, 2)
    assert [place for place, _ in es.solve(data).law.knots()] == [knot]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("first_row_unreadable.dat", ["line 1, column 1", "'0.10000000-100'"]),
        ("hash_na.csv", ["line 4, column 1", "'#N/A'", "missing"]),
        ("fortran_noE.dat", ["line 3, column 1", "'0.25+001'", "0.25e+001"]),
        ("hexfloat.txt", ["line 1, column 1", "'0x0p+0'", "hexadecimal"]),
        ("inline_comment.csv", ["line 3, column 2", "'0 # zero'", "what follows the number"]),
        ("singlequote.csv", ["line 2, column 1", "'0'", "single quotes"]),
        ("caret_delim.csv", ["one column only, 'x^y'", "separated by"]),
        ("colon_delim.txt", ["line 1, column 1", "'0:0'", "separated by"]),
        ("matpower_rowend.txt", ["line 1, column 1", "separated by"]),
        ("nul_inside.csv", ["line 7", "NUL"]),
        ("footer_ctrlz.csv", ["line 5", "end-of-file byte"]),
        ("transposed.csv", ["line 1, column 1", "'x' is text", "turn it"]),
        ("underscore.csv", ["line 3, column 1", "'1_000'", "--thousands _"]),
        ("preamble.csv", ["line 2, column 1", "'Serial'", "begins on line 5", "--skip-rows 4"]),
        ("dates.csv", ["line 2, column 1", "'2024-01-01'", "--dates"]),
        ("thousands_quoted.csv", ["line 3, column 1", "'1,000'", "--thousands"]),
        ("nbsp_thousands.csv", ["line 3, column 1", "--thousands"]),
        ("missing_last.csv", ["line 6, column 2", "--drop-missing"]),
        ("ragged_footer.csv", ["line 7, column 1", "'Total'"]),
        ("extra_text_column.csv", ["line 2, column 3", "'OK'", "--x"]),
        ("leading_text_column.csv", ["line 2, column 1", "'A'", "--x"]),
    ],
)
def test_refused(name: str, parts: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        table(name)
    for part in parts:
        assert part in str(caught.value)


def test_dates_on_request() -> None:
    data = table("dates.csv", dates=True)
    assert points(data) == [(0, 0), (1, 0), (2, 1), (3, 2)]
    assert data.notes == ("column 1 ('date') is read as days since 2024-01-01",)
    assert [place for place, _ in es.solve(data).law.knots()] == [1]


def test_a_single_precision_decimal_is_that_decimal() -> None:
    data = table("float32_decimal.csv")
    assert data.labels[0] == data.features[0][0]
    assert es.solve(data).value == 0


def test_a_cell_in_a_column_without_a_name_is_no_trailing_delimiter() -> None:
    assert "'7'" in complaint("x,y,\n1,2,\n3,4,7\n")


def test_mixed_signs_are_refused() -> None:
    assert "line 2, column 1 ('x'): '$1'" in complaint("x,y\n$1,1\n€2,2\n")
    assert "line 2, column 1 ('x'): '5%'" in complaint("x,y\n5%,1\n2,2\n")


def test_points_and_decimal_commas_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x;y\n1.000;0,5\n2.000;1,5\n")
    expected = [(1000, Fraction(1, 2)), (2000, Fraction(3, 2))]
    assert points(read(path, decimal=",", thousands=".")) == expected
    with pytest.raises(DataError, match=r"line 2, column 1 \('x'\): '1.000' has a point"):
        read(path, decimal=",")
    with pytest.raises(DataError, match=r"--decimal , --thousands \."):
        read(path)


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("x;y\n1.234;1\n2.345;2\n", True),
        ("x;y\n1.234;1\n2;2\n", True),
        ("x;y\n1.234;1\n2.5;2\n", False),
        ("x;y\n0.234;1\n2.345;2\n", False),
        ("x,y\n1.234,1\n2.345,2\n", False),
    ],
)
def test_points_that_may_stand_between_thousands_are_noted(
    text: str, noted: bool, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    data = read(path)
    assert data.row(0) == (Fraction(text[4:9]), 1)
    assert ("the points of column 1 ('x')" in "; ".join(data.notes)) == noted
    assert read(path, decimal=".").notes == ()


def test_columns_that_may_be_an_index_or_the_label_by_a_shift_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("hour,x,y\n0,5,1\n1,6,2\n2,8,1\n")
    counting = "column 1 ('hour') counts the rows, and is a feature; --x leaves it out"
    assert read(path).notes == (counting,)
    assert read(path).feature_names == ("hour", "x")
    assert counting not in read(path, x=["hour", "x"]).notes
    path.write_text("0,5,1\n1,6,2\n2,8,1\n")
    assert read(path).feature_names == ("c1", "c2")
    assert "column 1 ('c1') counts the rows" in read(path).notes[-1]
    path.write_text("ID,x,y\n1,5,1\n2,6,2\n3,8,1\n")
    assert read(path).notes == ("column 1 ('ID') is an index and left aside; --x reads it",)
    assert read(path).feature_names == ("x",)
    assert points(read(path)) == [(5, 1), (6, 2), (8, 1)]
    assert read(path, x=["ID", "x"]).feature_names == ("ID", "x")
    assert read(path, half_widths="y").feature_names == ("ID",)
    path.write_text("id,y\n0,1\n1,2\n2,1\n")
    assert read(path).notes == ()
    path.write_text("id,x,y\n0,5,1\n1,6,2\n3,8,1\n")
    assert read(path).notes == ()
    path.write_text("x,y,\n0,5,1\n2,6,2\n")
    assert read(path).notes == ("column 3 has no name, and is called c3",)


def test_blank_lines_between_rows_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "t.dat"
    path.write_text("# x y\n0 1\n1 2\n\n \n2 5\n\n3 4\n\n")
    data = read(path)
    noted = "blank lines stand between rows, from line 4 on; all rows are one table"
    assert len(data) == 4 and noted in data.notes
    path.write_text("x,y\n\n0,1\n1,2\n\n\n")
    assert read(path).notes == ()
    path.write_text("\n\njunk\nx,y\n0,1\n\n1,2\n")
    assert "from line 6 on" in read(path, skip_rows=3).notes[-1]


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("top", ["", "x{}y\n"])
def test_blanks_between_thousands(between: str, top: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(top.format(between) + f"1 000{between}5\n2 500 000{between}6\n")
    assert points(read(path, thousands=" ")) == [(1000, 5), (2500000, 6)]
    with pytest.raises(DataError, match="--thousands ' '"):
        read(path)


@pytest.mark.parametrize("sign", [",", "."])
def test_blanks_between_thousands_and_decimal_signs(sign: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"x;y\n1 234{sign}5;0{sign}5\n2{sign}25;1\n")
    expected = [(Fraction(2469, 2), Fraction(1, 2)), (Fraction(9, 4), 1)]
    assert points(read(path, thousands=" ")) == expected
    assert points(read(path, thousands=" ", decimal=sign)) == expected


def test_no_group_of_thousands_begins_with_zero(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x;y\n0,123;1\n1,500;2\n")
    with pytest.raises(DataError, match="'0,123'"):
        read(path, thousands=",")
    assert read(path, decimal=",").row(0) == (Fraction(123, 1000), 1)


def test_a_first_row_of_numbers_in_quotes_is_said_to_be_names(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('"1","2"\n3,4\n')
    assert "--no-header" in read(path).notes[0]
    assert points(read(path, header=False)) == [(1, 2), (3, 4)]
    path.write_text('"a","2"\n3,4\n')
    assert read(path).notes == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a,b\nx,y\n1,2\n3,4\n5,6\n", None),
        ("a\nx,y\n1,2\n3,4\n", 1),
        ("a,b,c\nd,1\n\nx,y\n1,2\n3,4\n", 3),
        ("x,y\n1,2\n3,4 kg\n5,6\n7,8\n", None),
        ("x,2024\n1,2\n3,4\n", None),
        ("x y\n1 0 0\n2 1 0\n3 2 1\n", None),
        ("x,y\n0,0,\n1,0,\n", None),
    ],
)
def test_only_a_preamble_is_named(text: str, hint: int | None, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    try:
        read(path)
    except DataError as error:
        assert (f"give --skip-rows {hint}" in str(error)) == (hint is not None)
        assert hint is not None or "--skip-rows 1" not in str(error)
    else:
        assert hint is None


@pytest.mark.parametrize("count", [3, 4, 10**9])
def test_skipping_everything_is_refused(count: int, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1,2\n3,4\n")
    assert points(read(path, skip_rows=2)) == [(3, 4)]
    with pytest.raises(DataError, match=r"--skip-rows|empty"):
        read(path, skip_rows=count)
    with pytest.raises(DataError, match="0 or more"):
        read(path, skip_rows=-1)


def test_every_comment_is_counted() -> None:
    assert "3 comment lines" in parse("# a\n# b\nx,y\n1,2\n# c\n3,4\n").notes


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"decimal": ";"}, "--decimal"),
        ({"thousands": "x"}, "--thousands"),
        ({"thousands": ","}, ""),
        ({"decimal": ",", "thousands": ","}, "--thousands"),
        ({"x": []}, "--x"),
        ({"x": ["x", "x"]}, "--x"),
        ({"x": ["y"], "y": "y"}, "--x"),
        ({"x": ["x", "y"]}, "--x leaves no column"),
    ],
)
def test_options_are_checked(tmp_path: Path, options: dict[str, Any], what: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n1,2\n")
    if not what:
        assert points(read(path, **options)) == [(1, 2)]
        return
    with pytest.raises(DataError, match=what):
        read(path, **options)


@pytest.mark.parametrize(
    "options",
    [{"header": False}, {"decimal": ","}, {"thousands": ","}, {"sheet": "a"}, {"skip_rows": 1}],
)
def test_options_without_use_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="has no use with this kind of file"):
        table("suffix.pq", **options)


def test_a_row_of_words_above_words_holds_no_units(tmp_path: Path) -> None:
    """It may be data of which a number is missing."""
    path = tmp_path / "cities.csv"
    path.write_text("city,x,y\nParis,unknown,unknown\nRome,1,2\nOslo,2,3\n")
    with pytest.raises(es.DataError, match="line 2, column 2"):
        read(path, x=["x"], y="y")
