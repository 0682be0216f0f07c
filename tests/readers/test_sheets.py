"""Workbooks: what cells hold, which sheet, what is refused and where."""

import io
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsparse as es
from exactsparse.errors import MissingPackageError
from exactsparse.readers import read
from tests.readers.common import check_every_damage, line_numbers, points, refused
from tests.readers.workbooks import number, ods, ods_row, packed, sheet_xml, table, text, xlsx

ROWS = [["x", "y"], [0.0, 0.0], [1.0, 0.0], [2.5, 0.5], [4.0, 2.0], [5.5, 3.5]]
HINGE = [(x, max(Fraction(0), x - 2)) for x in map(Fraction, ("0", "1", "2.5", "4", "5.5"))]


def saved(tmp_path: Path, data: bytes, name: str = "book.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_sheet_has_the_law_of_its_table(tmp_path: Path) -> None:
    data = read(saved(tmp_path, xlsx({"Data": table(ROWS)})))
    assert points(data) == HINGE
    assert (data.feature_names, data.label_name) == (("x",), "y")
    assert line_numbers(data) == [2, 3, 4, 5, 6]
    assert data.notes == ("sheet 'Data'",)
    assert [place for place, _ in es.solve(data).law.knots()] == [2]


def test_open_document_repeats_rows_and_cells(tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="16380"/>'
    rows = ods_row("x", "y") + ods_row(0.1, 2.0, repeated=2, tail=blank) + ods_row(0.3, 2.5)
    end = f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
    data = read(saved(tmp_path, ods(rows + end), "book.ods"))
    tenth = Fraction(1, 10)
    assert points(data) == [(tenth, 2), (tenth, 2), (3 * tenth, Fraction(5, 2))]


def test_numbers_are_what_cells_hold_and_not_their_display(tmp_path: Path) -> None:
    cells = [*table([["x", "y"], [0.1, 0.05]]), number("A3", "1.1000000000000001")]
    path = saved(tmp_path, xlsx({"S": [*cells, number("B3", "0.125", style=3)]}))
    assert points(read(path))[1] == (Fraction(11, 10), Fraction(1, 8))
    assert points(read(path, floats="binary"))[0] == (Fraction(0.1), Fraction(0.05))


def test_a_table_anywhere_in_its_sheet(tmp_path: Path) -> None:
    cells = [text("B1", "Results of 2024"), *table(ROWS, row=4, column=2)]
    path = saved(tmp_path, xlsx({"S": cells}))
    refused(path, "sheet 'S'", "cell B5", "empty", "--skip-rows 3")
    data = read(path, skip_rows=3)
    assert points(data) == HINGE
    assert line_numbers(data)[0] == 5
    assert "the first 3 rows skipped" in data.notes


def test_headers_of_text_that_looks_like_numbers(tmp_path: Path) -> None:
    data = read(saved(tmp_path, xlsx({"S": table([["2023", "2024"], *ROWS[1:]])})))
    assert (*data.feature_names, data.label_name) == ("2023", "2024")
    assert points(data) == HINGE
    bare = read(saved(tmp_path, xlsx({"S": table(ROWS[1:])})))
    assert points(bare) == HINGE
    assert "row 1 is taken as data; --header takes it for names" in bare.notes


def test_which_sheet(tmp_path: Path) -> None:
    other = table([["x", "y"], [7.0, 7.0]])
    path = saved(tmp_path, xlsx({"Notes": [], "A": table(ROWS), "B": other}))
    refused(path, "several sheets", "'A'", "'B'", "--sheet")
    assert points(read(path, sheet="A")) == HINGE
    assert points(read(path, sheet="B")) == [(7, 7)]
    with pytest.raises(es.DataError, match="did you mean 'Notes'"):
        read(path, sheet="notes")
    with pytest.raises(es.DataError, match="no cell in the sheet"):
        read(path, sheet="Notes")
    assert points(read(saved(tmp_path, xlsx({"Notes": [], "A": table(ROWS)})))) == HINGE


def test_dates_of_cells(tmp_path: Path) -> None:
    days = [number("A2", "45292", 1), number("A3", "45292.25", 2), number("A4", "45295", 1)]
    labels = [number(f"B{k}", f"{k}") for k in (2, 3, 4)]
    path = saved(tmp_path, xlsx({"S": [text("A1", "day"), text("B1", "y"), *days, *labels]}))
    refused(path, "cell A2 ('day')", "'2024-01-01' is a date", "--dates")
    data = read(path, dates=True)
    assert points(data) == [(0, 2), (Fraction(1, 4), 3), (3, 4)]
    assert "column 1 ('day') is read as days since 2024-01-01" in data.notes
    early = xlsx({"S": [*table([["x", "y"]]), number("A2", "59", 1), number("B2", "1")]})
    with pytest.raises(es.DataError, match="1900-03-01"):
        read(saved(tmp_path, early), dates=True)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ('<c r="B3" t="e"><v>#N/A</v></c>', ["cell B3 ('y')", "empty", "an error"]),
        ('<c r="B3"><f>A3*2</f></c>', ["cell B3", "never computed"]),
        ('<c r="B3" t="b"><v>1</v></c>', ["cell B3", "'True'", "1 and 0"]),
        (text("B3", "n/a"), ["cell B3", "'n/a'", "--drop-missing"]),
        (text("B3", "3,5"), ["cell B3", "'3,5'", "comma"]),
        (number("B3", "1e400"), ["cell B3", "'inf' is not a finite number"]),
        (number("B3", "0.5", 1), ["cell B3", "'12:00:00'"]),
    ],
)
def test_cells_that_are_no_numbers(tmp_path: Path, cell: str, parts: list[str]) -> None:
    cells = [*table([["x", "y"], [1.0, 2.0]]), number("A3", "2"), cell, *table([[3.0, 4.0]], row=4)]
    refused(saved(tmp_path, xlsx({"S": cells})), *parts)


