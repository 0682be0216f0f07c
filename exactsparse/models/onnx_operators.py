"""What the operators of ONNX compute, in exact arithmetic, on constants and on rows of the input.

Each takes the inputs of a node (None where one is left out) and its attributes.  The activation is
not among them: it belongs to the graph, which counts hidden units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from exactsparse.models.onnx_shapes import flatten, reshape, squeeze, transpose, unsqueeze
from exactsparse.models.onnx_values import (
    N_ROWS,
    Constant,
    Rows,
    Unreadable,
    Value,
    add,
    concatenate,
    divide,
    filled,
    matmul,
    multiply,
)
from exactsparse.models.weight_norm import rational_root

Inputs = Sequence[Value | None]
Attributes = dict[str, Any]

# Types of ONNX by number, and the digits and exponents that each holds.
FLOAT, INT32, INT64, FLOAT16, DOUBLE, BFLOAT16 = 1, 6, 7, 10, 11, 16
FLOATS = (FLOAT, FLOAT16, DOUBLE, BFLOAT16)
_WIDER = {FLOAT: {DOUBLE}, FLOAT16: {FLOAT, DOUBLE}, BFLOAT16: {FLOAT, DOUBLE}, DOUBLE: set()}
_LARGEST = {FLOAT16: 65504.0, FLOAT: float(np.finfo(np.float32).max)}


@dataclass(frozen=True)
class Operator:
    """An operator that is read.

    Parameters
    ----------
    compute : callable
        From inputs and attributes.
    least, most : int
        Number of inputs; those after ``least`` may be left out.
    attributes : dict
        Default of every attribute that it may have; the type of the default is that of values.
    """

    compute: Callable[[Inputs, Attributes], Value]
    least: int
    most: int
    attributes: Attributes


def _same(inputs: Inputs, _: Attributes) -> Value:
    return _first(inputs)


def _dropout(inputs: Inputs, _: Attributes) -> Value:
    training = inputs[2] if len(inputs) > 2 else None
    if training is not None and not (isinstance(training, Constant) and not training.values.any()):
        raise Unreadable("drops units at random, as in training")
    return _first(inputs)


def _cast(inputs: Inputs, attributes: Attributes) -> Value:
    value, kind = _first(inputs), attributes["to"]
    if value.kind == kind:
        return value
    if isinstance(value, Rows):
        if kind not in _WIDER.get(value.kind, ()):
            raise Unreadable("rounds what depends on the input to another type")
        return Rows(value.forms, value.axis, kind)
    types = {FLOAT: np.float32, DOUBLE: np.float64, FLOAT16: np.float16}
    if value.values.dtype.kind not in "if" or kind not in types or (value.values == N_ROWS).any():
        raise Unreadable("changes the type of a constant to one that is not read")
    with np.errstate(over="ignore"):
        values = value.values.astype(types[kind]).astype(np.float64)
    if [Fraction(v) for v in value.values.ravel().tolist()] != values.ravel().tolist():
        raise Unreadable("rounds a constant to another type")
    return Constant(values, kind)


def _add(inputs: Inputs, _: Attributes) -> Value:
    total = _first(inputs)
    for value in inputs[1:]:
        total = add(total, _given(value))
    return total


def _subtract(inputs: Inputs, _: Attributes) -> Value:
    return add(_first(inputs), _given(inputs[1]), -1)


def _multiply(inputs: Inputs, _: Attributes) -> Value:
    return multiply(_first(inputs), _given(inputs[1]))


def _divide(inputs: Inputs, _: Attributes) -> Value:
    return divide(_first(inputs), _given(inputs[1]))


def _negate(inputs: Inputs, _: Attributes) -> Value:
    value = _first(inputs)
    return multiply(value, _number(Fraction(-1), value.kind))


def _matmul(inputs: Inputs, _: Attributes) -> Value:
    return matmul(_first(inputs), _given(inputs[1]))


def _gemm(inputs: Inputs, attributes: Attributes) -> Value:
    one, other = _first(inputs), _given(inputs[1])
    if len(_shape(one)) != 2 or len(_shape(other)) != 2:
        raise Unreadable(
            f"multiplies shapes {_shape(one)} and {_shape(other)}; matrices are needed"
        )
    one = transpose(one, None) if attributes["transA"] else one
    other = transpose(other, None) if attributes["transB"] else other
    product = _scaled(matmul(one, other), attributes["alpha"])
    if len(inputs) < 3 or inputs[2] is None:
        return product
    bias = _scaled(inputs[2], attributes["beta"])
    total = add(product, bias)
    if _shape(total) != _shape(product):
        raise Unreadable(f"has a bias of shape {_shape(bias)}, which does not fit")
    return total


def _normalise(inputs: Inputs, attributes: Attributes) -> Value:
    """Batch norm with stored statistics: ``scale (x − mean) / √(var + ε) + bias``."""
    value = _first(inputs)
    if attributes["training_mode"]:
        raise Unreadable("takes the mean of the batch, as in training")
    if not isinstance(value, Rows) or value.axis != 0 or value.forms.ndim < 2:
        raise Unreadable("normalises along the rows")
    vectors = [_given(vector) for vector in inputs[1:]]
    shape = (value.forms.shape[1], *(1,) * (value.forms.ndim - 2))
    for vector in vectors:
        if not isinstance(vector, Constant) or vector.values.shape != shape[:1]:
            raise Unreadable("has statistics that do not fit")
    scale, bias, mean, variance = (
        Constant(vector.exact.reshape(shape), value.kind)
        for vector in vectors
        if isinstance(vector, Constant)
    )
    roots = [rational_root(v + Fraction(attributes["epsilon"])) if v >= 0 else None
             for v in variance.exact.ravel()]  # fmt: skip
    if not all(roots):
        raise Unreadable(
            "divides by square roots that are irrational, so that it has no exact value; fold the "
            "batch norm into the layer before it, then export"
        )
    scaled = multiply(add(value, mean, -1), scale)
    return add(divide(scaled, Constant(filled(shape, roots), value.kind)), bias)


def _scaler(inputs: Inputs, attributes: Attributes) -> Value:
    """``(x − offset) scale`` of scikit-learn's scalers."""
    value = _first(inputs)
    if value.kind != FLOAT or not isinstance(value, Rows) or value.axis != 0:
        raise Unreadable("scales what is no float32 input")
    for values in (attributes["offset"], attributes["scale"]):
        if len(values) not in (1, value.forms.shape[-1]):
            raise Unreadable(f"has {len(values)} factors for {value.forms.shape[-1]} features")
    offset, scale = (Constant(np.array(attributes[k], float), FLOAT) for k in ("offset", "scale"))
    return multiply(add(value, offset, -1), scale)


