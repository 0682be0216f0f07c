"""ONNX graphs ``Gemm|MatMul+Add → Relu → Gemm|MatMul+Add``, followed in exact arithmetic.

Nothing is executed: the nodes are gone through one by one, and what each computes is kept as an
exact function of the input.  A sum of such an output and an affine function of the input, as
networks with a skip have it, is read too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.layers import Layers
from exactsparse.models.limits import require_entries
from exactsparse.packages import require_package

Array = NDArray[Any]

_DOMAINS = ("", "ai.onnx")
_INPUTS = {"Gemm": (2, 3), "MatMul": (2,), "Add": (2,), "Relu": (1,), "Constant": (0,)}
_FLOATS = ("FLOAT", "FLOAT16", "BFLOAT16", "DOUBLE")


@dataclass(frozen=True, eq=False)
class _Value:
    """Rows ``x linear + (hidden units) output + bias``; None is zero, or for linear, one."""

    linear: Array | None
    output: Array | None = None
    bias: Array | None = None
    is_input: bool = False
    is_hidden: bool = False


def read_onnx(data: bytes, origin: str) -> Layers:
    """Read the layers of an ONNX model.

    Parameters
    ----------
    data : bytes
        The file.
    origin : str
        What messages call it.

    Raises
    ------
    DataError
        If the file is damaged, keeps weights in other files, or has another graph; the node is
        named.
    MissingPackageError
        If onnx is not installed.
    """
    onnx = require_package("onnx", "train")
    protobuf = require_package("google.protobuf.message", "train")
    try:
        model = onnx.load_model_from_string(data)
    except protobuf.Error as error:
        raise DataError(
            f"{origin}: the file is damaged or no ONNX model ({type(error).__name__}); "
            "export the model again"
        ) from None
    if model.functions:
        raise DataError(f"{origin}: the model defines functions of its own; inline them first")
    return _Graph(onnx, model.graph, origin).layers()


class _Graph:
    """The values of a graph, node by node."""

    def __init__(self, onnx: Any, graph: Any, origin: str) -> None:
        self._onnx, self._graph, self._origin = onnx, graph, origin
        self._constants = {t.name: self._array(t, f"initializer {t.name!r}") for t in self._held()}
        self._values: dict[str, _Value] = {}
        self._units: _Value | None = None

    def layers(self) -> Layers:
        """Follow the graph from its input to its output."""
        inputs = [value.name for value in self._graph.input if value.name not in self._constants]
        outputs = [value.name for value in self._graph.output]
        if len(inputs) != 1 or len(outputs) != 1:
            raise DataError(
                f"{self._origin}: the graph has {len(inputs)} inputs and {len(outputs)} outputs; "
                "one of each is needed"
            )
        self._values[inputs[0]] = _Value(None, is_input=True)
        for position, node in enumerate(self._graph.node):
            # A damaged name may hold line breaks.
            where = f"node {node.name or position!r} ({repr(node.op_type)[1:-1]})"
            if node.domain not in _DOMAINS or node.op_type not in _READERS:
                raise DataError(
                    f"{self._origin}: {where} is not read; a network with one hidden layer is made "
                    "of Gemm, MatMul, Add and one Relu"
                )
            if len(node.input) not in _INPUTS[node.op_type] or len(node.output) != 1:
                raise DataError(
                    f"{self._origin}: {where} has {len(node.input)} inputs and "
                    f"{len(node.output)} outputs"
                )
            _READERS[node.op_type](self, node, where)
        result = self._values.get(outputs[0])
        if result is None or result.output is None or self._units is None:
            raise DataError(f"{self._origin}: the output {outputs[0]!r} is no sum of ReLU neurons")
        assert self._units.linear is not None
        return Layers(
            self._units.linear.T,
            result.output.T,
            self._row(self._units.bias, self._units.linear.shape[1], "the hidden bias"),
            self._row(result.bias, result.output.shape[1], "the output bias"),
            None if result.linear is None else result.linear.T,
        )

    def _constant(self, node: Any, where: str) -> None:
        for attribute in node.attribute:
            if attribute.name == "value":
                self._constants[node.output[0]] = self._array(attribute.t, where)
                return
        raise DataError(f"{self._origin}: {where} holds no tensor")

    def _gemm(self, node: Any, where: str) -> None:
        options: dict[str, float] = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}
        for attribute in node.attribute:
            if attribute.name not in options:
                raise DataError(f"{self._origin}: {where} has an option {attribute.name!r}")
            is_factor = attribute.name in ("alpha", "beta")
            options[attribute.name] = attribute.f if is_factor else attribute.i
        if options["transA"]:
            raise DataError(f"{self._origin}: {where} transposes its input; that is not read")
        weights = self._constants.get(node.input[1])
        if weights is None:
            raise DataError(f"{self._origin}: {where} has no constant weights")
        self._require_finite([options["alpha"], options["beta"]], where)
        weights = weights.T if options["transB"] else weights
        result = self._times(node.input[0], Fraction(options["alpha"]) * weights, where)
        if len(node.input) == 3 and node.input[2]:
            bias = self._constants.get(node.input[2])
            if bias is None:
                raise DataError(f"{self._origin}: {where} has no constant bias")
            # A product with an array of no dimension would be a bare number.
            result = replace(result, bias=Fraction(options["beta"]) * np.atleast_1d(bias))
        self._values[node.output[0]] = result

    def _matmul(self, node: Any, where: str) -> None:
        weights = self._constants.get(node.input[1])
        if weights is None:
            raise DataError(f"{self._origin}: {where} has no constant weights on its right")
        self._values[node.output[0]] = self._times(node.input[0], weights, where)

    def _times(self, name: str, weights: Array, where: str) -> _Value:
        """The product of a value and a matrix."""
        value = self._value(name, where)
        if weights.ndim != 2:
            raise DataError(
                f"{self._origin}: {where} has weights of shape {weights.shape}; a matrix is needed"
            )
        if value.is_input:
            return _Value(weights)
        if not value.is_hidden or self._units is None or self._units.linear is None:
            raise DataError(f"{self._origin}: {where} follows a linear layer without Relu between")
        width = self._units.linear.shape[1]
        if len(weights) != width:
            raise DataError(
                f"{self._origin}: {where} takes {len(weights)} inputs, but there are {width} "
                "hidden units"
            )
        return _Value(None, output=weights)

    def _relu(self, node: Any, where: str) -> None:
        value = self._value(node.input[0], where)
        if self._units is not None:
            raise DataError(
                f"{self._origin}: {where} is a second activation; one hidden layer is read"
            )
        if value.linear is None or value.output is not None:
            raise DataError(f"{self._origin}: {where} does not follow a linear layer")
        self._units = value
        self._values[node.output[0]] = _Value(None, is_hidden=True)

    def _add(self, node: Any, where: str) -> None:
        constants = [self._constants[name] for name in node.input if name in self._constants]
        values = [self._value(n, where) for n in node.input if n not in self._constants]
        if len(values) == 2 and not any(value.is_input or value.is_hidden for value in values):
            result = self._sum(values[0], values[1], where)
        elif len(values) == 1 and len(constants) == 1:
            value = values[0]
            if value.is_input or value.is_hidden:
                raise DataError(f"{self._origin}: {where} moves what no linear layer computes")
            result = replace(value, bias=self._plus(value.bias, constants[0], value, where))
        else:
            raise DataError(f"{self._origin}: {where} adds up no layers")
        self._values[node.output[0]] = result

    def _sum(self, one: _Value, other: _Value, where: str) -> _Value:
        if one.output is not None:
            one, other = other, one
        if one.output is not None or one.linear is None or other.linear is not None:
            raise DataError(f"{self._origin}: {where} adds up two hidden or two linear layers")
        if other.output is None or one.linear.shape[1] != other.output.shape[1]:
            raise DataError(f"{self._origin}: {where} adds up layers of different widths")
        bias = other.bias if one.bias is None else self._plus(other.bias, one.bias, other, where)
        return replace(other, linear=one.linear, bias=bias)

    def _plus(self, bias: Array | None, more: Array, value: _Value, where: str) -> Array:
        matrix = value.output if value.output is not None else value.linear
        assert matrix is not None
        width = matrix.shape[1]
        row = self._row(more, width, where)
        assert row is not None
        before = self._row(bias, width, where)
        return row if before is None else before + row

    def _value(self, name: str, where: str) -> _Value:
        if name not in self._values:
            raise DataError(f"{self._origin}: {where} takes {name!r}, which no node computes")
        return self._values[name]

    def _row(self, bias: Array | None, width: int, where: str) -> Array | None:
        """A bias broadcast to one entry per unit."""
        if bias is None:
            return None
        if bias.size not in (1, width) or bias.shape[-1:] not in ((), (bias.size,)):
            raise DataError(
                f"{self._origin}: {where} has shape {bias.shape}, which does not fit {width} units"
            )
        return np.broadcast_to(bias.reshape(-1), (width,))

    def _held(self) -> list[Any]:
        if self._graph.sparse_initializer:
            raise DataError(f"{self._origin}: sparse initializers are not read; make them dense")
        return list(self._graph.initializer)

    def _array(self, tensor: Any, where: str) -> Array:
        """Exact entries of a tensor."""
        proto = self._onnx.TensorProto
        if tensor.data_location == proto.EXTERNAL or tensor.external_data:
            raise DataError(
                f"{self._origin}: {where} keeps its data in another file, which is not opened; "
                "save the model with its weights inside"
            )
        require_entries(math.prod(tensor.dims), where, self._origin)
        if tensor.data_type not in [getattr(proto, name) for name in _FLOATS]:
            raise DataError(f"{self._origin}: {where} holds no floating-point numbers")
        try:
            values = self._onnx.numpy_helper.to_array(tensor).astype(np.float64)
        except (ValueError, TypeError, RuntimeError) as error:
            raise DataError(f"{self._origin}: {where} is damaged ({error})") from None
        self._require_finite(values, where)
        entries = [Fraction(value) for value in values.ravel().tolist()]
        exact = np.empty(len(entries), dtype=object)
        exact[:] = entries
        return exact.reshape(values.shape)

    def _require_finite(self, values: Any, where: str) -> None:
        if not np.isfinite(values).all():
            raise DataError(
                f"{self._origin}: {where} holds NaN or infinity; such a model has no exact value"
            )


_READERS = {
    "Gemm": _Graph._gemm,
    "MatMul": _Graph._matmul,
    "Add": _Graph._add,
    "Relu": _Graph._relu,
    "Constant": _Graph._constant,
}
