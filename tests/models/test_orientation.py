"""Layers whose order or orientation shapes do not settle."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import read_model

FIXTURES = Path(__file__).parent.parent / "fixtures" / "models"


def test_a_state_dict_keeps_the_order_of_its_layers() -> None:
    network = read_model(FIXTURES / "one_neuron_hidden_head.pt")
    assert network.neurons == (es.Neuron((Fraction(2),), Fraction(-1), Fraction(3)),)
    assert network.skip == es.Skip((Fraction(0),), Fraction(1))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("one_neuron_hidden_head.safetensors", "nothing tells which"),
    ],
)
def test_what_shapes_do_not_settle_is_refused(name: str, message: str) -> None:
    with pytest.raises(es.DataError, match=message):
        read_model(FIXTURES / name)


def test_one_number_is_the_bias_of_all_units() -> None:
    assert {neuron.bias for neuron in read_model(FIXTURES / "scalar_bias.onnx").neurons} == {-2}


def test_square_weights_need_the_shape_of_the_output(tmp_path: Path) -> None:
    weights, output = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0])
    np.savez(tmp_path / "m.npz", W=weights, v=output)
    with pytest.raises(es.DataError, match="W is square"):
        read_model(tmp_path / "m.npz")
    np.savez(tmp_path / "m.npz", W=weights, v=output[None])
    assert read_model(tmp_path / "m.npz").neurons[0].weights == (1, 2)