def _reshape(inputs: Inputs, attributes: Attributes) -> Value:
    target = _constant(inputs[1]).integers()
    return reshape(_first(inputs), target, not attributes["allowzero"], attributes["n_rows"])


def _lengths(inputs: Inputs, attributes: Attributes) -> Value:
    """The shape of a tensor."""
    value = _first(inputs)
    lengths = list(_shape(value))
    if attributes["start"]:
        raise Unreadable("gives a part of a shape")
    if isinstance(value, Rows):
        lengths[value.axis] = N_ROWS
    return Constant(np.array(lengths, np.int64), INT64)


def _gather(inputs: Inputs, attributes: Attributes) -> Value:
    """Entries of a list of lengths."""
    values, places = _constant(inputs[0]).values, _constant(inputs[1]).values
    n = len(values) if values.ndim == 1 else 0
    whole = values.dtype.kind == places.dtype.kind == "i"
    if not whole or attributes["axis"] or not ((places >= -n) & (places < n)).all():
        raise Unreadable("takes entries of something else than a list of lengths")
    return Constant(np.asarray(values[places]), INT64)


def _squeeze(inputs: Inputs, attributes: Attributes) -> Value:
    axes = _axes(inputs, attributes)
    return squeeze(_first(inputs), axes)


def _unsqueeze(inputs: Inputs, attributes: Attributes) -> Value:
    axes = _axes(inputs, attributes)
    if axes is None:
        raise Unreadable("names no dimensions")
    return unsqueeze(_first(inputs), axes)


def _flatten(inputs: Inputs, attributes: Attributes) -> Value:
    return flatten(_first(inputs), attributes["axis"])


def _transpose(inputs: Inputs, attributes: Attributes) -> Value:
    return transpose(_first(inputs), attributes["perm"] or None)


def _concat(inputs: Inputs, attributes: Attributes) -> Value:
    return concatenate([_given(value) for value in inputs], attributes["axis"])


