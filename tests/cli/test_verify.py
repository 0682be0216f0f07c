"""``exactsparse verify``, ``solve --start`` and ``solve --export``."""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import export, rounded_to_float
from tests.cli.common import PEAK, Run
from tests.cli.wasteful import WASTEFUL, network
from tests.payload import Payload


def test_json_is_the_interface(capsys: pytest.CaptureFixture[str], wasteful: Path) -> None:
    run = Run(capsys, "verify", wasteful, PEAK, "--json")
    assert run.code == 0
    assert json.loads(run.out) == {
        "schema": "exactsparse/verification/1",
        "interpolates": True,
        "within_tolerance": True,
        "max_residual": "0",
        "max_residual_row": 0,
        "parameters": 11,
        "neurons": 6,
        "dead_neurons": 2,
        "mergeable_neurons": 2,
        "dead_neurons_indices": [5, 6],
        "mergeable_groups": [[0, 1], [2, 3]],
        "affine_neurons_indices": [],
        "pruned": {"parameters": 9, "neurons": 5},
        "rounded": {"parameters": 6, "neurons": 3},
        "optimum": {
            "objective": "neurons",
            "tolerance": "0",
            "status": "optimal",
            "value": 3,
            "lower_bound": 3,
        },
        "excess": 0,
        "assumed": [],
    }


def test_summary_and_path_norms(capsys: pytest.CaptureFixture[str], wasteful: Path) -> None:
    run = Run(capsys, "verify", wasteful, PEAK)
    lines = run.out.splitlines()
    assert lines[0] == "interpolates exactly"
    assert (
        "3 neurons, proved" in run.out and "3 neurons in the model, 0 in the rounded one" in run.out
    )
    found = json.loads(Run(capsys, "verify", wasteful, PEAK, "--json", "--p", "0.5").out)
    one, half = found["path_norms"]
    # |vw| is 1/2, 1/2, 1, 1, 1 on the data, and 5 for the neuron that is dead there.
    assert one == {"p": "1", "value": "9"}
    low, high = map(Fraction, half["value_enclosure"])
    assert low <= Fraction(half["value"]) <= high
    assert abs(half["value"] - (2 * 0.5**0.5 + 3 + 5**0.5)) < 1e-12
    assert Run(capsys, "verify", wasteful, PEAK, "--quiet").out == "interpolates exactly\n"


