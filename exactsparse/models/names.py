"""Which of a file's named tensors is which layer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.layers import RELU, Layers
from exactsparse.models.weight_norm import normalised

Array = NDArray[Any]
LayerNames = tuple[str, str]

# Kernels are weights whose rows are inputs: Keras and flax.
_KINDS = (
    "weight", "kernel", "bias", "weight_g", "weight_v",
    "weight_orig", "weight_mask", "bias_orig", "bias_mask",
)  # fmt: skip
_WEIGHT_NORM = {"original0": "weight_g", "original1": "weight_v"}
_SKIP = "skip"
_FIRST = ("hidden", "input", "inner", "first", "encoder")
_LAST = ("output", "out", "head", "last", "final", "readout", "decoder")
# Buffers of a standardisation that does nothing.
_NEUTRAL = {"mean": 0, "mu": 0, "offset": 0, "shift": 0, "std": 1, "scale": 1, "sigma": 1}
REMEDY = "name the layers: --layers HIDDEN,OUTPUT, in Python layers=('HIDDEN', 'OUTPUT')"


def layers_of_tensors(
    tensors: Mapping[str, Array],
    origin: str,
    *,
    ordered: bool = False,
    names: LayerNames | None = None,
) -> Layers:
    """Find the two linear layers among tensors named as torch, flax or Keras name them.

    ``LAYER.weight``, or ``LAYER.kernel`` with inputs as its rows, and ``LAYER.bias``, the biases
    optional; a layer called ``skip`` is the linear part.  The layer whose weights have as many
    columns as the other has rows, and one row, is the output.  Where that does not tell (one
    neuron, one feature), it is the one that comes last in a mapping that keeps the order of the
    layers, else the one of the larger number in its name, or ``output`` beside ``hidden``.  The
    activation is not in such a file: it is taken to be ReLU, and the result says so.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        Real entries.
    origin : str
        What messages call the file.
    ordered : bool
        Whether the mapping keeps the order of the layers.
    names : tuple of two str, optional
        The hidden and the output layer; other tensors are left aside, which the result says.

    Raises
    ------
    DataError
        If these are not the layers of a network with one hidden layer and one output, or nothing
        tells which of them is the output.
    """
    layers, aside = _layers(tensors, origin, names)
    assumed = [RELU]
    for layer, held in layers.items():
        if "weight_g" in held and "weight_v" in held:
            assumed.append(f"weight norm of {layer!r}")
    parts = {layer: _part(layer, held, origin) for layer, held in layers.items()}
    skip = next((layer for layer in parts if _split(layer)[1] == _SKIP), None)
    linear = parts.pop(skip) if skip is not None else {}
    if "bias" in linear:
        raise DataError(f"{origin}: the layer 'skip' has a bias; put it into the output layer")
    if linear:
        assumed.append(f"{skip!r} is a linear part")
    if names is not None:
        _require_named(names, parts, tensors, origin)
    elif len(parts) != 2:
        found = ", ".join(map(repr, parts)) or "none"
        raise DataError(
            f"{origin}: a network with one hidden layer has two linear layers, but this file holds "
            f"{len(parts)} ({found}); if it is two of them, {REMEDY}"
        )
    if aside:
        assumed.append(f"left aside: {', '.join(aside)}")
    first, last = (parts[name] for name in names or _in_order(parts, origin, ordered))
    return Layers(
        first["weight"], last["weight"], first.get("bias"), last.get("bias"),
        linear.get("weight"), tuple(assumed),
    )  # fmt: skip


def _layers(
    tensors: Mapping[str, Array], origin: str, names: LayerNames | None
) -> tuple[dict[str, dict[str, Array]], list[str]]:
    """Tensors by layer and kind, and the names of those that are left aside."""
    layers: dict[str, dict[str, Array]] = {}
    aside: list[str] = []
    parents = {_split(name)[0] for name in names or ()}
    for name, values in tensors.items():
        layer, kind = _parsed(name)
        parent, last = _split(layer)
        if kind in ("running_mean", "running_var"):
            raise DataError(
                f"{origin}: {layer!r} is a batch norm, which divides by the square root of its "
                "variance plus a number that the file does not hold; fold it into the linear layer "
                "first, as torch.nn.utils.fusion.fuse_linear_bn_eval does"
            )
        wanted = names is None or layer in names or (last == _SKIP and parent in parents)
        if kind in _KINDS and wanted:
            held = layers.setdefault(layer, {})
            if kind in held:
                raise DataError(f"{origin}: the layer {layer!r} has two tensors {kind!r}")
            held[kind] = values
        elif names is None and not _is_neutral(name, values):
            raise DataError(
                f"{origin}: the tensor {name!r} belongs to no linear layer; tensors named "
                "LAYER.weight (or LAYER.kernel) and LAYER.bias are read. If the network does not "
                f"use it, {REMEDY}"
            )
        elif any(f"{layer}.".startswith(f"{named}.") for named in names or ()):
            raise DataError(
                f"{origin}: {name!r} belongs to a layer that is named, and is neither its weight "
                "nor its bias: such layers are not read"
            )
        elif kind == "weight" and values.ndim < 2 and parent in parents:
            raise DataError(
                f"{origin}: {layer!r} lies beside the named layers, and its weights are no matrix: "
                "a normalisation or an activation with parameters, which is not read"
            )
        else:
            aside.append(name)
    return layers, aside


def _require_named(
    names: LayerNames, parts: Mapping[str, Any], tensors: Mapping[str, Array], origin: str
) -> None:
    if names[0] == names[1]:
        raise DataError(
            f"{origin}: the hidden and the output layer are both {names[0]!r}; name two"
        )
    for name in names:
        if name not in parts:
            found = ", ".join(sorted({_parsed(tensor)[0] for tensor in tensors}))
            raise DataError(f"{origin}: there is no layer {name!r}; there are {found}")


def _split(layer: str) -> tuple[str, str]:
    """The module that a layer lies in, and its name there."""
    parent, _, last = layer.rpartition(".")
    return parent, last


def _parsed(name: str) -> tuple[str, str]:
    """Layer and kind of a tensor: ``dense/kernel:0`` is the kernel of ``dense``."""
    layer, _, kind = name.removesuffix(":0").replace("/", ".").rpartition(".")
    if layer.endswith("parametrizations.weight") and kind in _WEIGHT_NORM:
        return layer.rpartition("parametrizations.weight")[0].rstrip("."), _WEIGHT_NORM[kind]
    return layer, kind


def _is_neutral(name: str, values: Array) -> bool:
    """Whether a tensor cannot matter: a counter, or the buffer of an idle standardisation."""
    kind = _parsed(name)[1]
    if kind == "num_batches_tracked":
        return True
    *before, last = re.split(r"[._]", kind.lower())
    wanted = _NEUTRAL.get(last)
    # A logarithm of 1 is no factor of 1.
    return wanted is not None and "log" not in before and bool((values == wanted).all())


def _part(layer: str, held: Mapping[str, Array], origin: str) -> dict[str, Array]:
    """Weights (one row per output) and bias of a layer."""
    held = _masked(held, layer, origin)
    bias = {"bias": held["bias"]} if "bias" in held else {}
    kinds = set(held) - {"bias"}
    if kinds == {"weight"}:
        return {"weight": held["weight"], **bias}
    if kinds == {"kernel"}:
        return {"weight": held["kernel"].T, **bias}
    if kinds == {"weight_g", "weight_v"}:
        where = f"{origin}: the weight norm of {layer!r}"
        return {"weight": normalised(held["weight_v"], held["weight_g"], where), **bias}
    if not kinds or any(kind.startswith("bias") for kind in kinds):
        raise DataError(f"{origin}: the layer {layer!r} has a bias but no weight")
    raise DataError(
        f"{origin}: the layer {layer!r} has {' and '.join(sorted(kinds))}; one weight is needed"
    )


def _masked(held: Mapping[str, Array], layer: str, origin: str) -> dict[str, Array]:
    """Tensors with masks applied, as ``torch.nn.utils.prune`` keeps them."""
    result = dict(held)
    for kind in ("weight", "bias"):
        values, mask = result.get(f"{kind}_orig"), result.get(f"{kind}_mask")
        if values is None or mask is None or kind in result:
            continue
        if values.shape != mask.shape or not ((mask == 0) | (mask == 1)).all():
            raise DataError(f"{origin}: the mask of {layer!r} is not of zeros and ones that fit")
        result[kind] = np.where(mask == 1, values, 0)
        del result[f"{kind}_orig"], result[f"{kind}_mask"]
    return result


def _in_order(layers: Mapping[str, Mapping[str, Array]], origin: str, ordered: bool) -> list[str]:
    """Names of the hidden and the output layer."""
    names = list(layers) if ordered else sorted(layers, key=_natural)
    shapes = [layers[name]["weight"].shape for name in names]
    fits = [len(a) == len(b) == 2 and b == (1, a[0]) for a, b in (shapes, shapes[::-1])]
    if fits == [True, True] and not ordered and not _names_tell(names):
        raise DataError(
            f"{origin}: with one neuron and one feature nothing tells which of the layers "
            f"{names[0]!r} and {names[1]!r} is the output, since the file does not keep their "
            f"order; {REMEDY}"
        )
    if fits == [True, True] and ordered and _names_contradict(names):
        raise DataError(
            f"{origin}: with one neuron and one feature the order of the layers {names[0]!r} and "
            f"{names[1]!r} tells which is the output, but their names say otherwise; {REMEDY}"
        )
    return names[::-1] if fits == [False, True] else names


def _names_contradict(names: list[str]) -> bool:
    """Whether names say that the first layer is the output."""
    first, last = (name.rpartition(".")[2].lower() for name in names)
    numbered = _names_tell(names) and sorted(names, key=_natural) != names
    return numbered or first.startswith(_LAST) or last.startswith(_FIRST)


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
