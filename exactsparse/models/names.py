"""Which of a file's named tensors is which layer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.layers import Layers

Array = NDArray[Any]

_KINDS = ("weight", "bias")
_SKIP = "skip"
_PAPER = {"W", "v"}
_PAPER_OPTIONAL = {"b", "c", "a"}


def layers_of_tensors(
    tensors: Mapping[str, Array], origin: str, *, ordered: bool = False
) -> Layers:
    """Find the two linear layers among tensors named as in a torch ``state_dict``.

    ``LAYER.weight`` and ``LAYER.bias``, the biases optional; a layer called ``skip`` is the linear
    part.  The layer whose weights have as many columns as the other has rows, and one row, is the
    output.  Where that does not tell (one neuron, one feature), it is the one that comes last in
    a mapping that keeps the order of the layers, else the one of the larger number in its name, or
    ``output`` beside ``hidden``.  The activation is not in such a file: it is taken to be ReLU.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        Real entries.
    origin : str
        What messages call the file.
    ordered : bool
        Whether the mapping keeps the order of the layers.

    Raises
    ------
    DataError
        If these are not the layers of a network with one hidden layer and one output, or nothing
        tells which of them is the output.
    """
    layers: dict[str, dict[str, Array]] = {}
    for name, values in tensors.items():
        layer, _, kind = name.rpartition(".")
        if kind not in _KINDS:
            raise DataError(
                f"{origin}: the tensor {name!r} belongs to no linear layer; tensors named "
                "LAYER.weight and LAYER.bias are read"
            )
        layers.setdefault(layer, {})[kind] = values
    for layer, held in layers.items():
        if "weight" not in held:
            raise DataError(f"{origin}: the layer {layer!r} has a bias but no weight")
    skip = next((layer for layer in layers if layer.rpartition(".")[2] == _SKIP), None)
    part = layers.pop(skip) if skip is not None else {}
    if len(layers) != 2:
        found = ", ".join(map(repr, layers)) or "none"
        raise DataError(
            f"{origin}: a network with one hidden layer has two linear layers, but this file holds "
            f"{len(layers)} ({found})"
        )
    first, last = (layers[name] for name in _in_order(layers, origin, ordered))
    if "bias" in part:
        raise DataError(f"{origin}: the layer 'skip' has a bias; put it into the output layer")
    return Layers(
        first["weight"], last["weight"], first.get("bias"), last.get("bias"), part.get("weight")
    )


def layers_of_arrays(arrays: Mapping[str, Array], origin: str) -> Layers:
    """Layers from arrays named as in the formula ``Σ vₖ (wₖ · x + bₖ)₊ + a · x + c``, or by layer.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        ``W`` (K, d), ``v`` (K,), and if there are any ``b`` (K,), ``a`` (d,), ``c`` (a number);
        otherwise as :func:`layers_of_tensors`.
    origin : str
        What messages call the file.

    Raises
    ------
    DataError
        If there are other arrays, or these do not fit.
    """
    if not set(arrays) >= _PAPER:
        return layers_of_tensors(arrays, origin)
    unknown = sorted(set(arrays) - _PAPER - _PAPER_OPTIONAL)
    if unknown:
        raise DataError(f"{origin}: the array {unknown[0]!r} is none of W, b, v, a, c")
    v, c, a = arrays["v"], arrays.get("c"), arrays.get("a")
    shape = arrays["W"].shape
    if v.ndim == 1 and len(shape) == 2 and shape[0] == shape[1] > 1:
        raise DataError(
            f"{origin}: W is square, so that nothing tells whether neurons are its rows or its "
            "columns; if they are its rows, save v with shape (1, K), else transpose W as well"
        )
    return Layers(
        arrays["W"],
        v[None] if v.ndim == 1 else v,
        arrays.get("b"),
        c.reshape(1) if c is not None and c.size == 1 else c,
        a[None] if a is not None and a.ndim == 1 else a,
    )


def _in_order(layers: Mapping[str, Mapping[str, Array]], origin: str, ordered: bool) -> list[str]:
    """Names of the hidden and the output layer."""
    names = list(layers) if ordered else sorted(layers, key=_natural)
    shapes = [layers[name]["weight"].shape for name in names]
    fits = [len(a) == len(b) == 2 and b == (1, a[0]) for a, b in (shapes, shapes[::-1])]
    if fits == [True, True] and not ordered and not _names_tell(names):
        raise DataError(
            f"{origin}: with one neuron and one feature nothing tells which of the layers "
            f"{names[0]!r} and {names[1]!r} is the output, since the file does not keep their "
            "order; name them hidden and output, or save a torch state_dict, which keeps it"
        )
    return names[::-1] if fits == [False, True] else names


def _names_tell(names: list[str]) -> bool:
    """Whether sorted names tell the order: they differ in one number, or say it."""
    one, other = (re.findall(r"\d+|\D+", name) for name in names)
    differing = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    numbered = len(one) == len(other) and all(a.isdecimal() and b.isdecimal() for a, b in differing)
    return numbered or [name.rpartition(".")[2] for name in names] == ["hidden", "output"]


def _natural(name: str) -> list[tuple[int, str]]:
    """Key that sorts ``layer10`` after ``layer2``."""
    parts = re.findall(r"\d+|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
