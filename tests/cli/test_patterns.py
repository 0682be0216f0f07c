"""``exactsparse patterns``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.common import Run

TABLE = "a,b,y\n1,1,0\n2,2,1\n0,1,3\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def test_counts_per_support(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    result = json.loads(Run(capsys, "patterns", table, "--json").out)
    counts = {" ".join(entry["support"]): entry["patterns"] for entry in result["supports"]}
    # (1, 1) and (2, 2) are parallel on the support {a, b}; a is zero on the third point.
    assert counts == {
        "a": 2,
        "b": 2,
        "bias": 2,
        "a b": 4,
        "a bias": 6,
        "b bias": 4,
        "a b bias": 8,
    }
    assert result["total"] == 28
    assert "a b bias         8" in Run(capsys, "patterns", table).out


def test_lists_and_saves(capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path) -> None:
    saved = tmp_path / "patterns.npz"
    run = Run(capsys, "patterns", table, "--full", "--list", "--json", "--save", saved)
    (entry,) = json.loads(run.out)["supports"]
    assert sorted(entry["masks"]) == [f"{k:03b}" for k in range(8)]
    with np.load(saved) as arrays:
        masks, witnesses = arrays["masks_0_1_2"], arrays["witnesses_0_1_2"].astype(int)
    rows = np.array([[1, 1, 1], [2, 2, 1], [0, 1, 1]])
    assert ((witnesses @ rows.T > 0) == masks).all()


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (TABLE, ["--save", "patterns.csv"], "must end in .npz"),
        (TABLE, ["--y", "z"], "no column named 'z'"),
        ("\n".join(f"{k},{k * k},{k**3 % 7},{k % 5},1" for k in range(200)), [], "enumerates"),
        ("\n".join(",".join(map(str, range(k, k + 31))) for k in range(3)), [], "--full"),
    ],
)
def test_refusals(
    capsys: pytest.CaptureFixture[str], table: Path, content: str, options: list[str], message: str
) -> None:
    table.write_text(content)
    run = Run(capsys, "patterns", table, *options)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
