"""Networks written for other programs: safetensors, torch ``state_dict``, ONNX, and exact JSON.

JSON keeps every rational.  The others hold each parameter as the nearest float64, a relative error
of at most 2⁻⁵³; how far the rounded network misses the data is computed, not assumed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import OutputError
from exactsparse.exact.numbers import to_float
from exactsparse.models.json_file import network_document
from exactsparse.models.names import layers_of_tensors
from exactsparse.packages import require_package
from exactsparse.problem.network import Network

Tensors = dict[str, NDArray[np.float64]]

# ReLU takes float64 from operator set 14 on; the file format is the one of that time.
_OPERATOR_SET, _FORMAT = 14, 7
_PACKAGES = {".safetensors": "safetensors.numpy", ".pt": "torch", ".onnx": "onnx"}


def network_tensors(network: Network) -> Tensors:
    """Parameters of a network in float64, named as in the ``state_dict`` of its torch module.

    ``0``, ``2`` for ``Sequential(Linear, ReLU, Linear)``; ``hidden``, ``output``, ``skip`` where
    there is a linear part.  A network without neurons gets one of zeros.

    Parameters
    ----------
    network : Network
        Any.

    Raises
    ------
    OutputError
        If a parameter exceeds float64.
    """
    d, skip = network.n_features, network.skip
    zero = Fraction(0)
    rows = [(*n.weights, n.bias, n.output) for n in network.neurons] or [(zero,) * (d + 2)]
    inner = np.array([[to_float(value) for value in row] for row in rows])
    affine = np.array([to_float(value) for value in (*skip.weights, skip.bias)] if skip else [0.0])
    if not (np.isfinite(inner).all() and np.isfinite(affine).all()):
        raise OutputError(
            "a parameter of the network exceeds float64; export .json, which is exact"
        )
    linear = skip is not None and any(skip.weights)
    first, last = ("hidden", "output") if linear else ("0", "2")
    tensors = {
        f"{first}.weight": np.ascontiguousarray(inner[:, :d]),
        f"{first}.bias": np.ascontiguousarray(inner[:, d]),
        f"{last}.weight": inner[None, :, d + 1].copy(),
    }
    if skip is not None:
        tensors[f"{last}.bias"] = affine[-1:]
    if linear:
        tensors["skip.weight"] = affine[None, :-1].copy()
    return tensors


def rounded_to_float(network: Network) -> Network:
    """The network whose parameters are those that a float64 export holds.

    Raises
    ------
    OutputError
        If a parameter exceeds float64.
    """
    return layers_of_tensors(network_tensors(network), "the export").network("the export")


def require_format(path: str | os.PathLike[str]) -> str:
    """Refuse a path that :func:`export` would not write, before there is anything; its suffix.

    Raises
    ------
    OutputError
        If the suffix names no format.
    MissingPackageError
        If the package of the format is not installed.
    """
    suffix = suffix_among(path, WRITERS)
    if suffix in _PACKAGES:
        require_package(_PACKAGES[suffix], "train")
    return suffix


def suffix_among(path: str | os.PathLike[str], suffixes: Iterable[str]) -> str:
    """The suffix of a path, which has to be one of some.

    Raises
    ------
    OutputError
        If it is none of them.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        raise OutputError(f"{path}: the name must end in {', '.join(suffixes)}")
    return suffix


def export(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network in the format that the suffix names.

    Parameters
    ----------
    network : Network
        Any.
    path : path
        ``.json`` (exact), ``.safetensors``, ``.pt`` (a ``state_dict``) or ``.onnx``.

    Raises
    ------
    OutputError
        If the suffix names no format, a parameter exceeds float64, or the file cannot be written.
    MissingPackageError
        If the package of the format is not installed.

    Examples
    --------
    >>> import exactsparse as es
    >>> network = es.solve([0, 1, 2], [0, 1, 0]).network
    >>> es.export(network, "law.json")
    >>> es.read_model("law.json") == network
    True
    """
    data = WRITERS[require_format(path)](network)
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the network: {error.strerror}") from None


def _json(network: Network) -> bytes:
    return (json.dumps(network_document(network), indent=1) + "\n").encode()


def _safetensors(network: Network) -> bytes:
    package = require_package("safetensors.numpy", "train")
    data: bytes = package.save(network_tensors(network))
    return data


def _torch(network: Network) -> bytes:
    import io

    torch = require_package("torch", "train")
    held = {name: torch.from_numpy(values) for name, values in network_tensors(network).items()}
    buffer = io.BytesIO()
    torch.save(held, buffer)
    return buffer.getvalue()


def _onnx(network: Network) -> bytes:
    onnx = require_package("onnx", "train")
    helper, double = onnx.helper, onnx.TensorProto.DOUBLE
    tensors = network_tensors(network)
    first, last = ("hidden", "output") if "skip.weight" in tensors else ("0", "2")
    bias = [f"{last}.bias"] if f"{last}.bias" in tensors else []
    result = "sum" if "skip.weight" in tensors else "y"
    nodes = [
        helper.make_node(
            "Gemm", ["x", f"{first}.weight", f"{first}.bias"], ["hidden"], "hidden", transB=1
        ),
        helper.make_node("Relu", ["hidden"], ["units"], "relu"),
        helper.make_node("Gemm", ["units", f"{last}.weight", *bias], [result], "output", transB=1),
    ]
    if "skip.weight" in tensors:
        nodes.append(helper.make_node("Gemm", ["x", "skip.weight"], ["linear"], "skip", transB=1))
        nodes.append(helper.make_node("Add", ["sum", "linear"], ["y"], "add"))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", double, ["n", network.n_features])],
        [helper.make_tensor_value_info("y", double, ["n", 1])],
        [onnx.numpy_helper.from_array(values, name) for name, values in tensors.items()],
    )
    operators = [helper.make_opsetid("", _OPERATOR_SET)]
    model = helper.make_model(graph, opset_imports=operators, ir_version=_FORMAT)
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


WRITERS: dict[str, Callable[[Network], bytes]] = {
    ".json": _json,
    ".safetensors": _safetensors,
    ".pt": _torch,
    ".onnx": _onnx,
}
