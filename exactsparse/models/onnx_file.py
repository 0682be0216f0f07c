"""ONNX models: a graph followed node by node in exact arithmetic, nothing executed.

Every tensor is kept as an exact affine function of the features and of the hidden units, so that
whatever adds up to one hidden layer of ReLU is read, however an exporter writes it.  The stored
numbers are combined as rationals: standardisation, scaling and products of constants are folded
without the rounding that a runtime adds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from exactsparse.errors import DataError
from exactsparse.models.layers import Layers
from exactsparse.models.limits import require_entries
from exactsparse.models.onnx_operators import (
    ACTIVATIONS,
    FLOATS,
    OPERATORS,
    Attributes,
    argument_of_relu,
)
from exactsparse.models.onnx_tensors import Tensors, constant_of_node
from exactsparse.models.onnx_values import (
    ONE,
    UNIT,
    Constant,
    Form,
    Rows,
    Unreadable,
    Value,
    count_terms,
    filled,
)
from exactsparse.packages import require_package
from exactsparse.readers.table import first_line

_DOMAINS = ("", "ai.onnx")
# Before this some operators broadcast by attributes of their own, or not at all.
_FIRST_OPERATOR_SET = 8
# Type and field of attributes by whether they are lists, and of integers.
_FIELDS = {
    (False, True): (2, "i"), (False, False): (1, "f"),
    (True, True): (7, "ints"), (True, False): (6, "floats"),
}  # fmt: skip
# What honest graphs make, over and over: a small file must not cost minutes.
_LEAST_TERMS, _TERMS_PER_WEIGHT = 1_000_000, 40
_READ = "one hidden layer of ReLU between affine operators is read"


def read_onnx(data: bytes, origin: str) -> Layers:
    """Read the layers of an ONNX model.

    Parameters
    ----------
    data : bytes
        The file.
    origin : str
        Its path: what messages call it, and where weights in other files are looked for.

    Raises
    ------
    DataError
        If the file is damaged, keeps weights outside its folder, or has another graph; the node is
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
    versions = [entry.version for entry in model.opset_import if entry.domain in _DOMAINS]
    newest = onnx.defs.onnx_opset_version()
    if len(versions) != 1 or not _FIRST_OPERATOR_SET <= versions[0] <= newest:
        raise DataError(
            f"{origin}: the model is of operator set {versions[0] if versions else 'none'}; "
            f"{_FIRST_OPERATOR_SET} to {newest} are read: export it again"
        )
    layers = _Graph(onnx, model.graph, origin).layers()
    try:
        onnx.checker.check_model(model, full_check=True)
    except Exception as error:
        # What onnx raises here is of many kinds; a model that it refuses has no meaning.
        raise DataError(f"{origin}: no valid ONNX model ({first_line(error)})") from None
    return layers


