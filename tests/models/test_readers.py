"""Models as other programs write them, exactly; broken and malicious files, refused."""

from __future__ import annotations

import json
import pickle
import random
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import export, network_of, read_model
from tests.models.networks import plain, with_linear_part
from tests.payload import Payload

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
safetensors_numpy = pytest.importorskip("safetensors.numpy")

nn = torch.nn
HIDDEN = np.array([[1.0, -0.25], [0.0, 3.0], [2.0, 1.0]])
BIAS = np.array([0.5, 0.0, -1.0])
OUTPUT = np.array([[2.0, -1.0, 0.5]])


def network_of_arrays(constant: float | None = None) -> es.Network:
    neurons = tuple(
        es.Neuron(tuple(map(Fraction, w)), Fraction(b), Fraction(v))
        for w, b, v in zip(HIDDEN.tolist(), BIAS.tolist(), OUTPUT[0].tolist(), strict=True)
    )
    zero = (Fraction(0), Fraction(0))
    return es.Network(neurons, None if constant is None else es.Skip(zero, Fraction(constant)), 2)


def state(dtype: Any = torch.float32) -> dict[str, Any]:
    arrays = {"0.weight": HIDDEN, "0.bias": BIAS, "2.weight": OUTPUT, "2.bias": np.array([0.25])}
    return {name: torch.tensor(a, dtype=dtype) for name, a in arrays.items()}


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_every_float_type_is_read_exactly(kind: str, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    held = state(getattr(torch, kind))
    held["0.weight"] += torch.tensor(0.3, dtype=held["0.weight"].dtype)
    exact = Fraction(float(held["0.weight"][0, 0]))
    save_file(held, tmp_path / "m.safetensors")
    torch.save(held, tmp_path / "m.pt")
    for name in ("m.safetensors", "m.pt"):
        network = read_model(tmp_path / name)
        assert network.neurons[0].weights[0] == exact
        assert network.skip is not None and network.skip.bias == Fraction(1, 4)


@pytest.mark.parametrize("names", ["fc1 fc2", "net.0 net.2", "layer2 layer10", "out hid"])
def test_layers_are_found_by_shape_and_name(names: str, tmp_path: Path) -> None:
    first, last = names.split()
    arrays = {f"{last}.weight": OUTPUT, f"{first}.weight": HIDDEN, f"{first}.bias": BIAS}
    safetensors_numpy.save_file(arrays, tmp_path / "m.safetensors")
    torch.save({"state_dict": {k: torch.tensor(a) for k, a in arrays.items()}}, tmp_path / "m.pt")
    np.savez(tmp_path / "m.npz", **arrays)
    for name in ("m.safetensors", "m.pt", "m.npz"):
        assert read_model(tmp_path / name) == network_of_arrays()


def test_one_neuron_of_one_feature_is_told_by_numbers_where_order_is_lost(tmp_path: Path) -> None:
    held = {"10.weight": torch.tensor([[5.0]]), "2.weight": torch.tensor([[-1.0]])}
    safetensors_numpy.save_file({k: v.numpy() for k, v in held.items()}, tmp_path / "m.safetensors")
    network = read_model(tmp_path / "m.safetensors")
    assert network.evaluate(-2) == 10 and network.evaluate(2) == 0


def test_arrays_named_as_in_the_formula(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", W=HIDDEN, b=BIAS, v=OUTPUT[0], c=0.25)
    assert read_model(tmp_path / "m.npz") == network_of_arrays(0.25)
    np.savez(tmp_path / "m.npz", W=HIDDEN, b=BIAS, v=OUTPUT[0], a=np.array([1.0, 2.0]))
    assert read_model(tmp_path / "m.npz").skip == es.Skip((Fraction(1), Fraction(2)), Fraction(0))


def test_torch_modules(tmp_path: Path) -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    module.load_state_dict(state())
    assert network_of(module) == network_of_arrays(0.25)
    bare = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 1, bias=False))
    assert network_of(bare).skip is None


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)), "Linear, Tanh, Linear"),
        (nn.Linear(2, 1), "is a Linear"),
        (nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)), "2 outputs"),
        (
            nn.Sequential(*[nn.Linear(2, 2), nn.ReLU()] * 2, nn.Linear(2, 1)),
            "Linear, ReLU, Linear, ReLU, Linear",
        ),
    ],
)
def test_other_modules_are_refused(module: Any, message: str) -> None:
    with pytest.raises(es.DataError, match=message):
        network_of(module)


def test_solutions_and_certificates_are_models(tmp_path: Path) -> None:
    solution = es.solve([0, 1, 2], [0, 1, 0])
    solution.certificate.save(tmp_path / "proof.json")
    (tmp_path / "solution.json").write_text(json.dumps(solution.to_json()))
    for name in ("proof.json", "solution.json"):
        assert read_model(tmp_path / name) == solution.network


