"""What messages and summaries say: numbers as they are written, and what to do next."""

from __future__ import annotations

import shlex
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse.problem.conflicts import reconciling_tolerance
from tests.cli.common import DATA, XOR, Run

TAX = DATA / "us_income_tax_2024_rounded.csv"
NOISY = "x,y,width\n0.5,1,0.1\n89.2,203.8,0.1\n89.2,204,0.1\n89.2,203.9,0.1\n95,1,0.1\n95,1.1,0.1\n"


def test_labels_that_differ_are_written_as_decimals_with_a_tolerance(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(NOISY)
    options = ("--x", "x", "--y", "y")
    run = Run(capsys, "solve", table, *options)
    assert run.code == 2
    assert "the same point (89.2) but different labels (203.8 and 204)" in run.err
    assert "a tolerance of 0.1 reconciles all such rows" in run.err
    below = Run(capsys, "solve", table, *options, "--tolerance", "0.09")
    assert below.code == 4 and "a tolerance of 0.1 reconciles all such rows" in below.out
    assert Run(capsys, "solve", table, *options, "--tolerance", "0.1").code == 0
    curve = Run(capsys, "tradeoff", table, *options).out
    assert curve.count("rows of equal points need as much") == 1


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(1, 3), Fraction(2**60)])
def test_the_reconciling_tolerance(scale: Fraction) -> None:
    rows = [(0, 1), (1, 2), (0, 4), (2, 7), (1, 2), (0, 2)]
    data = es.Dataset.from_arrays([x for x, _ in rows], [y * scale for _, y in rows])
    assert reconciling_tolerance(data) == Fraction(3, 2) * scale
    assert es.tradeoff(data)[-1].tolerance == reconciling_tolerance(data)
    one = es.Dataset.from_arrays([1, 2], [3, 5])
    assert reconciling_tolerance(one) == 0


def test_labels_that_differ_in_a_late_digit_are_written_whole() -> None:
    late = "1." + "0" * 20 + "1"
    with pytest.raises(es.ConflictingLabelsError) as refused:
        es.solve([0, 0], ["1", late])
    assert f"(1 and {Fraction(late)})" in str(refused.value)
    tolerance = str(refused.value).partition("a tolerance of ")[2].split()[0]
    assert Fraction(tolerance) == (Fraction(late) - 1) / 2


def test_rows_of_several_features_that_differ_are_reconciled_too() -> None:
    points, labels = [["0.5", 1], ["0.5", 1], [1, 1]], [1, 2, 3]
    with pytest.raises(es.ConflictingLabelsError, match=r"\(0.5, 1\).*a tolerance of 0.5 recon"):
        es.solve(points, labels)
    assert "a tolerance of 0.5 reconciles" in es.solve(points, labels, tolerance="0.4").reason
    assert es.solve(points, labels, tolerance="0.5").status == "optimal"
    bounds = es.solve(points, lower=[1, 3, 0], upper=[2, 4, 0])
    assert bounds.status == "infeasible" and "reconciles" not in bounds.reason


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--knots", "3"), "knots are for one feature only, but width is read from 2: x, y"),
        (("--shape", "convex"), "shapes are for one feature only, but width is read from 2"),
        (("--tolerance", "0.3", "--p", "0.5"), "no method solves the path norm with p = 1/2"),
        (("--tolerance", "0,3"), "is `auto` or a number as 0.5; the columns are: x, y, width"),
        (("--tolerance", "widht"), "did you mean 'width'? The columns are: x, y, width"),
        (("--x", "x", "--y", "y", "--tolerance", "-1"), "must not be negative"),
    ],
)
def test_a_refusal_says_which_columns_were_taken(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(NOISY)
    run = Run(capsys, "solve", table, *options)
    assert run.code == 2 and words in run.err


def test_a_curve_or_a_width_without_a_feature(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(NOISY)
    assert "width is read from 2: x, y" in Run(capsys, "tradeoff", table).err
    table.write_text("x,y\n1,2\n2,3\n")
    run = Run(capsys, "solve", table, "--tolerance", "x")
    assert "with column 1 ('x') as half-width no column is left for a feature" in run.err


def test_names_of_a_frame_that_are_not_there() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"t": [0, 1, 2], "v": [0, 1, 0], "err": [1, 1, 1]})
    with pytest.raises(es.DataError, match="no column is named 'er'; the columns are: t, v, err"):
        es.solve(frame, "v", tolerance="er")
    with pytest.raises(es.ProblemError, match="must be a number or 'auto', but it is 'er'"):
        es.solve([0, 1, 2], [0, 1, 0], tolerance="er")
    assert es.solve(frame, "v", tolerance="err").value == 0


def test_quotients_have_a_decimal_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "solve", TAX, "--knots", 3)
    assert "5263113/11528 (≈456.55) is the least tolerance with 3 knots\n" in run.out
    more = Run(capsys, "solve", TAX, "--knots", 50)
    assert more.out.startswith("optimal  0 is the least tolerance with 50 knots; this law has 26\n")


