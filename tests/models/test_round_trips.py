"""Export, load with the real library, predict; and read back what was written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from exactsparse import Network, OutputError
from exactsparse.models import WRITERS, export, network_of, read_model, rounded_to_float
from tests.models.networks import networks, plain, with_linear_part

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("safetensors")

POINTS = np.random.default_rng(0).normal(size=(7, 2))
# Three products and sums of numbers below 10 in float64.
FLOAT_ERROR = 1e-14


@settings(max_examples=40)
@given(network=networks())
def test_every_format_gives_back_what_it_holds(network: Network) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for suffix in WRITERS:
            path = Path(folder) / f"model{suffix}"
            export(network, path)
            held = network if suffix == ".json" else rounded_to_float(network)
            assert read_model(path) == held
    assert network_of(network.to_torch()) == rounded_to_float(network)


@pytest.mark.parametrize("network", [plain(), with_linear_part(), Network((), None, 2)])
def test_the_real_libraries_predict_the_same(network: Network, tmp_path: Path) -> None:
    expected = network.predict(POINTS)
    module = network.to_torch()
    with torch.no_grad():
        assert np.abs(module(torch.tensor(POINTS)).numpy()[:, 0] - expected).max() < FLOAT_ERROR
    export(network, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(
        str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    (values,) = session.run(None, {"x": POINTS})
    assert values.shape == (len(POINTS), 1)
    assert np.abs(values[:, 0] - expected).max() < FLOAT_ERROR
    for suffix in (".pt", ".safetensors"):
        export(network, tmp_path / f"model{suffix}")
        if suffix == ".pt":
            held = torch.load(tmp_path / "model.pt", weights_only=True)
        else:
            from safetensors.torch import load_file

            held = load_file(tmp_path / "model.safetensors")
        loaded = network.to_torch()
        with torch.no_grad():
            for parameter in loaded.parameters():
                parameter.zero_()
            loaded.load_state_dict(held)
            assert torch.equal(loaded(torch.tensor(POINTS)), module(torch.tensor(POINTS)))


def test_parameters_beyond_float64_are_refused(tmp_path: Path) -> None:
    from fractions import Fraction

    from exactsparse import Neuron

    huge = Network((Neuron((Fraction(10) ** 400,), Fraction(0), Fraction(1)),), None, 1)
    with pytest.raises(OutputError, match="exceeds float64"):
        export(huge, tmp_path / "model.pt")
    assert not (tmp_path / "model.pt").exists()
    export(huge, tmp_path / "model.json")
    assert read_model(tmp_path / "model.json") == huge


def test_a_suffix_of_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="must end in"):
        export(plain(), tmp_path / "model.h5")
