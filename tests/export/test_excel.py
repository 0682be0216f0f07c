"""The workbook that is written: its formula evaluated, its cells read."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import exactsparse as es
from exactsparse import Formula, Network, Neuron, OutputError, Skip
from exactsparse.export import workbook
from tests.cli.common import DATA
from tests.export.laws import ROOF, UGLY, assert_near, law, places, plane, saw

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import formulas
    import formulas.excel


@pytest.fixture(autouse=True)
def _all_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The evaluator rounds cells to 15 decimals, which Excel does not."""
    monkeypatch.setattr(formulas.excel, "round", lambda value, digits: value, raising=False)


def evaluated(formula: Formula, points: Sequence[Sequence[Any]], path: Path) -> list[Any]:
    """Values that the formula of the first sheet has at points."""
    path.write_bytes(workbook(formula))
    letters = "ABCD"[: len(formula.features) + 1]
    cells = [f"'[{path.name}]FUNCTION'!{letter}2" for letter in letters]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = formulas.ExcelModel().loads(str(path)).finish()
        assert len(openpyxl.load_workbook(path)["function"][f"{letters[-1]}2"].value) < 8192
        compute = model.compile(cells[:-1], cells[-1:])
        return [compute(*point).value[0, 0] for point in points]


@pytest.mark.parametrize("law", [ROOF, saw(40), law([0], [3], 0, 0.5)])
def test_values_are_as_near_as_the_sheet_says(law: Any, tmp_path: Path) -> None:
    formula = Formula.of(law, ["income"], "tax")
    points = [[x] for x in places(formula)]
    for point, value in zip(points, evaluated(formula, points, tmp_path / "a.xlsx"), strict=True):
        assert_near(formula, point, float(value))


def test_several_features(tmp_path: Path) -> None:
    formula = Formula.of(plane(), ["a", "b"])
    points = [[a, b] for a in (-20.0, 0.0, 1 / 3, 1e9) for b in (-1e9, -3.0, 1 / 14, 15.0)]
    for point, value in zip(points, evaluated(formula, points, tmp_path / "a.xlsx"), strict=True):
        assert_near(formula, point, float(value))


def test_no_knot_and_no_neuron(tmp_path: Path) -> None:
    line = Network((), Skip((Fraction(1, 3),), Fraction(-2)), 1)
    assert evaluated(Formula.of(line), [[9.0]], tmp_path / "a.xlsx") == [1.0]
    flat = Network((), Skip((Fraction(1), Fraction(0)), Fraction(-2)), 2)
    assert evaluated(Formula.of(flat), [[9.0, 4.0]], tmp_path / "b.xlsx") == [7.0]


def test_what_is_no_number_is_not_available(tmp_path: Path) -> None:
    found = evaluated(Formula.of(ROOF), [["x"], [None], [0.5]], tmp_path / "a.xlsx")
    assert list(map(str, found[:2])) == ["#N/A", "#N/A"] and found[2] == 0.5


def test_a_feature_that_is_not_used_may_be_empty(tmp_path: Path) -> None:
    """Beside it, before and behind used ones; of two runs of columns, and of none."""
    one = Network((Neuron((Fraction(0), Fraction(1)), Fraction(0), Fraction(2)),), None, 2)
    found = evaluated(Formula.of(one, ["a", "b"]), [[None, 3.0], ["x", -3.0]], tmp_path / "a.xlsx")
    assert found == [6.0, 0.0]
    weights = Fraction(1), Fraction(0), Fraction(-2)
    apart = Network((Neuron(weights, Fraction(0), Fraction(1)),), Skip(weights, Fraction(1)), 3)
    points = [[5.0, None, 1.0], [5.0, 1.0, 3.0], [None, 1.0, 1.0]]
    found = evaluated(Formula.of(apart, ["a", "b", "c"]), points, tmp_path / "b.xlsx")
    assert found[:2] == [7.0, 0.0] and str(found[2]) == "#N/A"
    constant = Formula.of(Network((), Skip((Fraction(0),) * 2, Fraction(3)), 2), ["a", "b"])
    assert _excel_formula(constant) == "=neurons!$B$4"
    weights = tuple(Fraction(k % 2) for k in range(200))
    many = Network((Neuron(weights, Fraction(0), Fraction(1)),), Skip(weights, Fraction(1)), 200)
    assert len(_excel_formula(Formula.of(many))) < 8192


def _excel_formula(formula: Formula) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(formula)))["function"]
    return str(sheet.cell(2, len(formula.features) + 1).value)


def test_cells_hold_all_digits_and_the_exact_numbers() -> None:
    """Sixteen digits do not tell all floats."""
    formula = Formula.of(law(["1/3"], [0], "0.30000000000000004", "2/7"))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(formula)))["pieces"]
    assert [cell.value for cell in sheet[2]][:4] == [
        "-∞",
        1 / 3 + 2**-54,
        0.1 + 0.2,
        -(0.1 + 0.2) / 3,
    ]
    assert [cell.value for cell in sheet[3]][7:] == ["1/3", None, "2/7", "-2/21"]


def test_values_are_there_before_anything_is_calculated(tmp_path: Path) -> None:
    solution = es.solve(es.read(DATA / "us_income_tax_2024_rounded.csv"), tolerance="auto")
    solution.to_excel(tmp_path / "tax.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tax.xlsx", data_only=True)
    rows = [[cell.value for cell in row] for row in book["function"]]
    assert rows[:3] == [["income_usd", "tax_usd"], [0, 0], [11600, 1160]]
    said = " ".join(row[0].value for row in book["about"])
    assert "optimal: 6 knots" in said and solution.certificate.document["data"]["sha256"] in said
    with pytest.raises(OutputError, match=r"tax.csv: the name of a workbook must end in .xlsx"):
        solution.to_excel(tmp_path / "tax.csv")


@pytest.mark.parametrize("function", [ROOF, plane()])
def test_a_name_is_no_formula(function: Any) -> None:
    """Only the formulas that are meant are formulas; names are texts, on one line."""
    for name in (*UGLY, "@SUM(1)", "+1", "-1", "http://example.org", "x" * 40_000):
        d = 2 if function is not ROOF else 1
        book = openpyxl.load_workbook(io.BytesIO(workbook(Formula.of(function, [name] * d, name))))
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    is_value = sheet.title == "function" and cell.row > 1 and cell.column == d + 1
                    assert (cell.data_type == "f") == is_value
                    assert cell.hyperlink is None


def test_what_exceeds_excel() -> None:
    with pytest.raises(OutputError, match=r"exceeds the numbers of Excel, 9\.99e307"):
        workbook(Formula.of(law([0], [Fraction(1.5e308)], 0, 1)))
    wide = Network((), Skip((Fraction(1),) * 16_400, Fraction(0)), 16_400)
    with pytest.raises(OutputError, match="16,384 columns, too few for this"):
        workbook(Formula.of(wide))
