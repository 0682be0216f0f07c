"""Every format and orientation against torch and onnxruntime: 1–3 neurons of 1–3 features.

These are the shapes in which a transposed or swapped layer still fits.  Weights are small dyadic
numbers, so that the runtimes make no rounding errors and values must be equal.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exactsparse import DataError, Network
from exactsparse.models import read_model

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
safetensors_numpy = pytest.importorskip("safetensors.numpy")
helper = onnx.helper

Arrays = dict[str, np.ndarray]


def drawn(seed: int) -> Arrays:
    """Weights as torch has them: W (K, d), b (K,), V (1, K), c (1,)."""
    chance = np.random.default_rng(seed)
    n, d = chance.integers(1, 4, size=2)

    def numbers(*shape: int) -> np.ndarray:
        return chance.integers(-12, 13, size=shape).astype(np.float32) / 4

    return {"W": numbers(n, d), "b": numbers(n), "V": numbers(1, n), "c": numbers(1)}


def points_of(held: Arrays) -> np.ndarray:
    shape = (9, held["W"].shape[1])
    return np.random.default_rng(0).integers(-9, 10, size=shape).astype(np.float32) / 2


def by_torch(held: Arrays) -> np.ndarray:
    n, d = held["W"].shape
    module = torch.nn.Sequential(torch.nn.Linear(d, n), torch.nn.ReLU(), torch.nn.Linear(n, 1))
    state = {"0.weight": held["W"], "0.bias": held["b"], "2.weight": held["V"], "2.bias": held["c"]}
    module.load_state_dict({name: torch.tensor(values) for name, values in state.items()})
    with torch.no_grad():
        return module.eval()(torch.tensor(points_of(held))).numpy()[:, 0]


def exact(network: Network, points: np.ndarray) -> list[float]:
    return [float(network.evaluate(row)) for row in points.tolist()]


def named(held: Arrays, first: str, last: str) -> Arrays:
    return {
        f"{first}.weight": held["W"], f"{first}.bias": held["b"],
        f"{last}.weight": held["V"], f"{last}.bias": held["c"],
    }  # fmt: skip


def save_state(path: Path, held: Arrays, first: str, last: str) -> None:
    torch.save({k: torch.tensor(v) for k, v in named(held, first, last).items()}, path)


def kernels(held: Arrays) -> Arrays:
    return {
        "a.Dense_0.kernel": held["W"].T.copy(), "a.Dense_0.bias": held["b"],
        "a.Dense_1.kernel": held["V"].T.copy(), "a.Dense_1.bias": held["c"],
    }  # fmt: skip


TENSORS: dict[str, tuple[str, Callable[[Path, Arrays], Any]]] = {
    "numbered": ("m.pt", lambda p, h: save_state(p, h, "0", "2")),
    "in order": ("m.pt", lambda p, h: save_state(p, h, "inner", "head")),
    "out of alphabet": ("m.pt", lambda p, h: save_state(p, h, "module.z", "module.a")),
    "safetensors": ("m.safetensors", lambda p, h: safetensors_numpy.save_file(
        {k: v.copy() for k, v in named(h, "fc1", "fc2").items()}, p)),
    "flax": ("m.safetensors", lambda p, h: safetensors_numpy.save_file(kernels(h), p)),
    "formula": ("m.npz", lambda p, h: np.savez(p, W=h["W"], v=h["V"], b=h["b"], c=h["c"])),
    "arrays": ("m.npz", lambda p, h: np.savez(p, **named(h, "layers.0", "layers.2"))),
    "get_weights": ("m.npz", lambda p, h: np.savez(p, h["W"].T, h["b"], h["V"].T, h["c"])),
    "coefs_": ("m.npz", lambda p, h: np.savez(p, h["W"].T, h["V"].T, h["b"], h["c"])),
    "parameters": ("m.npz", lambda p, h: np.savez(p, h["W"], h["b"], h["V"], h["c"])),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_tensors_are_read_as_torch_computes(seed: int, tmp_path: Path) -> None:
    held = drawn(seed)
    expected = by_torch(held).tolist()
    for kind, (name, write) in TENSORS.items():
        write(tmp_path / name, held)
        assert exact(read_model(tmp_path / name), points_of(held)) == expected, kind


@pytest.mark.parametrize("seed", range(25))
def test_the_other_orientation_is_refused_or_the_same(seed: int, tmp_path: Path) -> None:
    """Weights transposed under names that say they are not."""
    held = drawn(seed)
    turned = held | {"W": held["W"].T.copy(), "V": held["V"].T.copy()}
    np.savez(tmp_path / "formula.npz", W=turned["W"], v=turned["V"][:, 0], b=held["b"], c=held["c"])
    np.savez(tmp_path / "arrays.npz", **named(turned, "0", "2"))
    save_state(tmp_path / "state.pt", turned, "0", "2")
    for name in ("formula.npz", "arrays.npz", "state.pt"):
        try:
            network = read_model(tmp_path / name)
        except DataError:
            continue
        assert exact(network, points_of(held)) == by_torch(held).tolist()


def node(kind: str, inputs: str, output: str, **attributes: Any) -> Any:
    return helper.make_node(kind, inputs.split(), [output], **attributes)


RELU, OUT = node("Relu", "h", "r"), node("Gemm", "r V c", "y", transB=1)
GRAPHS = {
    "gemm": [node("Gemm", "x W b", "h", transB=1), RELU, OUT],
    "matmul": [node("MatMul", "x WT", "p"), node("Add", "b p", "h"), RELU,
               node("MatMul", "r VT", "q"), node("Add", "q c", "y")],
    "left": [node("Transpose", "x", "t"), node("Gemm", "W t bK", "h"), RELU,
             node("MatMul", "V r", "q"), node("Add", "q c", "u"), node("Transpose", "u", "y")],
    "transposed": [node("Transpose", "x", "t"), node("Gemm", "t W b", "h", transA=1, transB=1),
                   node("Max", "h zero", "r"), OUT],
    "rank 3": [node("MatMul", "x WT", "p"), node("Add", "p b3", "h"), RELU,
               node("MatMul", "r VT", "q"), node("Sub", "q minus", "y")],
    "standardised": [node("Sub", "x mean", "p"), node("Div", "p scale", "q"),
                     node("Gemm", "q W b", "h", transB=1), RELU,
                     node("Gemm", "r V c", "s", transB=1), node("Mul", "s scale2", "t"),
                     node("Reshape", "t open", "y")],
    "two activations": [node("Gemm", "x W b", "h", transB=1), RELU, node("Neg", "h", "g"),
                        node("Clip", "g zero", "k"), node("Sub", "r k", "m"),
                        node("Add", "m r", "n"), node("Gemm", "n V c", "s", transB=1),
                        node("Squeeze", "s one", "y")],
    "skip": [node("Gemm", "x W b", "h", transB=1), RELU, node("Concat", "x r", "m", axis=-1),
             node("MatMul", "m long", "y")],
    "two linear layers": [node("Gemm", "x square b0", "z"), node("Gemm", "z W b", "h", transB=1),
                          node("PRelu", "h zero", "r"), OUT],
    "moved axes": [node("Unsqueeze", "x one", "u"), node("Transpose", "u", "t", perm=[1, 2, 0]),
                   node("MatMul", "W t", "p"), node("Add", "p bK", "h"), RELU,
                   node("Transpose", "r", "s", perm=[2, 0, 1]), node("MatMul", "s VT", "q"),
                   node("Add", "q c", "y")],
    "along the rows": [node("Gemm", "x W bK", "h", transB=1), RELU, OUT],
    "rows summed": [node("Gemm", "x W b", "h", transB=1), RELU, node("MatMul", "r VT", "q"),
                    node("Squeeze", "q one", "s"), node("Add", "s q", "y")],
}  # fmt: skip


def constants(held: Arrays) -> Arrays:
    n, d = held["W"].shape
    chance = np.random.default_rng(n + d)

    def numbers(*shape: int) -> np.ndarray:
        return chance.integers(-4, 5, size=shape).astype(np.float32)

    return held | {
        "WT": held["W"].T, "VT": held["V"].T, "bK": held["b"][:, None], "b3": held["b"][None, None],
        "minus": -held["c"], "zero": np.float32(0), "mean": numbers(d), "scale": np.full(d, 0.5),
        "scale2": np.full((1, 1), -2.0), "open": np.array([-1]), "one": np.array([1]),
        "long": numbers(d + n, 1), "square": numbers(d, d), "b0": numbers(1),
    }  # fmt: skip


@pytest.mark.parametrize("kind", GRAPHS)
@pytest.mark.parametrize("seed", range(12))
def test_graphs_are_read_as_the_runtime_computes(kind: str, seed: int, tmp_path: Path) -> None:
    """With 1, 2, 3 and 9 rows; what fails for one of these numbers, or mixes rows, is refused."""
    held = drawn(seed)
    used = {name for one in GRAPHS[kind] for name in one.input}
    tensors = [
        onnx.numpy_helper.from_array(
            values if values.dtype.kind == "i" else values.astype(np.float32), name
        )
        for name, values in constants(held).items()
        if name in used
    ]
    kinds = onnx.TensorProto
    graph = helper.make_graph(
        GRAPHS[kind], "g",
        [helper.make_tensor_value_info("x", kinds.FLOAT, ["n", held["W"].shape[1]])],
        [helper.make_tensor_value_info("y", kinds.FLOAT, None)], tensors,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = tmp_path / "m.onnx"
    path.write_bytes(model.SerializeToString())
    try:
        network = read_model(path)
    except DataError as refusal:
        assert kind in ("along the rows", "rows summed"), refusal
        return
    assert kind != "rows summed"
    assert kind != "along the rows" or len(held["W"]) == 1
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for n_rows in (1, 2, 3, 9):
        points = points_of(held)[:n_rows]
        (values,) = session.run(None, {"x": points})
        assert values.size == n_rows
        assert values.ravel().tolist() == exact(network, points)
