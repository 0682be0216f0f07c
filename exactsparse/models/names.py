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


def layers_of_tensors(tensors: Mapping[str, Array], origin: str) -> Layers:
    """Find the two linear layers among tensors named as in a torch ``state_dict``.

    ``LAYER.weight`` and ``LAYER.bias``, the biases optional; a layer called ``skip`` is the linear
    part.  The layer whose weights have as many columns as the other has rows, and one row, is the
    output; where that does not tell, the one that comes last in the order of names.  The
    activation is not in such a file: it is taken to be ReLU.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        Real entries.
    origin : str
        What messages call the file.

    Raises
    ------
    DataError
        If these are not the layers of a network with one hidden layer and one output.
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
    first, last = (layers[name] for name in _in_order(layers))
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
    return Layers(
        arrays["W"],
        v[None] if v.ndim == 1 else v,
        arrays.get("b"),
        c.reshape(1) if c is not None and c.size == 1 else c,
        a[None] if a is not None and a.ndim == 1 else a,
    )


def _in_order(layers: Mapping[str, Mapping[str, Array]]) -> list[str]:
    """Names of the hidden and the output layer."""
    names = sorted(layers, key=_natural)
    shapes = [layers[name]["weight"].shape for name in names]
    fits = [len(a) == len(b) == 2 and b == (1, a[0]) for a, b in (shapes, shapes[::-1])]
    return names[::-1] if fits == [False, True] else names


def _natural(name: str) -> list[tuple[int, str]]:
    """Key that sorts ``layer10`` after ``layer2``."""
    parts = re.findall(r"\d+|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
