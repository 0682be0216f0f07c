"""Files made so that a reader might take them for another function: none is read in silence."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import model_of, network_of, read_model

torch = pytest.importorskip("torch")
safetensors_numpy = pytest.importorskip("safetensors.numpy")
prune = pytest.importorskip("torch.nn.utils.prune")
nn = torch.nn

ONE = {"weight": np.array([[2.0]]), "bias": np.array([-1.0])}
OTHER = {"weight": np.array([[3.0]]), "bias": np.array([1.0])}
STATE = {
    "0.weight": torch.tensor([[1.0, 2.0], [3.0, 4.0]]), "0.bias": torch.tensor([1.0, -1.0]),
    "2.weight": torch.tensor([[1.0, -1.0]]), "2.bias": torch.tensor([0.5]),
}  # fmt: skip


def state(first: str, last: str) -> dict[str, Any]:
    layers = {first: ONE, last: OTHER}
    return {f"{n}.{k}": torch.tensor(v) for n, held in layers.items() for k, v in held.items()}


@pytest.mark.parametrize(
    "names", [("head", "hidden"), ("fc2", "fc1"), ("net.output", "net.a"), ("a", "input")]
)
def test_names_against_the_order_of_a_state_dict(names: tuple[str, str], tmp_path: Path) -> None:
    """A class may define its output first: with one neuron of one feature both orders fit."""
    torch.save(state(*names), tmp_path / "m.pt")
    with pytest.raises(es.DataError, match=r"their names say otherwise.*--layers"):
        read_model(tmp_path / "m.pt")
    read = read_model(tmp_path / "m.pt", layers=names)
    assert read.neurons == (es.Neuron((Fraction(2),), Fraction(-1), Fraction(3)),)


@pytest.mark.parametrize(
    ("beside", "refused"),
    [
        ({"hyper_parameters": {"activation": "tanh"}}, True),
        ({"config": {"model": {"hidden_activation": "gelu"}}}, True),
        ({"hyper_parameters": {"activation": "ReLU", "out_activation": "identity"}}, False),
        ({"hyper_parameters": {"output_activation": "relu"}}, True),
        ({"epoch": 3}, False),
    ],
)
def test_a_checkpoint_that_names_its_activation(
    beside: dict[str, Any], refused: bool, tmp_path: Path
) -> None:
    torch.save({"state_dict": STATE, **beside}, tmp_path / "m.ckpt")
    if refused:
        with pytest.raises(es.DataError, match=r"the file says .*activation"):
            read_model(tmp_path / "m.ckpt")
    else:
        assumed = model_of(tmp_path / "m.ckpt").assumed
        assert assumed == ("activation relu", "the state_dict is the checkpoint's 'state_dict'")


def test_a_checkpoint_that_holds_itself(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"activation": "relu"}
    settings |= {str(k): settings for k in range(200)}
    torch.save({"state_dict": STATE, "settings": settings}, tmp_path / "m.pt")
    assert len(read_model(tmp_path / "m.pt").neurons) == 2


def test_metadata_that_names_an_activation(tmp_path: Path) -> None:
    arrays = {name: values.numpy() for name, values in STATE.items()}
    safetensors_numpy.save_file(arrays, tmp_path / "m.safetensors", {"activation": "silu"})
    with pytest.raises(es.DataError, match="'silu'"):
        read_model(tmp_path / "m.safetensors")


def test_two_tensors_of_one_name(tmp_path: Path) -> None:
    twice = {name: values.numpy() for name, values in STATE.items()}
    np.savez(tmp_path / "m.npz", **twice, **{"0/weight": np.ones((2, 2))})
    with pytest.raises(es.DataError, match="two tensors 'weight'"):
        read_model(tmp_path / "m.npz")
    np.savez(tmp_path / "m.npz", W=np.ones((2, 1)), v=np.ones(2))
    buffer = io.BytesIO()
    np.save(buffer, np.full((2, 1), 7.0))
    with zipfile.ZipFile(tmp_path / "m.npz", "a") as archive:
        archive.writestr("W", buffer.getvalue())
    with pytest.raises(es.DataError, match="'W' twice"):
        read_model(tmp_path / "m.npz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"neurons": [{"weights": [1], "bias": 0, "output": 1, "bias": 5}]}', "'bias' is given"),
        ('{"neurons": [{"weights": [1], "bias": 0, "output": 1, "kind": "abs"}]}', "'kind'"),
        ('{"neurons": [{"weights": [1], "bias": 0, "output": 1}], "activation": "tanh"}', "'activ"),
        (
            '{"n_features": 1, "neurons": [], "skip": {"weights": [1], "bias": 0, "scale": 2}}',
            "the skip has 'scale'",
        ),
    ],
)
def test_json_that_says_more_than_is_read(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(es.DataError, match=message):
        read_model(tmp_path / "m.json")
    assert json.loads(text)


def test_modules_whose_weights_are_computed_anew() -> None:
    """The weight of a masked layer is that of its last call, which training leaves behind."""
    module = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    network_of(module)
    prune.l1_unstructured(module[0], "weight", amount=2)
    with pytest.raises(es.DataError, match="has hooks"):
        network_of(module)
    prune.remove(module[0], "weight")
    network_of(module)
    module[1].forward = torch.tanh
    with pytest.raises(es.DataError, match="has hooks"):
        network_of(module)


def test_masks_of_a_state_dict(tmp_path: Path) -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    prune.l1_unstructured(module[0], "weight", amount=2)
    torch.save(module.state_dict(), tmp_path / "m.pt")
    network = read_model(tmp_path / "m.pt")
    weights = [float(w) for neuron in network.neurons for w in neuron.weights]
    assert weights == module[0].weight.flatten().tolist() and weights.count(0.0) == 2
    held = module.state_dict()
    torch.save(held | {"0.weight_mask": torch.full((3, 2), 0.5)}, tmp_path / "m.pt")
    with pytest.raises(es.DataError, match="zeros and ones"):
        read_model(tmp_path / "m.pt")


def test_a_normalisation_beside_named_layers(tmp_path: Path) -> None:
    held = {"1.weight": torch.ones(2), "1.bias": torch.ones(2)}
    torch.save(STATE | held, tmp_path / "m.pt")
    with pytest.raises(es.DataError, match="'1' lies beside the named layers"):
        read_model(tmp_path / "m.pt", layers=("0", "2"))
    other = {f"critic.{name}": values for name, values in held.items()}
    torch.save(STATE | other, tmp_path / "m.pt")
    assert "left aside: critic.1.weight" in model_of(tmp_path / "m.pt", ("0", "2")).assumed[-1]


@pytest.mark.parametrize("name", ["0.lora_A.weight", "0.scale", "2.weight_u"])
def test_more_tensors_of_a_named_layer(name: str, tmp_path: Path) -> None:
    torch.save(STATE | {name: torch.ones(2, 2)}, tmp_path / "m.pt")
    with pytest.raises(es.DataError, match="belongs to a layer that is named"):
        read_model(tmp_path / "m.pt", layers=("0", "2"))


def test_the_linear_part_beside_the_named_layers(tmp_path: Path) -> None:
    """Of two networks in one file, each has its own."""
    both = {f"{net}.{k}": v for net in ("actor", "critic") for k, v in STATE.items()}
    slopes = {"actor": 5.0, "critic": 7.0}
    parts = {f"{net}.skip.weight": torch.full((1, 2), slope) for net, slope in slopes.items()}
    torch.save(both | parts, tmp_path / "m.pt")
    skip = read_model(tmp_path / "m.pt", layers=("critic.0", "critic.2")).skip
    assert skip == es.Skip((Fraction(7), Fraction(7)), Fraction(1, 2))


def test_a_linear_part_is_said(tmp_path: Path) -> None:
    torch.save(STATE | {"skip.weight": torch.ones(1, 2)}, tmp_path / "m.pt")
    assert "'skip' is a linear part" in model_of(tmp_path / "m.pt").assumed


@pytest.mark.parametrize("change", ["negative", "transposed", "expanded", "narrowed"])
def test_tensors_that_look_into_others(change: str, tmp_path: Path) -> None:
    """Views, of which the file keeps the storage and the strides."""
    weight = torch.tensor([[1.0, 3.0], [2.0, 4.0]])
    views = {
        "negative": torch.imag(torch.conj(torch.complex(weight, -weight))),
        "transposed": weight.T,
        "expanded": torch.tensor([[1.0, 2.0]]).expand(2, 2),
        "narrowed": torch.arange(9.0).reshape(3, 3)[1:, 1:],
    }
    torch.save(STATE | {"0.weight": views[change]}, tmp_path / "m.pt")
    rows = [list(map(float, neuron.weights)) for neuron in read_model(tmp_path / "m.pt").neurons]
    assert rows == views[change].tolist()
