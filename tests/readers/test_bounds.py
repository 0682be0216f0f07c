"""Columns of bounds and half-widths, in every kind of file."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas
import pyarrow as pa
import pyarrow.feather
import pytest

import exactsparse as es
from tests.cli.common import Run

F = Fraction
TEXT = "lo,x,hi\n0,0,1/2\n,1,1\n1.9,2,\n2,2,2.5\n"
LOWER, UPPER = (F(0), None, F(19, 10), F(2)), (F(1, 2), F(1), None, F(5, 2))


def frame() -> pandas.DataFrame:
    return pandas.DataFrame({"lo": [0, None, 1.9, 2], "x": [0, 1, 2, 2], "hi": [0.5, 1, None, 2.5]})


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "feather", "npy", "tsv"])
def test_bounds(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{kind}"
    names = {"lower": "lo", "upper": "hi"}
    if kind in ("csv", "tsv"):
        path.write_text(TEXT.replace(",", "\t") if kind == "tsv" else TEXT)
    elif kind == "jsonl":
        rows = [{"lo": None, "x": 1, "hi": 1}, {"lo": 0, "x": 0, "hi": 0.5}]
        path.write_text("\n".join(map(json.dumps, rows)))
        found = es.read(path, **names)
        assert found.intervals is not None
        assert found.intervals.lower == (None, F(0)) and found.intervals.upper == (F(1), F(1, 2))
        return
    elif kind == "parquet":
        frame().to_parquet(path)
    elif kind == "feather":
        pyarrow.feather.write_feather(pa.Table.from_pandas(frame()), path)
    else:
        np.save(path, frame().to_numpy())
        names = {"lower": "c1", "upper": "c3"}
    found = es.read(path, **names)
    assert found.intervals is not None
    assert found.intervals.lower == LOWER and found.intervals.upper == UPPER
    assert len(found.feature_names) == 1
    assert es.solve(found).value == 0


def test_one_side_and_infinities(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,lo\n0,1\n1,-inf\n2,NA\n")
    found = es.read(table, lower="lo")
    assert found.intervals is not None
    assert found.intervals.lower == (F(1), None, None)
    assert found.intervals.upper == (None, None, None)
    for cell in ("inf", "+Infinity"):
        table.write_text(f"x,lo\n0,1\n1,{cell}\n")
        with pytest.raises(es.DataError, match="line 3"):
            es.read(table, lower="lo")
    table.write_text("x,hi\n0,1\n1,-inf\n")
    with pytest.raises(es.DataError, match="line 3"):
        es.read(table, upper="hi")
    np.save(tmp_path / "t.npy", np.array([[0, np.inf], [1, 2]]))
    assert es.read(tmp_path / "t.npy", upper="c2").intervals.upper == (None, F(2))
    with pytest.raises(es.DataError, match="not a finite number"):
        es.read(tmp_path / "t.npy", lower="c2")


def test_half_widths(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y,err\n0,0,0\n1,1.5,0.5\n2,2,0\n")
    found = es.read(table, half_widths="err")
    assert (found.feature_names, found.label_name) == (("x",), "y")
    assert found.intervals is not None
    assert found.intervals.lower == (F(0), F(1), F(2)) and found.intervals.upper[1] == 2
    assert es.read(table, "y", x=["x"], half_widths="err").intervals is not None
    table.write_text("x,y,err\n0,0,0\n1,1.5,-0.5\n")
    with pytest.raises(es.DataError, match=r"'err'\), row 3: a half-width must not be negative"):
        es.read(table, half_widths="err")
    table.write_text("x,y,err\n0,0,0\n1,1.5,\n")
    with pytest.raises(es.DataError, match="empty"):
        es.read(table, half_widths="err")


def test_what_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(TEXT)
    for options in (
        {"lower": "lo", "y": "hi"},
        {"lower": "lo", "upper": "lo"},
        {"lower": "lo", "half_widths": "hi"},
        {"lower": "low"},
        {"lower": "lo", "x": ["lo"]},
        {"half_widths": "hi", "y": "hi"},
    ):
        with pytest.raises(es.DataError):
            es.read(table, **options)


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table, proof = tmp_path / "t.csv", tmp_path / "proof.json"
    table.write_text(TEXT)
    run = Run(capsys, "solve", table, "--lower", "lo", "--upper", "hi", "--certificate", proof)
    assert run.code == 0
    assert run.out.startswith("optimal  0 knots within the interval of every row; no function")
    assert "lo to hi from x, 4 rows" in run.out
    assert Run(capsys, "check", proof, table, "--lower", "lo", "--upper", "hi").code == 0
    assert Run(capsys, "check", proof, table, "--lower", "lo", "--x", "x").code == 4
    widths = tmp_path / "w.csv"
    widths.write_text("x,y,err\n0,0,0\n1,1.5,0.5\n2,2,0\n")
    run = Run(capsys, "solve", widths, "--tolerance", "err", "--certificate", proof)
    assert run.code == 0 and run.out.startswith("optimal  0 knots within the interval")
    assert Run(capsys, "check", proof, widths, "--half-widths", "err").code == 0
    unknown = Run(capsys, "solve", widths, "--tolerance", "much")
    assert unknown.code == 2 and "no column named 'much'" in unknown.err
    for command in ("tradeoff", "train"):
        assert Run(capsys, command, widths, "--half-widths", "err").code == 2
