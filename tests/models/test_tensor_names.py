"""Tensors named as flax, Keras and torch name them, and tensors that are no layers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import model_of, read_model
from exactsparse.models.weight_norm import normalised
from tests.cli.common import PEAK, Run
from tests.models.networks import law

safetensors_numpy = pytest.importorskip("safetensors.numpy")
torch = pytest.importorskip("torch")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "models"
POINTS = [Fraction(k, 2) for k in range(-9, 20)]
W = np.array([[1.0, 2.0], [3.0, 4.0]])
B = np.array([-1.0, 5.0])
V = np.array([[1.0, -2.0]])
C = np.array([0.5])


def by_hand(x: Sequence[Fraction]) -> Fraction:
    """``V (W x + B)₊ + C``."""
    hidden = [max(Fraction(w[0]) * x[0] + Fraction(w[1]) * x[1] + Fraction(b), 0)
              for w, b in zip(W.tolist(), B.tolist(), strict=True)]  # fmt: skip
    return hidden[0] - 2 * hidden[1] + Fraction(1, 2)


SAMPLES = [(Fraction(a), Fraction(b, 2)) for a in (-2, 0, 1) for b in (-3, 1, 4)]


@pytest.mark.parametrize(
    "name", ["flax.safetensors", "keras_get_weights.npz", "buffers.pt", "fp8.pt", "plain.pt"]
)
def test_the_function_of_a_fixture(name: str) -> None:
    network = read_model(FIXTURES / name)
    assert [network.evaluate([x]) for x in POINTS] == [law(x) for x in POINTS]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("batchnorm.pt", "'1' is a batch norm.*fold it"),
        ("generic.json", "no network in this file"),
        ("torchscript.pt", "run code"),
        ("whole_module.pt", "run code"),
        ("prelu0.onnx", r"node 1 \(LeakyRelu\)"),
    ],
)
def test_other_models_are_refused(name: str, message: str) -> None:
    with pytest.raises(es.DataError, match=message):
        read_model(FIXTURES / name)


def test_square_kernels_are_read_by_their_names(tmp_path: Path) -> None:
    flax = {
        "params.Dense_0.kernel": W.T.copy(), "params.Dense_0.bias": B,
        "params.Dense_1.kernel": V.T.copy(), "params.Dense_1.bias": C,
    }  # fmt: skip
    safetensors_numpy.save_file(flax, tmp_path / "m.safetensors")
    keras = {"h/kernel:0": W.T, "h/bias:0": B, "o/kernel:0": V.T, "o/bias:0": C}
    np.savez(tmp_path / "m.npz", **keras)
    for name in ("m.safetensors", "m.npz"):
        network = read_model(tmp_path / name)
        assert [network.evaluate(x) for x in SAMPLES] == [by_hand(x) for x in SAMPLES]


@pytest.mark.parametrize(
    "arrays",
    [[W.T, B, V.T, C], [W.T, V.T, B, C], [W, B, V, C]],
    ids=["Keras", "scikit-learn", "torch"],
)
def test_lists_of_arrays(arrays: list[np.ndarray], tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", *arrays)
    network = read_model(tmp_path / "m.npz")
    assert [network.evaluate(x) for x in SAMPLES] == [by_hand(x) for x in SAMPLES]


@pytest.mark.parametrize("arrays", [[W.T, B], [W, B, W, B], [B, W, V], [W, B, V, C, V, C], [W]])
def test_other_lists_are_refused(arrays: list[np.ndarray], tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", *arrays)
    with pytest.raises(es.DataError, match=r"of shapes|have shapes"):
        read_model(tmp_path / "m.npz")


def test_one_neuron_of_two_features_in_both_orientations(tmp_path: Path) -> None:
    for hidden in (W[:1], W[:1].T):
        np.savez(tmp_path / "m.npz", hidden, B[:1], V[:, :1], C)
        (neuron,) = read_model(tmp_path / "m.npz").neurons
        assert neuron == es.Neuron((Fraction(1), Fraction(2)), Fraction(-1), Fraction(1))


def test_one_bias_is_that_of_the_layer_it_follows(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", [[2.0]], [-1.0], [[3.0]])
    assert read_model(tmp_path / "m.npz").evaluate(2) == 9
    np.savez(tmp_path / "m.npz", [[2.0]], [[3.0]], [-1.0])
    assert read_model(tmp_path / "m.npz").evaluate(2) == 11


def test_weight_norm_where_the_norm_is_rational(tmp_path: Path) -> None:
    """Of one feature it always is; as torch has it, within the error of float32."""
    held = torch.load(FIXTURES / "weightnorm.pt", weights_only=True)
    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(1, 3))
    module = torch.nn.Sequential(layer, torch.nn.ReLU(), torch.nn.Linear(3, 1))
    module.load_state_dict(held)
    read = model_of(FIXTURES / "weightnorm.pt")
    assert read.assumed == ("activation relu", "weight norm of '0'")
    for x in (-2.0, -0.25, 1.0, 3.0):
        with torch.no_grad():
            value = float(module(torch.tensor([[x]])))
        assert abs(float(read.network.evaluate(x)) - value) < 1e-6
    v, g = np.array([[3.0, 4.0], [0.0, -2.0]]), np.array([[10.0], [1.0]])
    assert normalised(v, g, "w").tolist() == [[6, 8], [0, -1]]
    assert normalised(v.T, g.T, "w").tolist() == [[6, 0], [8, -1]]
    assert normalised(v[:1], np.array(5.0), "w").tolist() == [[3, 4]]
    old = {"0.weight_g": g, "0.weight_v": v, "2.weight": V}
    np.savez(tmp_path / "m.npz", **old)
    assert read_model(tmp_path / "m.npz").neurons[0].weights == (6, 8)


@pytest.mark.parametrize(
    ("v", "g", "message"),
    [
        ([[1.0, 1.0]], [[1.0]], r"irrational \(its square is 2\)"),
        ([[0.0, 0.0]], [[1.0]], "a norm is 0"),
        ([[1.0, 0.0]], [[1.0], [2.0]], "do not fit"),
    ],
)
def test_weight_norm_without_an_exact_value(v: list, g: list, message: str) -> None:
    with pytest.raises(es.DataError, match=message):
        normalised(np.array(v), np.array(g), "w")


def test_buffers_that_may_matter_are_refused_until_layers_are_named(tmp_path: Path) -> None:
    held = torch.load(FIXTURES / "buffers.pt", weights_only=True)
    assert model_of(FIXTURES / "buffers.pt").assumed[1] == "left aside: x_mean, x_std"
    torch.save(held | {"log_std": torch.tensor([1.0])}, tmp_path / "m.pt")
    with pytest.raises(es.DataError, match="'log_std' belongs to no linear layer"):
        read_model(tmp_path / "m.pt")
    torch.save(held | {"x_std": torch.tensor([2.0])}, tmp_path / "m.pt")
    with pytest.raises(es.DataError, match=r"'x_std' belongs to no linear layer.*--layers"):
        read_model(tmp_path / "m.pt")
    read = model_of(tmp_path / "m.pt", ["0", "2"])
    assert read.assumed[1] == "left aside: x_mean, x_std"
    assert read.network == read_model(FIXTURES / "plain.pt")


def test_named_layers(tmp_path: Path) -> None:
    path = FIXTURES / "one_neuron_hidden_head.safetensors"
    network = read_model(path, layers=("hidden", "head"))
    assert network.neurons == (es.Neuron((Fraction(2),), Fraction(-1), Fraction(3)),)
    assert read_model(path, layers=("head", "hidden")) != network
    with pytest.raises(es.DataError, match="no layer 'out'; there are head, hidden"):
        read_model(path, layers=("hidden", "out"))
    with pytest.raises(es.DataError, match="both 'head'"):
        read_model(path, layers=("head", "head"))
    for layers in ("hidden", ["hidden"]):
        with pytest.raises(es.ProblemError, match="two names"):
            read_model(path, layers=layers)
    with pytest.raises(es.ProblemError, match="files of tensors"):
        read_model(FIXTURES / "scalar_bias.onnx", layers=("a", "b"))
    with pytest.raises(es.ProblemError, match="in memory"):
        es.verify(network, [0, 1], [0, 1], layers=("hidden", "head"))
    np.savez(tmp_path / "m.npz", **{"a.weight": W, "b.weight": V})
    with pytest.raises(es.DataError, match=r"output weights have shape|2 outputs"):
        read_model(tmp_path / "m.npz", layers=("b", "a"))


def test_named_layers_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    path = FIXTURES / "one_neuron_hidden_head.safetensors"
    refused = Run(capsys, "verify", path, PEAK)
    assert refused.code == 2 and "--layers HIDDEN,OUTPUT" in refused.err
    run = Run(capsys, "verify", path, PEAK, "--layers", "hidden, head", "--quiet")
    assert run.code == 4 and run.out.endswith(", taken as ReLU\n")
    text = Run(capsys, "verify", path, PEAK, "--layers", "hidden,head").out
    assert "taken as ReLU: the file names no activation" in text


def test_a_start_is_said_to_be_taken_as_relu(caplog: pytest.LogCaptureFixture) -> None:
    es.solve([0, 1, 2], [0, 1, 0], skip="none", start=FIXTURES / "plain.pt")
    assert "begins with: taken as ReLU" in caplog.text
