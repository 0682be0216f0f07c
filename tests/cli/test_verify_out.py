"""``exactsparse verify --out``: which neurons a model does not need, and the model without them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse.models import export, rounded_to_float
from tests.cli.common import PEAK, Run
from tests.cli.wasteful import WASTEFUL, network


@pytest.mark.parametrize("suffix", [".json", ".safetensors", ".pt", ".onnx"])
def test_the_pruned_model_is_the_same_function(
    suffix: str, capsys: pytest.CaptureFixture[str], wasteful: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"pruned{suffix}"
    run = Run(capsys, "verify", wasteful, PEAK, "--out", out)
    assert run.code == 0 and f"network: {out} (exact)" in run.err
    pruned = es.read_model(out)
    assert len(pruned.neurons) == 5
    for x in (-12, -3, Fraction(-1, 3), 0, Fraction(1, 2), 1, Fraction(5, 3), 4, 12):
        assert pruned.evaluate(x) == WASTEFUL.evaluate(x)
    assert "5 neurons and an affine part, the same function" in " ".join(run.out.split())


def test_the_model_merged_on_the_rows(
    capsys: pytest.CaptureFixture[str], wasteful: Path, tmp_path: Path
) -> None:
    out = tmp_path / "merged.json"
    assert Run(capsys, "verify", wasteful, PEAK, "--out", out, "--prune", "rows").code == 0
    merged = es.read_model(out)
    assert len(merged.neurons) == 3
    for x in range(-2, 4):
        assert merged.evaluate(x) == WASTEFUL.evaluate(x)
    assert merged.evaluate(Fraction(1, 2)) != WASTEFUL.evaluate(Fraction(1, 2))


def test_a_pruned_model_that_floats_do_not_hold(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    export(network([(1, "1/3", 1)], (0, 0)), tmp_path / "third.json")
    out = tmp_path / "third.pt"
    run = Run(capsys, "verify", tmp_path / "third.json", PEAK, "--out", out)
    assert run.code == 4 and "in float64; the rounded weights miss the labels by" in run.err
    assert es.read_model(out) == rounded_to_float(es.read_model(tmp_path / "third.json"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--prune", "rows"], "--out"),
        (["--out", "x.json", "--prune", "all"], "--prune must be one of"),
        (["--out", "x.h5"], "must end in"),
        (["--out", "gone/x.json"], "does not exist"),
    ],
)
def test_where_a_pruned_model_cannot_go(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str], wasteful: Path
) -> None:
    run = Run(capsys, "verify", wasteful, PEAK, *options)
    assert run.code == 2 and message in run.err
    before = wasteful.read_bytes()
    run = Run(capsys, "verify", wasteful, PEAK, "--out", wasteful)
    assert run.code == 2 and wasteful.read_bytes() == before


def test_an_output_bias_counts_as_in_the_model(
    capsys: pytest.CaptureFixture[str], xor: Path, tmp_path: Path
) -> None:
    """Without an affine part it is a neuron, in the model and in what is left of it."""
    export(network([(1, 1, 0, 1), (2, 2, 0, -1), (1, 0, 1, 1)], (0, 0, 3)), tmp_path / "m.json")
    run = Run(capsys, "verify", tmp_path / "m.json", xor, "--json", "--out", tmp_path / "o.json")
    document = json.loads(run.out)
    assert (document["parameters"], document["neurons"]) == (7, 4)
    assert document["pruned"] == {"parameters": 5, "neurons": 3}
    assert es.read_model(tmp_path / "o.json").skip == es.Skip((Fraction(0),) * 2, Fraction(3))


def test_which_neurons_are_dead_or_mergeable(
    capsys: pytest.CaptureFixture[str], wasteful: Path
) -> None:
    lines = [line.split() for line in Run(capsys, "verify", wasteful, PEAK).out.splitlines()]
    assert ["dead", "5,", "6"] in lines
    assert ["one", "neuron", "0+1,", "2+3"] in lines
    found = es.verify(WASTEFUL, es.read(PEAK))
    assert (found.dead, found.mergeable, found.affine) == ((5, 6), ((0, 1), (2, 3)), ())
    many = network([(1, k, 1) for k in range(3, 40)], (0, 0))
    export(many, wasteful)
    text = Run(capsys, "verify", wasteful, PEAK).out
    assert "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (37)" in " ".join(text.split())
