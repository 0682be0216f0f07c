"""The ``train`` command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import exactsparse as es
from tests.cli.common import PEAK, Run

pytest.importorskip("torch")

SHORT = ["--steps", "4000", "--restarts", "4", "--width", "30", "--workers", "1"]


def test_the_table_names_every_penalty(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "train", PEAK, *SHORT, "--steps", "400", "--restarts", "2")
    assert run.code == 0
    for label in ("none", "decay", "path p=0.4", "path p=0.7", "path p=1", "at optimum 3"):
        assert label in run.out
    assert "proved optimum: 3 neurons" in run.out


def test_the_best_network_is_exact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, plot = tmp_path / "best.json", tmp_path / "curves.png"
    options = ["--penalty", "path", "--p", "0.7", "--out", out, "--plot", plot]
    run = Run(capsys, "train", PEAK, *SHORT, *options, "--json")
    assert run.code == 0
    report = json.loads(run.out)
    assert report["optimum"]["value"] == 3
    (row,) = report["regimes"]
    assert (row["penalty"], row["p"], len(row["trained"])) == ("path", 0.7, 4)
    assert es.verify(out, es.read(PEAK)).interpolates
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_labels_that_no_network_comes_near_are_told_to_be_scaled(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("x,y\n" + "".join(f"{k},{1000 * abs(k - 9)}\n" for k in range(20)))
    options = ["--penalty", "none", "--restarts", "2", "--workers", "1", "--time-limit", "5"]
    far = Run(capsys, "train", table, *options, "--steps", "100")
    assert far.code == 0 and "scale features and labels" in far.err
    assert "hint" not in Run(capsys, "train", PEAK, *options, "--steps", "2000").err


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".onnx"])
def test_the_best_network_in_other_formats(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"best{suffix}"
    run = Run(capsys, "train", PEAK, *SHORT, "--penalty", "none", "--out", out, "--quiet")
    assert run.code == 0
    assert es.verify(out, es.read(PEAK)).rounding.network.n_neurons == 3


def test_a_run_without_steps_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "train", PEAK, *SHORT, "--time-limit", "1e-9")
    assert run.code == 3
    assert "proved optimum: 3" in run.out
    assert "stopped after 0 of 4000 steps" in run.err


@pytest.mark.parametrize("labels", ["0,0\n1,0\n2,0\n", "5,7\n"])
def test_zero_labels_and_one_point(
    labels: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("x,y\n" + labels)
    run = Run(capsys, "train", table, *SHORT, "--skip", "none", "--width", "1")
    assert run.code == 0
    assert "proved optimum" in run.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--p", "2"], "must lie in"),
        (["--p", "x"], "numbers separated by commas"),
        (["--p", ""], "numbers separated by commas"),
        (["--lam", ""], "numbers separated by commas"),
        (["--penalty", "dropout"], "penalty must be one of"),
        (["--out", "net.txt"], "must end in .json"),
        (["--time-limit", "0"], "positive number"),
        (["--variant", "thesis"], "variant must be paper or notebook"),
        (["--variant", "notebook", "--skip", "affine"], "no affine part"),
        (["--penalty", "none,decay", "--p", "0.4"], "--p belongs to the penalty `path`"),
        (["--penalty", "none", "--lam", "0.1"], "--lam has no use without a penalty"),
    ],
)
def test_bad_options(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "train", PEAK, *options)
    assert run.code == 2
    assert message in run.err


def test_the_rule_of_the_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--variant", "notebook", "--penalty", "path", "--p", "0.4", "--json"]
    run = Run(capsys, "train", PEAK, *SHORT, *options)
    assert run.code == 0
    report = json.loads(run.out)
    settings = report["settings"]
    assert (settings["variant"], settings["skip"]) == ("notebook", False)
    assert settings["penalise_bias"] is False
    assert report["optimum"] | {"lower_bound": 3, "value": 3} == report["optimum"]
    stopped = Run(capsys, "train", PEAK, *SHORT, *options, "--time-limit", "1e-9")
    assert stopped.code == 3 and json.loads(stopped.out)["steps"] == 0


def test_figure_3_by_the_rule_of_the_notebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "figure.svg"
    options = ["--seeds", "1", "--steps", "5000", "--time-limit", "1", "--workers", "1"]
    run = Run(capsys, "reproduce", "figure-3", *options, "--variant", "notebook", "--plot", plot)
    assert run.code == 0
    assert "path p=0.4: the authors print 10, 6, 6, 5, 4, 3, 3; seed 20 here, at those" in run.out
    assert "those of the authors: uniform" in run.out
    assert b"<svg" in plot.read_bytes()


def test_figure_3_in_a_short_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plot = tmp_path / "figure.png"
    options = ["--seeds", "2", "--steps", "300", "--time-limit", "1", "--workers", "1"]
    run = Run(capsys, "reproduce", "figure-3", *options, "--plot", plot)
    assert run.code == 0
    assert "peak and plateau" in run.out and "N = 10, d = 50" in run.out
    assert "proved optimum: 3 neurons" in run.out and "notebooks differ" in run.out
    assert "path p=0.4: the authors print 10, 6, 6, 5, 4, 3, 3\n" in run.out
    assert "path p=1: the authors print 12 (logged from p=0.7)\n" in run.out
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_no_other_figure(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "reproduce", "figure-9")
    assert run.code == 2
    assert "name figure-3" in run.err
