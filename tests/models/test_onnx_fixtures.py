"""Models of several exporters, against the function they hold and against onnxruntime."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import read_model
from tests.models.networks import law

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "models"
LAWS = [
    "gemm", "alpha_beta", "const_nodes", "fp16", "transpose_matmul", "keras_identity",
    "skl2onnx_style", "max_relu", "const_value_floats", "squeeze", "standardise", "identity_init",
    "dropout", "sub_bias", "left_weights", "unsqueeze_in", "external",
]  # fmt: skip
OTHERS = [
    "scalar_bias", "mlpregressor", "scaler_mlp", "ts", "ts_noconstfold", "ts_squeeze",
    "dynamo_dynbatch", "dynamo_noopt", "dynamo_small",
]  # fmt: skip


@pytest.mark.parametrize("name", LAWS)
def test_the_function_of_a_fixture(name: str) -> None:
    network = read_model(FIXTURES / f"{name}.onnx")
    for k in range(-9, 20):
        assert network.evaluate([Fraction(k, 4)]) == law(Fraction(k, 4))


@pytest.mark.parametrize("name", LAWS + OTHERS)
def test_the_runtime_computes_the_same(name: str) -> None:
    path = FIXTURES / f"{name}.onnx"
    network = read_model(path)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    (declared,) = session.get_inputs()
    # Some are exported for two rows only.
    points = np.array([-2.25, 3.5] if declared.shape[0] == 2 else [-2.25, -1, 0, 0.5, 2, 3.5])
    kind = np.float16 if declared.type == "tensor(float16)" else np.float32
    shaped = points.reshape((-1,) if len(declared.shape) == 1 else (-1, 1)).astype(kind)
    (values,) = session.run(None, {declared.name: shaped})
    exact = [float(network.evaluate([x])) for x in points]
    assert np.abs(values.ravel() - exact).max() < 1e-6


@pytest.mark.parametrize("name", ["add_bias_K1", "gemm_bias_K1"])
def test_a_bias_along_the_rows_is_refused(name: str) -> None:
    with pytest.raises(es.DataError, match=r"shape \(3, 1\).*some numbers of rows only"):
        read_model(FIXTURES / f"{name}.onnx")