def test_a_model_that_misses_a_row(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The residual is exact, its row the first, and the tolerance is the decimal that is typed."""
    solution = es.solve(es.read(PEAK))
    off = replace(solution.network, skip=es.Skip((Fraction(0),), Fraction(1, 10)))
    export(off, tmp_path / "off.json")
    run = Run(capsys, "verify", tmp_path / "off.json", PEAK, "--json")
    found = json.loads(run.out)
    assert run.code == 4
    assert (found["max_residual"], found["max_residual_row"]) == ("1/10", 0)
    assert (found["interpolates"], found["within_tolerance"]) == (False, False)
    assert found["rounded"] == {"parameters": 6, "neurons": 3}
    assert found["excess"] == 0
    run = Run(capsys, "verify", tmp_path / "off.json", PEAK, "--tolerance", "0.1")
    assert run.code == 0
    assert run.out.startswith("within the tolerance 0.1 (largest residual 0.1, row 2)")
    run = Run(capsys, "verify", tmp_path / "off.json", PEAK, "--tolerance", "0.0999", "--quiet")
    assert run.code == 4
    # A float64 is the dyadic rational that it is, not the decimal that was typed.
    np.savez(tmp_path / "off.npz", W=[[0.0]], v=[0.0], c=0.1)
    found = json.loads(Run(capsys, "verify", tmp_path / "off.npz", PEAK, "--json").out)
    assert Fraction(found["max_residual"]) == 1 - Fraction(0.1) != Fraction(9, 10)


def test_xor(capsys: pytest.CaptureFixture[str], tmp_path: Path, xor: Path) -> None:
    """The optimum is 4 parameters and 2 neurons; an output bias counts as a neuron."""
    # 1 - (1 - a - b)₊ - (a + b - 1)₊
    model = network([(-1, -1, 1, -1), (1, 1, -1, -1)], (0, 0, 1))
    export(model, tmp_path / "m.json")
    found = json.loads(Run(capsys, "verify", tmp_path / "m.json", xor, "--json").out)
    assert (found["interpolates"], found["parameters"], found["neurons"]) == (True, 7, 3)
    assert found["optimum"] == {
        "objective": "parameters", "tolerance": "0", "status": "optimal", "value": 4,
        "lower_bound": 4,
    }  # fmt: skip
    assert found["excess"] == found["rounded"]["parameters"] - 4 > 0
    neurons = ["--objective", "neurons", "--json"]
    found = json.loads(Run(capsys, "verify", tmp_path / "m.json", xor, *neurons).out)
    assert found["optimum"]["value"] == 2
    affine = ["--skip", "affine", "--json"]
    found = json.loads(Run(capsys, "verify", tmp_path / "m.json", xor, *affine).out)
    assert (found["parameters"], found["neurons"]) == (6, 2)


def test_permuted_and_rescaled_neurons_give_the_same_report() -> None:
    dataset = es.read(PEAK)
    expected = es.verify(WASTEFUL, dataset, p="0.4").to_json()
    neurons = tuple(
        es.Neuron(tuple(w * 2**k for w in n.weights), n.bias * 2**k, n.output / 2**k)
        for k, n in enumerate(reversed(WASTEFUL.neurons))
    )
    moved = replace(WASTEFUL, neurons=neurons)
    found = es.verify(moved, dataset, p="0.4").to_json()
    # Units are numbered in the order of the model.
    last = len(neurons) - 1
    found["dead_neurons_indices"] = sorted(last - k for k in found["dead_neurons_indices"])
    groups = (sorted(last - k for k in group) for group in found["mergeable_groups"])
    found["mergeable_groups"] = sorted(groups)
    assert found == expected


def test_torch_modules_are_verified() -> None:
    pytest.importorskip("torch")
    found = es.verify(WASTEFUL.to_torch(), *_arrays())
    exact = es.verify(rounded_to_float(WASTEFUL), *_arrays())
    assert found.to_json() == exact.to_json()
    assert found.interpolates


def test_interrupts_keep_the_rest(
    capsys: pytest.CaptureFixture[str], wasteful: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["exactsparse.verify"], "solve_beside", interrupted)
    run = Run(capsys, "verify", wasteful, PEAK, "--json")
    found = json.loads(run.out)
    assert run.code == 0
    assert (found["optimum"], found["excess"]) == (None, None)
    assert found["rounded"] == {"parameters": 6, "neurons": 3}
    assert "interrupted before" in Run(capsys, "verify", wasteful, PEAK).out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--p", "2"], "p must lie between 0 and 1"),
        (["--tolerance", "-1"], "must not be negative"),
        (["--tolerance", "much"], "tolerance must be a number"),
        (["--objective", "knots"], "objective must be one of"),
        (["--skip", "linear"], "skip must be one of"),
        (["--y", "z"], "no column named 'z'"),
    ],
)
def test_bad_options_are_refused(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str], wasteful: Path
) -> None:
    run = Run(capsys, "verify", wasteful, PEAK, *options)
    assert (run.code, run.out) == (2, "")
    assert message in run.err and "Traceback" not in run.err


def test_bad_models_are_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, xor: Path
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("safetensors")
    (tmp_path / "payload.pt").write_bytes(pickle.dumps(Payload(tmp_path / "created")))
    (tmp_path / "short.safetensors").write_bytes(b"\x40\0\0\0\0\0\0\0{")
    (tmp_path / "m.onnx").write_bytes(b"no model")
    np.savez(tmp_path / "nan.npz", W=[[np.nan]], v=[1.0])
    export(WASTEFUL, tmp_path / "one.json")
    linear = network([(1, 1, 0, 1)], (1, 0, 0))
    export(linear, tmp_path / "linear.json")
    names = ("payload.pt", "short.safetensors", "m.onnx", "nan.npz", "one.json", "none.pt")
    for name in names:
        run = Run(capsys, "verify", tmp_path / name, xor)
        assert (run.code, run.out) == (2, ""), name
        assert run.err.startswith("exactsparse: ") and "Traceback" not in run.err, name
    run = Run(capsys, "verify", tmp_path / "linear.json", xor, "--skip", "none")
    assert run.code == 2 and "linear part" in run.err
    assert not (tmp_path / "created").exists()


def test_a_start_is_an_incumbent(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, xor: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    best = es.solve(es.read(xor)).network
    points = es.read(xor)
    solution = es.solve(points, start=best, time_limit=1e-9)
    assert solution.value == 4
    # Rounded first: output weights a billionth off do not interpolate.
    rough = replace(
        best, neurons=tuple(replace(n, output=n.output * (1 + Fraction(1, 10**9)))
                            for n in best.neurons),
    )  # fmt: skip
    export(rough, tmp_path / "start.json")
    run = Run(capsys, "solve", xor, "--start", tmp_path / "start.json", "--quiet")
    assert (run.code, run.out) == (0, "optimal 4\n")
    assert not caplog.messages
    useless = network([(1, 0, 0, 1)])
    assert es.solve(points, start=useless).value == 4
    assert "begins without the model" in caplog.text
    with pytest.raises(es.ProblemError, match="takes 1 feature, but the data have 2"):
        es.solve(points, start=WASTEFUL)


def test_a_start_names_its_layers_and_says_what_was_assumed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, xor: Path
) -> None:
    model = tmp_path / "model.npz"
    hidden, output = np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([[1.0, 1.0]])
    tensors = {"one.weight": hidden, "two.weight": output, "other.weight": np.eye(3)}
    np.savez(model, **tensors)
    assert Run(capsys, "solve", xor, "--start", model).code == 2
    run = Run(capsys, "solve", xor, "--start", model, "--layers", "one, two", "--json")
    result = json.loads(run.out)
    assert run.code == 0 and result["value"] == 4
    assert result["start"]["model"] == str(model)
    assert result["start"]["assumed"][0] == "activation relu"
    assert any("other.weight" in assumed for assumed in result["start"]["assumed"])
    alone = Run(capsys, "solve", xor, "--layers", "one,two")
    assert alone.code == 2 and "--start" in alone.err
    assert "start" not in json.loads(Run(capsys, "solve", xor, "--json").out)


@pytest.mark.parametrize("suffix", [".json", ".safetensors", ".pt", ".onnx"])
def test_solutions_are_exported_and_verified(
    suffix: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for package in ("torch", "safetensors", "onnx"):
        pytest.importorskip(package)
    model = tmp_path / f"model{suffix}"
    run = Run(capsys, "solve", PEAK, "--export", model)
    assert run.code == 0
    assert f"network: {model} (" in run.err
    found = json.loads(Run(capsys, "verify", model, PEAK, "--json").out)
    assert (found["interpolates"], found["neurons"], found["excess"]) == (True, 3, 0)


def test_exports_are_refused_before_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(capsys, "solve", PEAK, "--export", tmp_path / "model.h5")
    assert run.code == 2 and "must end in" in run.err
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    run = Run(capsys, "solve", PEAK, "--export", tmp_path / "model.onnx")
    assert run.code == 2 and "exactsparse[train]" in run.err and run.out == ""
    assert not list(tmp_path.iterdir())


def _arrays() -> tuple[list[int], list[int]]:
    return [-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0]


def test_within_a_tolerance(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Ten neurons that compute (x − 5)₊ but for what training left."""
    table, model = tmp_path / "t.csv", tmp_path / "n.json"
    table.write_text("x,y\n" + "".join(f"{x},{max(0, x - 5)}\n" for x in range(20)))
    neurons = [
        {"weights": ["1"], "bias": str(-b), "output": "1" if b == 5 else f"{(-1) ** b}/1000"}
        for b in range(0, 20, 2)
    ]
    neurons[0]["bias"], neurons[0]["output"] = "-5", "1"
    document = {"neurons": neurons, "skip": {"weights": ["0"], "bias": "0"}}
    model.write_text(json.dumps(document))
    exact = json.loads(Run(capsys, "verify", model, table, "--json").out)
    residual = Fraction(exact["max_residual"])
    assert 0 < residual < Fraction(1, 10)
    assert exact["optimum"]["tolerance"] == "0"
    assert exact["at_residual"] == {
        "objective": "neurons", "tolerance": str(residual), "status": "optimal", "value": 1,
        "lower_bound": 1,
    }  # fmt: skip
    run = Run(capsys, "verify", model, table, "--json", "--tolerance", "1/10")
    assert run.code == 0
    found = json.loads(run.out)
    assert found["within_tolerance"] and found["optimum"]["tolerance"] == "1/10"
    assert found["excess"] == found["neurons"] - found["mergeable_neurons"] - 1
    assert "at_residual" not in found and found["rounded"] is None
    strict = Run(capsys, "verify", model, table, "--json", "--tolerance", "1/100000")
    assert strict.code == 4 and json.loads(strict.out)["excess"] is None
    text = Run(capsys, "verify", model, table).out
    assert "as near as the model  1 neuron within" in text
    auto = Run(capsys, "verify", model, table, "--tolerance", "auto")
    assert auto.code == 0 and "1 neuron within 0.5, proved" in auto.out


def test_labels_that_differ_at_one_point(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, model = tmp_path / "t.csv", tmp_path / "n.json"
    table.write_text("x,y\n0,0\n1,1\n1,2\n")
    skip = {"weights": ["3/2"], "bias": "0"}
    model.write_text(json.dumps({"neurons": [], "skip": skip}))
    assert Run(capsys, "verify", model, table).code == 2
    run = Run(capsys, "verify", model, table, "--tolerance", "1/2")
    assert run.code == 0 and "0 neurons within 0.5, proved" in run.out
    none = Run(capsys, "verify", model, table, "--tolerance", "1/3")
    assert none.code == 4 and "no function is within ≈0.333333 of all labels, proved" in none.out


def test_a_model_no_nearer_than_a_constant_is_told_of_scaling(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, model = tmp_path / "t.csv", tmp_path / "n.json"
    table.write_text("x,y\n0,0\n100,50\n200,100\n")
    for slope, hinted in (("1/200", True), ("1/3", False)):
        model.write_text(json.dumps({"neurons": [], "skip": {"weights": [slope], "bias": "0"}}))
        run = Run(capsys, "verify", model, table)
        assert run.code == 4 and ("scaled features or labels" in run.err) == hinted
        assert "hint" not in Run(capsys, "verify", model, table, "--quiet").err
    table.write_text("x,y\n0,5\n100,5\n")
    assert "hint" not in Run(capsys, "verify", model, table).err