def test_pickles_are_refused_and_nothing_runs(tmp_path: Path) -> None:
    target = tmp_path / "created"
    payload = Payload(target)
    torch.save({"0.weight": payload}, tmp_path / "zip.pt")
    torch.save({"0.weight": payload}, tmp_path / "legacy.pt", _use_new_zipfile_serialization=False)
    (tmp_path / "bare.pth").write_bytes(pickle.dumps(payload))
    torch.save(nn.Sequential(nn.Linear(1, 1)), tmp_path / "module.pt")
    np.savez(tmp_path / "m.npz", W=np.array([payload], dtype=object), v=np.zeros(1))
    for name in ("zip.pt", "legacy.pt", "bare.pth", "module.pt", "m.npz"):
        with pytest.raises(es.DataError, match=r"run code|damaged") as refusal:
            read_model(tmp_path / name)
        assert "\n" not in str(refusal.value)
        assert not target.exists()
    # The payload does what it says when something loads it.
    pickle.loads((tmp_path / "bare.pth").read_bytes())
    assert target.exists()


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".onnx", ".npz", ".json"])
def test_truncated_files_are_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{suffix}"
    if suffix == ".npz":
        np.savez(path, W=HIDDEN, v=OUTPUT[0])
    else:
        export(plain(), path)
    whole = path.read_bytes()
    for size in range(0, len(whole) - 2, max(1, len(whole) // 23)):
        path.write_bytes(whole[:size])
        with pytest.raises(es.DataError) as refusal:
            read_model(path)
        assert str(refusal.value).startswith(str(path))


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".onnx", ".npz", ".json"])
def test_damaged_bytes_give_a_network_or_a_sentence(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{suffix}"
    if suffix == ".npz":
        np.savez(path, W=HIDDEN, v=OUTPUT[0])
    else:
        export(with_linear_part(), path)
    whole, chance = path.read_bytes(), random.Random(0)
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(whole))] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            assert isinstance(read_model(path), es.Network)
        except es.DataError as refusal:
            assert "\n" not in str(refusal)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"0.weight": np.full((3, 2), np.nan)}, "NaN"),
        ({"0.weight": HIDDEN[:, :, None]}, "a matrix is needed"),
        ({"0.bias": BIAS[:2]}, r"hidden biases have shape \(2,\)"),
        ({"2.weight": np.ones((2, 3))}, "2 outputs"),
        ({"2.weight": np.ones((1, 4))}, r"output weights have shape \(1, 4\)"),
        ({"4.weight": np.ones((1, 1))}, "holds 3"),
        ({"1.running_mean": BIAS}, "'1' is a batch norm"),
        ({"1.alpha": BIAS}, "'1.alpha' belongs to no linear layer"),
        ({"1.bias": BIAS}, "'1' has a bias but no weight"),
        ({"0.weight": HIDDEN.astype(complex)}, "complex128|dense|C128|C64"),
    ],
)
def test_other_tensors_are_refused(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    arrays = {"0.weight": HIDDEN, "0.bias": BIAS, "2.weight": OUTPUT} | changes
    np.savez(tmp_path / "m.npz", **arrays)
    torch.save({k: torch.tensor(a) for k, a in arrays.items()}, tmp_path / "m.pt")
    for name in ("m.npz", "m.pt"):
        with pytest.raises(es.DataError, match=message):
            read_model(tmp_path / name)


@pytest.mark.parametrize("held", [torch.zeros(2), [1, 2], {"0.weight": 3}, {1: torch.zeros(2)}])
def test_torch_files_without_a_state_dict_are_refused(held: Any, tmp_path: Path) -> None:
    torch.save(held, tmp_path / "m.pt")
    with pytest.raises(es.DataError, match=r"no state_dict|no dense tensor"):
        read_model(tmp_path / "m.pt")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "no network"),
        ('{"neurons": []}', "n_features"),
        ('{"neurons": [{"weights": ["1"], "bias": "x", "output": "1"}]}', "neuron 0, bias"),
        ('{"neurons": [{"weights": ["1"], "output": "1"}]}', "no bias"),
        ('{"neurons": [{"weights": [NaN], "bias": 0, "output": 1}]}', "neuron 0, weights"),
        ('{"n_features": 2, "neurons": [{"weights": [1], "bias": 0, "output": 1}]}', "2 weights"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_other_json_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(es.DataError, match=message):
        read_model(tmp_path / "m.json")


def test_json_numbers_are_decimals(tmp_path: Path) -> None:
    text = '{"neurons": [{"weights": [0.1], "bias": -1, "output": "1/3"}], "skip": null}'
    (tmp_path / "m.json").write_text(text)
    (neuron,) = read_model(tmp_path / "m.json").neurons
    assert neuron == es.Neuron((Fraction(1, 10),), Fraction(-1), Fraction(1, 3))


def test_files_that_are_not_there_or_of_no_format(tmp_path: Path) -> None:
    with pytest.raises(es.DataNotFoundError, match="no such file"):
        read_model(tmp_path / "m.pt")
    with pytest.raises(es.DataError, match="suffix"):
        read_model(tmp_path / "m.h5")
    with pytest.raises(es.ProblemError, match="is a int"):
        network_of(3)
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        archive.writestr("W.npy", b"nothing")
    with pytest.raises(es.DataError, match="damaged"):
        read_model(tmp_path / "m.npz")
