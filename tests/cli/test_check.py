"""exactsparse check: data of every kind that solve reads, and verdicts as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.common import PEAK, Run

X, Y = [-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0]


@pytest.fixture
def proof(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    path = tmp_path / "proof.json"
    assert Run(capsys, "solve", PEAK, "--certificate", path).code == 0
    return path


def write(path: Path, y: list[int]) -> None:
    """x and y in any format, the label first where columns have names."""
    if path.suffix == ".npy":
        np.save(path, np.column_stack([X, y]))
    elif path.suffix == ".npz":
        np.savez(path, X=np.array(X)[:, None], y=np.array(y))
    elif path.suffix == ".parquet":
        pq.write_table(pa.table({"y": y, "x": X}), path)
    else:
        path.write_text("y;x\n" + "".join(f"{b};{a}.0\n" for a, b in zip(X, y, strict=True)))


@pytest.mark.parametrize("name", ["d.npy", "d.npz", "d.parquet", "d.csv"])
def test_data_of_every_kind(
    name: str, proof: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = tmp_path / name
    write(data, Y)
    run = Run(capsys, "check", proof, data)
    assert (run.code, run.out.splitlines()[0]) == (0, "accepted")
    assert run.out.splitlines()[-1] == "not replayed: nothing"
    write(data, [*Y[:-1], 1])
    run = Run(capsys, "check", proof, data)
    assert run.code == 4
    assert run.out.startswith("rejected: the points in DATA are not those of data.sha256")


def test_verdicts_as_json(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = json.loads(Run(capsys, "check", proof, PEAK, "--json").out)
    assert verdict["outcome"] == "accepted" and verdict["not_replayed"] == []
    assert verdict["verified"] == (
        "optimal: neurons: 3, with a free affine part, through 6 points; "
        "the lower bound by witnesses is the network's cost"
    )
    proof.write_text(proof.read_text().replace('"value": 3', '"value": 2'))
    run = Run(capsys, "check", proof, PEAK, "--json")
    assert run.code == 4
    verdict = json.loads(run.out)
    assert verdict["schema"] == "exactsparse/verdict/1"
    assert (verdict["outcome"], verdict["verified"]) == ("rejected", "")


def test_data_that_cannot_be_read(
    proof: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    conflicting, table = tmp_path / "c.csv", tmp_path / "d.csv"
    conflicting.write_text("x,y\n1,2\n1,3\n")
    table.write_text("x,y\n1,2\nhello,3\n")
    for options, word in (
        ([tmp_path / "absent.csv"], "absent.csv"),
        ([conflicting], "different labels"),
        ([table], "hello"),
        ([PEAK, "--y", "z"], "z"),
        (["--y", "y"], "give the data file"),
    ):
        run = Run(capsys, "check", proof, *options)
        assert (run.code, run.out) == (2, "")
        assert word in run.err


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (",x,y\n0,-2,0\n1,-1,0\n2,0,1\n3,1,1\n4,2,0\n5,3,0\n", []),
        ("x,note,y\n-2,a,0\n-1,b,0\n0,c,1\n1,d,1\n2,e,0\n3,f,0\n", ["--x", "x"]),
        ("x;y\n-2 000;0\n-1 000;0\n0;1\n1 000;1\n2 000;0\n3 000;0\n", ["--thousands", " "]),
        ("x,y\n-2,0\n-1,0\n0,1\n1,1\n2,0\n3,0\n4,\n", ["--drop-missing"]),
    ],
)
def test_tables_that_need_options(
    text: str, options: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data, proof = tmp_path / "table.csv", tmp_path / "proof.json"
    data.write_text(text)
    assert Run(capsys, "solve", data, *options, "--certificate", proof).code == 0
    run = Run(capsys, "check", proof, data, *options)
    assert (run.code, run.out.splitlines()[0]) == (0, "accepted")
    run = Run(capsys, "check", proof, *(options or ["--x", "x"]))
    assert run.code == 2 and "give the data file, too" in run.err
