"""ONNX graphs as exporters write them; other graphs refused, the node named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models import read_model

onnx = pytest.importorskip("onnx")
helper, numpy_helper = onnx.helper, onnx.numpy_helper
FLOAT = onnx.TensorProto.FLOAT

W = np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 0.25]], dtype=np.float32)
V = np.array([[1.0, -2.0, 4.0]], dtype=np.float32)
TENSORS = {
    "W": W, "WT": W.T, "b": np.array([1.0, 0.0, -0.5], dtype=np.float32), "V": V, "VT": V.T,
    "c": np.array([0.75], dtype=np.float32), "s": np.array(0.75, dtype=np.float32),
}  # fmt: skip


def node(kind: str, inputs: str, output: str, **attributes: Any) -> Any:
    return helper.make_node(kind, inputs.split(), [output], name=f"my {output}", **attributes)


def save(path: Path, *nodes: Any, tensors: dict[str, Any] | None = None, out: str = "y") -> Path:
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", FLOAT, ["n", 2])],
        [helper.make_tensor_value_info(out, FLOAT, ["n", 1])],
        [numpy_helper.from_array(a, k) for k, a in (TENSORS | (tensors or {})).items()],
    )  # fmt: skip
    path.write_bytes(helper.make_model(graph).SerializeToString())
    return path


def expected(x: list[Fraction], factor: int = 1) -> Fraction:
    hidden = W.astype(float) @ np.array([float(t) for t in x]) * factor + TENSORS["b"]
    return Fraction(float(V[0].astype(float) @ np.maximum(hidden, 0))) + Fraction(3, 4)


GRAPHS = {
    "gemm": [
        node("Gemm", "x W b", "h", transB=1), node("Relu", "h", "r"),
        node("Gemm", "r V c", "y", transB=1),
    ],
    "matmul": [
        node("MatMul", "x WT", "p"), node("Add", "p b", "h"), node("Relu", "h", "r"),
        node("MatMul", "r VT", "q"), node("Add", "s q", "y"),
    ],
    "alpha": [
        node("Gemm", "x W b", "h", transB=1, alpha=2.0), node("Relu", "h", "r"),
        node("Gemm", "r V c", "y", transB=1),
    ],
    "beta": [
        node("Gemm", "x W b", "h", transB=1, beta=1.0), node("Relu", "h", "r"),
        node("Gemm", "r V s", "y", transB=1, alpha=0.5, beta=0.5),
    ],
    "constant": [
        helper.make_node("Constant", [], ["k"], value=numpy_helper.from_array(W, "k")),
        node("Gemm", "x k b", "h", transB=1), node("Relu", "h", "r"),
        node("Gemm", "r V c", "y", transB=1),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_of_exporters(name: str, tmp_path: Path) -> None:
    network = read_model(save(tmp_path / "m.onnx", *GRAPHS[name]))
    assert len(network.neurons) == 3
    for x in ([Fraction(1), Fraction(2)], [Fraction(-3, 2), Fraction(1, 4)]):
        value = expected(x, 2 if name == "alpha" else 1)
        assert network.evaluate(x) == (value / 2 if name == "beta" else value)


def test_a_skip_is_a_sum(tmp_path: Path) -> None:
    nodes = [
        *GRAPHS["gemm"][:2],
        node("Gemm", "r V c", "q", transB=1), node("MatMul", "x a", "l"), node("Add", "l q", "y"),
    ]  # fmt: skip
    tensors = {"a": np.array([[1.0], [-1.0]], dtype=np.float32)}
    network = read_model(save(tmp_path / "m.onnx", *nodes, tensors=tensors))
    assert network.skip == es.Skip((Fraction(1), Fraction(-1)), Fraction(3, 4))


H, R, Y = GRAPHS["gemm"]


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([H, node("Tanh", "h", "r"), Y], r"'my r' \(Tanh\)"),
        ([H, R, Y, node("Softmax", "y", "z")], r"'my z' \(Softmax\)"),
        ([H, R, node("Relu", "r", "t"), node("Gemm", "t V c", "y", transB=1)], "second activation"),
        ([H, node("Gemm", "h V c", "y", transB=1)], "no sum of ReLU"),
        ([H], "no sum of ReLU"),
        ([node("Relu", "x", "y")], "2 outputs"),
        ([H, R, node("Gemm", "r W b", "y", transB=1)], "does not fit"),
        ([node("Gemm", "x x b", "h"), R, Y], "no constant weights"),
        ([node("Gemm", "x W b", "h", transA=1, transB=1), R, Y], "different rows"),
        ([node("Gemm", "x W b", "h", transB=1, alpha=float("inf")), R, Y], "infinity"),
        ([H, R, node("Gemm", "r bad c", "y", transB=1)], "NaN"),
        ([H, R, node("Gemm", "r two", "y")], "2 outputs"),
        ([node("Gemm", "x W two", "h", transB=1), R, Y], "some numbers of rows only"),
        ([node("Gemm", "x W b3", "h", transB=1), R, Y], "a bias of shape"),
        ([helper.make_node("Gemm", ["x", "W"], ["h"], "mine", domain="evil"), R, Y], "'mine'"),
        ([R, H, Y], "no node computes"),
        ([helper.make_node("Relu", [], ["y"])], "0 inputs and 1 outputs"),
        ([node("Gemm", "x W b", "h", transB=1, gamma=2), R, Y], "an option 'gamma'"),
        ([node("Gemm", "x W b", "h", transB=1, alpha=2), R, Y], "'alpha' of another type"),
        ([node("Gemm", "x W b", "W", transB=1), R, Y], "'W' a second time"),
        ([H, R, Y, node("Mul", "y y", "z")], "depends on the input with what does"),
        ([H, R, Y, node("Div", "c y", "z")], "divides by what depends"),
        ([H, R, Y, node("Div", "y zero", "z")], "divides by 0"),
        ([H, node("LeakyRelu", "h", "r"), Y], "is no ReLU"),
        ([H, node("Max", "h b", "r"), Y], "is no ReLU"),
        ([H, node("Clip", "h zero six", "r"), Y], "is no ReLU"),
        ([H, R, node("Cast", "r", "t", to=10), node("Gemm", "t V c", "y")], "rounds what depends"),
        ([H, node("Add", "h wide", "g"), node("Relu", "g", "r"), Y], "mixes types"),
        ([H, R, Y, node("Squeeze", "y", "z")], "all dimensions of length 1"),
        ([node("Reshape", "x pairs", "w"), H, R, Y], "tears them apart"),
        ([H, R, Y, node("Squeeze", "y one", "t"), node("Add", "t y", "z")], "against each other"),
        ([H, R, Y, node("Squeeze", "y 1", "z")], "no list of integers"),
        ([H, R, Y, node("Unsqueeze", "y many", "z")], "makes 42 dimensions"),
        ([H, R, Y, node("Squeeze", "y one", "t"), node("MatMul", "t c", "z")], "different rows"),
        ([H, node("Dropout", "h zero yes", "d"), node("Relu", "d", "r"), Y], "at random"),
        (
            [H, node("BatchNormalization", "h b b b b", "n"), node("Relu", "n", "r"), Y],
            "irrational",
        ),
    ],
)
def test_other_graphs_are_refused(nodes: list[Any], message: str, tmp_path: Path) -> None:
    tensors = {
        "two": np.ones((3, 2), dtype=np.float32), "b3": np.ones((1, 1, 3), dtype=np.float32),
        "zero": np.float32(0), "six": np.float32(6), "wide": np.ones(3), "yes": np.array(True),
        "one": np.array([1]), "1": np.array(1), "many": np.arange(2, 42),
        "pairs": np.array([-1, 1]),
    }  # fmt: skip
    if message == "NaN":
        tensors["bad"] = np.full((1, 3), np.nan, dtype=np.float32)
    out = nodes[-1].output[0]
    path = save(tmp_path / "m.onnx", *nodes, tensors=tensors, out=out)
    with pytest.raises(es.DataError, match=message) as refusal:
        read_model(path)
    assert str(refusal.value).startswith(str(path))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (None, ""),
        (["n", None], ""),
        (["n", 2, 1], "does not fit"),
        ([2, "n"], "does not say how many features"),
        (["n", 3], "does not fit"),
        (["n", 0], "does not say how many features"),
        ([], "a single number"),
    ],
)
def test_the_shape_of_the_input(shape: list[Any] | None, message: str, tmp_path: Path) -> None:
    """Where features are not counted, the first weights tell how many there are."""
    model = onnx.load(save(tmp_path / "m.onnx", *GRAPHS["matmul"]))
    model.graph.input[0].CopyFrom(helper.make_tensor_value_info("x", FLOAT, shape))
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    if message:
        with pytest.raises(es.DataError, match=message):
            read_model(tmp_path / "m.onnx")
    else:
        assert read_model(tmp_path / "m.onnx").n_features == 2


def test_a_small_file_does_not_make_many_numbers(tmp_path: Path) -> None:
    """Twice as wide with every node: from two features to four million."""
    nodes = [node("Concat", f"{'x' if not k else f't{k}'} " * 2, f"t{k + 1}", axis=1)
             for k in range(21)]  # fmt: skip
    path = save(tmp_path / "m.onnx", *nodes, out="t21")
    assert path.stat().st_size < 2000
    with pytest.raises(es.DataError, match="far more numbers than it holds"):
        read_model(path)


def test_models_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "m.onnx", *GRAPHS["gemm"])
    model = onnx.load(path)
    for version in (7, 99):
        model.opset_import[0].version = version
        path.write_bytes(model.SerializeToString())
        with pytest.raises(es.DataError, match=f"operator set {version}"):
            read_model(path)
    model.opset_import[0].version = 17
    model.graph.output[0].type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    path.write_bytes(model.SerializeToString())
    with pytest.raises(es.DataError, match="no valid ONNX model"):
        read_model(path)


def test_weights_in_a_file_beside_the_model(tmp_path: Path) -> None:
    model = onnx.load(save(tmp_path / "inside.onnx", *GRAPHS["gemm"]))
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    onnx.save(
        model, folder / "m.onnx", save_as_external_data=True, location="weights.bin",
        size_threshold=0,
    )  # fmt: skip
    weights = folder / "weights.bin"
    network = read_model(folder / "m.onnx")
    assert network.evaluate([1, 2]) == expected([Fraction(1), Fraction(2)])
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-4])
    with pytest.raises(es.DataError, match="not whole"):
        read_model(folder / "m.onnx")
    weights.write_bytes(whole)
    (tmp_path / "weights.bin").write_bytes(whole)
    (folder / "link.bin").symlink_to(weights)
    (folder / "linked").symlink_to(tmp_path)
    (folder / "inner" / "weights.bin").write_bytes(whole)
    assert read_model(_located(folder, "inner/weights.bin")) == network
    for location in (
        "../weights.bin", "inner/../weights.bin", str(weights), "link.bin", "linked/weights.bin",
        "gone.bin", "inner", "", "C:\\weights.bin", "inner\\weights.bin", "weights.bin\0",
    ):  # fmt: skip
        with pytest.raises(es.DataError, match="folder of the model"):
            read_model(_located(folder, location))
    for key, value in (("offset", "-4"), ("length", "4"), ("offset", "9" * 30)):
        with pytest.raises(es.DataError, match=r"is damaged|cannot be read"):
            read_model(_located(folder, "weights.bin", **{key: value}))


def _located(folder: Path, location: str, **changes: str) -> Path:
    """The model with its weights said to be elsewhere."""
    model = onnx.load(folder / "m.onnx", load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = {"location": location, **changes}.get(entry.key, entry.value)
    (folder / "moved.onnx").write_bytes(model.SerializeToString())
    return folder / "moved.onnx"