def test_one_of_a_thing_is_singular(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y\n1,2\n")
    for command in ("solve", "tradeoff"):
        assert "1 point " in Run(capsys, command, table).out
    assert "   1 point   " in Run(capsys, "solve", table, "--tolerance", 1).out
    table.write_text("\n".join(f"{k},{k % 2}" for k in range(22)))
    assert "… and 1 more piece;" in Run(capsys, "solve", table).out
    assert "… and 1 more piece;" in Run(capsys, "solve", table, "--tolerance", "0.1").out


def test_a_formula_has_no_plus_in_front_and_no_rectified_constants(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(XOR)
    lines = Run(capsys, "solve", table).out.splitlines()
    formula = lines[lines.index("") + 1 :]
    assert formula[0].startswith("y = (") and formula[1].startswith("    + (")
    table.write_text("a,b,y\n0,0,7\n0,1,7\n1,0,7\n1,1,7\n")
    assert Run(capsys, "solve", table).out.endswith("\ny = 7\n")
    table.write_text("a,b,y\n0,0,0\n0,1,-1\n1,0,-2\n1,1,-3\n")
    assert "\ny = -2 a - b\n" in Run(capsys, "solve", table, "--skip", "affine").out


def test_an_elbow_is_of_tolerances_that_are_proved() -> None:
    from exactsparse.tradeoff import Tradeoff, TradeoffPoint

    curve = es.tradeoff([0, 1, 2, 3, 4], [0, 1, 0, 1, 0])
    assert curve.elbow == 3
    open_points = tuple(TradeoffPoint(p.knots, p.tolerance, Fraction(0)) for p in curve)
    assert Tradeoff(curve.dataset, open_points, 0.0, curve._table).elbow is None


def test_the_command_that_checks_a_proof_reads_the_table_in_the_same_way(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, proof = tmp_path / "my table.csv", tmp_path / "proof.json"
    table.write_text('x,"a,b",width\n0,1,0.5\n1,3,0.5\n2,1,0.5\n,,\n')
    options = ("--tolerance", "width", "--x", "x", "--y", "a,b", "--drop-missing", "--header")
    said = Run(capsys, "solve", table, *options, "--certificate", proof).err
    command = said.partition("(exactsparse ")[2].rstrip().removesuffix(")")
    assert Run(capsys, *shlex.split(command)).code == 0
    plain = Run(capsys, "check", proof, table, "--y", "a,b", "--x", "x", "--drop-missing")
    assert plain.code == 2 and "interval" in plain.err


def test_what_was_noted_of_a_table_stands_below_labels_that_differ(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.dat"
    table.write_text("0 1\n1 2\n\n0 2\n1 3\n")
    run = Run(capsys, "solve", table)
    assert run.code == 2 and "note: blank lines stand between rows, from line 3" in run.err


def test_long_quotients_are_rounded_in_tables_and_whole_in_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y\n0,0\n1,1/3\n2,10000/30003\n3,10000/30003\n")
    out = Run(capsys, "solve", table).out
    assert " 1/3 " in out and " ≈0.3333666633\n" in out and "10001/30003" not in out
    assert "-3334/10001" in Run(capsys, "solve", table, "--json").out
    within = Run(capsys, "solve", DATA / "wind_turbine_v100.csv", "--knots", 4).out
    assert max(len(cell) for cell in within.split("intercept")[1].split() if "/" in cell) <= 9


def test_numbers_are_not_cut_where_the_console_is_narrow(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    table = tmp_path / "t.csv"
    table.write_text("x,y\n" + "".join(f"{k}e-9,{3 * abs(k - 5)}e-13\n" for k in range(12)))
    for command in (
        ("solve",),
        ("solve", "--tolerance", "auto"),
        ("solve", "--knots", "1"),
        ("tradeoff",),
        ("patterns",),
    ):
        name, *options = command
        out = Run(capsys, name, table, *options).out
        assert "…" not in out.replace(" … ", ""), command
    out = Run(capsys, "solve", table, "--tolerance", "auto").out
    assert "within 5e-14 of the labels" in out and "5e-9" in out and "1.5e-12" in out


def test_labels_of_computed_digits_are_told_to_have_a_number(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    for labels, hinted in (
        ([0.1 * k for k in range(6)], True),
        ([f"{0.1 * k:.9f}" for k in range(6)], False),
        (["0"] * 6, False),
    ):
        table.write_text("x,y\n" + "".join(f"{k},{y}\n" for k, y in enumerate(labels)))
        run = Run(capsys, "solve", table, "--tolerance", "auto")
        assert run.code == 0 and ("give a number as tolerance" in run.err) == hinted
        assert "hint" not in Run(capsys, "solve", table, "--tolerance", "0.1").err
    with pytest.warns(es.ToleranceHint, match="were computed, not rounded"):
        es.solve(range(6), [0.1 * k for k in range(6)], tolerance="auto")


def test_columns_of_one_name_are_noted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y,y\n1,2,3\n2,3,4\n")
    said = "note: several columns that are read are named 'y'"
    assert said in Run(capsys, "solve", table).err
    table.write_text("x,x,y,w\n1,2,3,1\n2,3,4,1\n")
    assert "are named" not in Run(capsys, "solve", table, "--x", "w", "--y", "y").err


def test_files_that_a_proved_negative_does_not_write_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    network, picture = tmp_path / "n.json", tmp_path / "law.png"
    options = ("--shape", "concave", "--export", network, "--plot", picture)
    run = Run(capsys, "solve", TAX, *options)
    assert run.code == 4 and not network.exists() and not picture.exists()
    for name in (network, picture):
        assert f"note: there is no function, and {name} is not written" in run.err


def test_knots_and_widths_exclude_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(NOISY)
    run = Run(capsys, "solve", table, "--tolerance", "width", "--knots", 2)
    assert run.code == 2 and "there is no tolerance to vary" in run.err