def argument_of_relu(kind: str, inputs: Inputs, attributes: Attributes) -> Value | None:
    """What a node applies ReLU to, if that is what it does.

    Parameters
    ----------
    kind : str
        ``Relu``, or an operator that is the same for some constants: ``Max``, ``Clip``, ``PRelu``,
        ``LeakyRelu``.
    inputs, attributes
        Of the node.
    """
    value = _first(inputs)
    if kind == "Relu":
        return value
    if kind == "LeakyRelu":
        return value if attributes["alpha"] == 0 else None
    if kind == "Clip":
        low, high = ([*inputs[1:], None, None])[:2]
        least = attributes["min"] if low is None else _scalar(low)
        most = attributes["max"] if high is None else _scalar(high)
        unbounded = most is None or most >= _LARGEST.get(value.kind, np.inf)
        return value if least == 0 and unbounded else None
    other = _given(inputs[1])
    if isinstance(value, Constant):
        value, other = other, value
    if not isinstance(other, Constant) or any(other.exact.ravel()):
        return None
    moved = add(value, other)
    if kind == "PRelu" and _shape(moved) != _shape(value):
        return None
    return moved


def _scalar(value: Value) -> float:
    if not isinstance(value, Constant) or value.values.size != 1:
        raise Unreadable("has a bound that is no constant number")
    return float(value.values.ravel()[0])


def _axes(inputs: Inputs, attributes: Attributes) -> list[int] | None:
    if len(inputs) > 1 and inputs[1] is not None:
        return _constant(inputs[1]).integers()
    return attributes["axes"] or None


def _first(inputs: Inputs) -> Value:
    return _given(inputs[0])


def _given(value: Value | None) -> Value:
    if value is None:
        raise Unreadable("leaves out an input that it needs")
    return value


def _constant(value: Value | None) -> Constant:
    if not isinstance(value, Constant):
        raise Unreadable("takes a shape that is not constant")
    return value


def _shape(value: Value) -> tuple[int, ...]:
    return (value.values if isinstance(value, Constant) else value.forms).shape


def _number(value: Fraction, kind: int) -> Constant:
    return Constant(filled((), [value]), kind)


def _scaled(value: Value, factor: float) -> Value:
    if not np.isfinite(factor):
        raise Unreadable("has NaN or infinity as a factor; such a model has no exact value")
    return value if factor == 1 else multiply(value, _number(Fraction(factor), value.kind))


OPERATORS = {
    "Identity": Operator(_same, 1, 1, {}),
    "Dropout": Operator(_dropout, 1, 3, {"ratio": 0.5, "seed": 0}),
    "Cast": Operator(_cast, 1, 1, {"to": 0, "saturate": 1}),
    "Add": Operator(_add, 2, 2, {}),
    "Sum": Operator(_add, 1, 100, {}),
    "Sub": Operator(_subtract, 2, 2, {}),
    "Mul": Operator(_multiply, 2, 2, {}),
    "Div": Operator(_divide, 2, 2, {}),
    "Neg": Operator(_negate, 1, 1, {}),
    "MatMul": Operator(_matmul, 2, 2, {}),
    "Gemm": Operator(_gemm, 2, 3, {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}),
    "BatchNormalization": Operator(
        _normalise, 5, 5, {"epsilon": float(np.float32(1e-5)), "momentum": 0.9, "training_mode": 0}
    ),
    "Scaler": Operator(_scaler, 1, 1, {"offset": [0.0], "scale": [1.0]}),
    "Reshape": Operator(_reshape, 2, 2, {"allowzero": 0}),
    "Shape": Operator(_lengths, 1, 1, {"start": 0}),
    "Gather": Operator(_gather, 2, 2, {"axis": 0}),
    "Squeeze": Operator(_squeeze, 1, 2, {"axes": []}),
    "Unsqueeze": Operator(_unsqueeze, 1, 2, {"axes": []}),
    "Flatten": Operator(_flatten, 1, 1, {"axis": 1}),
    "Transpose": Operator(_transpose, 1, 1, {"perm": []}),
    "Concat": Operator(_concat, 1, 100, {"axis": 0}),
}
ACTIVATIONS: dict[str, tuple[int, int, Attributes]] = {
    "Relu": (1, 1, {}),
    "Max": (2, 2, {}),
    "Clip": (1, 3, {"min": float("-inf"), "max": float("inf")}),
    "PRelu": (2, 2, {}),
    "LeakyRelu": (1, 1, {"alpha": float(np.float32(0.01))}),
}