def test_missing_cells_are_dropped_and_counted(tmp_path: Path) -> None:
    cells = [*table(ROWS[:3]), number("A4", "9"), *table(ROWS[3:], row=6)]
    path = saved(tmp_path, xlsx({"S": cells}))
    refused(path, "cell B4 ('y')", "--drop-missing")
    data = read(path, drop_missing=True)
    assert points(data) == HINGE
    assert "1 row with a missing cell dropped" in data.notes


def test_without_the_package_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, xlsx({"S": table(ROWS)}))
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingPackageError, match=r"exactsparse\[sheets\]"):
        read(path)


def test_damaged_workbooks(tmp_path: Path) -> None:
    whole = xlsx({"S": table(ROWS)})
    path = saved(tmp_path, whole)
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        refused(path, "damaged")
    path.write_bytes(packed({"a.txt": "x"}))
    refused(path, "no workbook")
    check_every_damage(path, whole)


@pytest.mark.parametrize(
    "options", [{"decimal": ","}, {"thousands": ","}], ids=["decimal", "thousands"]
)
def test_signs_have_no_use_in_sheets(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(es.DataError, match="has no use"):
        read(saved(tmp_path, xlsx({"S": table(ROWS)})), **options)


@pytest.mark.parametrize(
    "sheet",
    [
        sheet_xml([number("A1", "1"), number("XFD1048576", "1")]),
        sheet_xml([number("A1", "1"), number("A1048576", "1")]).replace(
            "</row><row", f"{'<c><v>1</v></c>' * 12}</row><row"
        ),
    ],
    ids=["a stray cell far away", "cells without places"],
)
def test_a_sheet_of_too_many_cells_is_refused_unread(tmp_path: Path, sheet: str) -> None:
    refused(saved(tmp_path, xlsx({"S": sheet})), "spans or declares", "10,000,000 are read")


def test_repeated_cells_of_open_document_are_refused_unread(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
        'office:value="1"/>'
    )
    rows = ods_row(repeated=1048576, tail=cell)
    refused(saved(tmp_path, ods(rows), "book.ods"), "spans or declares 17,179,869,184")


def test_words_that_are_only_declared_are_refused_unread(tmp_path: Path) -> None:
    """Room for them would be made at once, which ended the process."""
    with zipfile.ZipFile(io.BytesIO(xlsx({"S": table(ROWS)}))) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    related = "xl/_rels/workbook.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="rIdW" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    members[related] = members[related].replace("</Relationships>", link)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    words = '<sst xmlns="{}" count="{}" uniqueCount="{}"><si><t>x</t></si></sst>'
    for count, unique in ((4_000_000_000, 1), (1, 4_000_000_000)):
        members["xl/sharedStrings.xml"] = words.format(space, count, unique)
        refused(saved(tmp_path, packed(members)), "declares 4,000,000,000 cells")
    members["xl/sharedStrings.xml"] = words.format(space, 1, 1)
    assert points(read(saved(tmp_path, packed(members)))) == HINGE


def test_a_workbook_that_inflates_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exactsparse.readers.limits.MOST_UNPACKED", 1 << 20)
    blanks = f"<worksheet>{' ' * (1 << 21)}</worksheet>"
    path = saved(tmp_path, xlsx({"S": table(ROWS), "Z": blanks}))
    refused(path, "bytes unpacked", "1,048,576", ".csv")
