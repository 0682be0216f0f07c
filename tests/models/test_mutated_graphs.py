"""ONNX models changed at random: what is read equals the runtime for every number of rows."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exactsparse import DataError
from exactsparse.models import read_model
from tests.models.test_onnx_fixtures import LAWS, OTHERS

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "models"
KINDS = [
    "Relu", "Identity", "Transpose", "Add", "Sub", "Mul", "Div", "MatMul", "Gemm", "Max", "Squeeze",
    "Neg", "Flatten", "Sum", "Concat", "Clip", "Dropout", "Reshape", "Unsqueeze", "PRelu", "Cast",
    "LeakyRelu", "BatchNormalization",
]  # fmt: skip
TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64}


def change(model: Any, chance: random.Random) -> None:
    """Another operator, input, attribute, shape of weights, operator set, or type."""
    graph = model.graph
    node = chance.choice(list(graph.node))
    made = [output for one in graph.node for output in one.output]
    names = [graph.input[0].name, *made, *(tensor.name for tensor in graph.initializer)]
    kind = chance.randrange(7)
    if kind == 0:
        node.op_type = chance.choice(KINDS)
    elif kind == 1 and node.input:
        node.input[chance.randrange(len(node.input))] = chance.choice(names)
    elif kind == 2:
        node.input.append(chance.choice(names))
    elif kind == 3 and node.attribute:
        attribute = chance.choice(list(node.attribute))
        if attribute.type == onnx.AttributeProto.INT:
            attribute.i = chance.choice([0, 1, -1, 2, 10, 11])
        elif attribute.type == onnx.AttributeProto.FLOAT:
            attribute.f = chance.choice([0, 0.5, 1, -2])
        elif attribute.type == onnx.AttributeProto.INTS:
            attribute.ints[:] = chance.choice([[0], [1], [0, 1], [1, 0], [-1]])
    elif kind == 4 and graph.initializer:
        tensor = chance.choice(list(graph.initializer))
        n = int(np.prod(tensor.dims))
        turned = list(tensor.dims)[::-1]
        tensor.dims[:] = chance.choice([[n], [1, n], [n, 1], [1, 1, n], [], turned])
    elif kind == 5:
        own = next(entry for entry in model.opset_import if not entry.domain)
        own.version = chance.choice([8, 10, 11, 12, 13, 18, 21])
    elif kind == 6:
        graph.input[0].type.tensor_type.elem_type = chance.choice([1, 10, 11])


@pytest.mark.parametrize("seed", range(8))
def test_what_is_read_is_what_the_runtime_computes(seed: int, tmp_path: Path) -> None:
    chance, path, n_read = random.Random(seed), tmp_path / "m.onnx", 0
    onnxruntime.set_default_logger_severity(4)
    for _ in range(60):
        model = onnx.load(FIXTURES / f"{chance.choice(LAWS + OTHERS)}.onnx")
        for _ in range(chance.randint(1, 2)):
            change(model, chance)
        path.write_bytes(model.SerializeToString())
        try:
            network = read_model(path)
        except DataError:
            continue
        n_read += 1
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        (declared,) = session.get_inputs()
        fixed = declared.shape[0] if isinstance(declared.shape[0], int) else None
        for n_rows in [fixed] if fixed else [1, 2, 3, 5]:
            points = np.random.default_rng(n_rows).integers(-8, 9, (n_rows, 1)) / 2
            shaped = points.reshape([n_rows] + [1] * (len(declared.shape) - 1))
            (values,) = session.run(None, {declared.name: shaped.astype(TYPES[declared.type])})
            exact = [float(network.evaluate(row)) for row in points.tolist()]
            assert values.size == n_rows
            assert np.allclose(values.ravel().astype(float), exact, rtol=1e-3, atol=1e-3)
    assert n_read