class _Graph:
    """The values of a graph, node by node."""

    def __init__(self, onnx: Any, graph: Any, origin: str) -> None:
        self._onnx, self._graph, self._origin = onnx, graph, origin
        self._values: dict[str, Value] = {}
        self._units: list[Form] = []
        self._n_features, self._n_rows = 0, None

    def layers(self) -> Layers:
        """Follow the graph from its input to its output."""
        if self._graph.sparse_initializer:
            raise DataError(f"{self._origin}: sparse initializers are not read; make them dense")
        tensors = Tensors(self._onnx, self._origin)
        for tensor in self._graph.initializer:
            where = f"initializer {tensor.name!r}"
            self._define(tensor.name, tensors.constant(tensor, where), where)
        inputs = [value for value in self._graph.input if value.name not in self._values]
        outputs = [value.name for value in self._graph.output]
        if len(inputs) != 1 or len(outputs) != 1:
            raise DataError(
                f"{self._origin}: the graph has {len(inputs)} inputs and {len(outputs)} outputs; "
                "one of each is needed"
            )
        self._define(inputs[0].name, self._features(inputs[0]), "the input")
        held = sum(v.values.size for v in self._values.values() if isinstance(v, Constant))
        budget = _LEAST_TERMS + _TERMS_PER_WEIGHT * held
        for position, node in enumerate(self._graph.node):
            # A damaged name may hold line breaks.
            where = f"node {node.name or position!r} ({repr(node.op_type)[1:-1]})"
            try:
                if node.op_type == "Constant" and node.domain in _DOMAINS:
                    value: Value = constant_of_node(node, tensors, where)
                else:
                    value = self._result(node)
            except Unreadable as error:
                raise DataError(f"{self._origin}: {where} {error}") from None
            self._define(node.output[0], value, where)
            budget -= count_terms(value)
            if budget < 0:
                raise DataError(
                    f"{self._origin}: up to {where} the graph makes far more numbers than it "
                    "holds; such models are not read"
                )
        result = self._values.get(outputs[0])
        if isinstance(result, Rows):
            # The runtime needs no declared shapes, but the check of the model does.
            _declare(self._graph.output[0], result)
            _declare(inputs[0], self._values[inputs[0].name])
        return self._of(result, outputs[0])

    def _define(self, name: str, value: Value, where: str) -> None:
        if name in self._values:
            raise DataError(f"{self._origin}: {where} defines {name!r} a second time")
        self._values[name] = value

    def _features(self, declared: Any) -> Rows:
        """The input: rows along the first axis, features along the others."""
        kind = declared.type.tensor_type.elem_type
        if kind not in FLOATS:
            raise DataError(f"{self._origin}: the input holds no floating-point numbers")
        dims = list(declared.type.tensor_type.shape.dim)
        lengths = [dim.dim_value if dim.HasField("dim_value") else None for dim in dims]
        if not declared.type.tensor_type.HasField("shape"):
            lengths = [None, None]
        if not lengths:
            raise DataError(f"{self._origin}: the input is a single number, not rows of features")
        self._n_rows, *shape = lengths
        if shape == [None] and self._n_rows is None:
            shape = [self._width_of_weights(declared.name)]
        known = [length for length in shape if length is not None and length > 0]
        if known != shape:
            raise DataError(
                f"{self._origin}: the input does not say how many features it has; export the "
                "model with that number fixed"
            )
        self._n_features = math.prod(known)
        require_entries(self._n_features, "the input", self._origin)
        forms = ({k: UNIT} for k in range(self._n_features))
        return Rows(filled((1, *known), forms), 0, kind)

    def _width_of_weights(self, name: str) -> int | None:
        """How many features the first weights take."""
        for node in self._graph.node:
            if node.op_type not in ("Gemm", "MatMul") or len(node.input) < 2:
                continue
            weights = self._values.get(node.input[1])
            if isinstance(weights, Constant) and weights.values.ndim == 2:
                flipped = any(a.name == "transB" and a.i for a in node.attribute)
                return int(weights.values.shape[1 if flipped else 0])
        return None

    def _result(self, node: Any) -> Value:
        """The value of a node."""
        kind = node.op_type
        known = node.domain in _DOMAINS and kind != "Scaler" and kind in {*OPERATORS, *ACTIVATIONS}
        if not known and (node.domain, kind) != ("ai.onnx.ml", "Scaler"):
            raise Unreadable(f"is not read; {_READ}")
        if kind in ACTIVATIONS:
            least, most, defaults = ACTIVATIONS[kind]
        else:
            operator = OPERATORS[kind]
            least, most, defaults = operator.least, operator.most, operator.attributes
        extra = len(node.output) - 1 if kind != "Dropout" else 0
        if not least <= len(node.input) <= most or extra or not node.output:
            raise Unreadable(f"has {len(node.input)} inputs and {len(node.output)} outputs")
        inputs = [self._input(name) for name in node.input]
        attributes = dict(self._attributes(node, defaults))
        if kind not in ACTIVATIONS:
            return OPERATORS[kind].compute(inputs, attributes | {"n_rows": self._n_rows})
        argument = argument_of_relu(kind, inputs, attributes)
        if argument is None:
            raise Unreadable(f"is no ReLU; {_READ}")
        return self._relu(argument)

    def _input(self, name: str) -> Value | None:
        if name and name not in self._values:
            raise Unreadable(f"takes {name!r}, which no node computes before it")
        return self._values[name] if name else None

    def _attributes(self, node: Any, defaults: Attributes) -> Iterator[tuple[str, Any]]:
        seen = set()
        for attribute in node.attribute:
            name = attribute.name
            if name not in defaults or name in seen:
                raise Unreadable(f"has an option {name!r} that is not read")
            seen.add(name)
            default = defaults[name]
            listed = isinstance(default, list)
            whole = not any(isinstance(v, float) for v in (default if listed else [default]))
            kind, field = _FIELDS[listed, whole]
            if attribute.type != kind:
                raise Unreadable(f"has an option {name!r} of another type")
            value = getattr(attribute, field)
            yield name, list(value) if listed else value
        for name in defaults.keys() - seen:
            yield name, defaults[name]

    def _relu(self, value: Value) -> Value:
        if isinstance(value, Constant):
            clipped = (max(entry, Fraction(0)) for entry in value.exact.ravel())
            return Constant(filled(value.exact.shape, clipped), value.kind)
        first = len(self._units)
        for form in value.forms.ravel():
            if any(place >= self._n_features for place in form):
                raise Unreadable("is a second activation; one hidden layer is read")
            self._units.append(form)
        numbers = range(self._n_features + first, self._n_features + len(self._units))
        forms = filled(value.forms.shape, ({k: UNIT} for k in numbers))
        return Rows(forms, value.axis, value.kind)

    def _of(self, result: Value | None, name: str) -> Layers:
        """The layers of the result."""
        if not isinstance(result, Rows) or not self._units:
            raise DataError(f"{self._origin}: the output {name!r} is no sum of ReLU neurons")
        if result.forms.size != 1:
            raise DataError(
                f"{self._origin}: the model has {result.forms.size} outputs; one is needed"
            )
        form: Form = result.forms.item()
        zero, d, n = Fraction(0), self._n_features, len(self._units)
        require_entries(n * d, "the hidden layer", self._origin)
        hidden = filled((n, d), (unit.get(k, zero) for unit in self._units for k in range(d)))
        skip = filled((1, d), (form.get(k, zero) for k in range(d)))
        return Layers(
            hidden,
            filled((1, n), (form.get(d + k, zero) for k in range(n))),
            filled((n,), (unit.get(ONE, zero) for unit in self._units)),
            filled((1,), [form[ONE]]) if ONE in form else None,
            skip if np.any(skip != 0) else None,
        )


def _declare(declared: Any, value: Value) -> None:
    """Give what has no shape the dimensions that it has, without lengths."""
    tensor = declared.type.tensor_type
    if isinstance(value, Rows) and not tensor.HasField("shape"):
        for _ in range(value.forms.ndim):
            tensor.shape.dim.add()
