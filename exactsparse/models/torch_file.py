"""Torch ``state_dict`` files, loaded without running any code that they may hold."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from exactsparse.errors import DataError
from exactsparse.models.activation import require_relu
from exactsparse.models.layers import Layers
from exactsparse.models.limits import require_entries, require_inflated_size
from exactsparse.models.names import LayerNames, layers_of_tensors
from exactsparse.packages import require_package

# Where checkpoints keep a state_dict, and what wrappers put before the names of its layers.
_WRAPPED = ("state_dict", "model_state_dict", "model", "net")
_PREFIXES = ("module.", "_orig_mod.", "model.", "net.")


def read_state_dict(data: bytes, origin: str, names: LayerNames | None = None) -> Layers:
    """Read the layers of a ``state_dict`` that ``torch.save`` wrote.

    The unpickler that torch restricts to tensors refuses everything else before it is built.

    Parameters
    ----------
    data : bytes
        The file.
    origin : str
        What messages call it.
    names : tuple of two str, optional
        As in :func:`exactsparse.models.names.layers_of_tensors`.

    Raises
    ------
    DataError
        If the file is damaged, holds anything but tensors, or other layers.
    MissingPackageError
        If torch is not installed.
    """
    torch = require_package("torch", "train")
    require_inflated_size(data, origin)
    try:
        with warnings.catch_warnings():
            # On TorchScript archives torch warns before it refuses them.
            warnings.simplefilter("ignore")
            held = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:
        # The unpickler leaks what damaged bytes raise in it: KeyError, IndexError, EOFError, ….
        if "weights_only" in str(error) or "Unsupported" in str(error):
            raise DataError(
                f"{origin}: this file holds pickled objects beside tensors, which are never loaded "
                "because unpickling can run code; save model.state_dict() or use safetensors"
            ) from None
        raise DataError(
            f"{origin}: the file is damaged or was not written by torch.save; save the model again"
        ) from None
    require_relu(held, origin)
    held, key = _unwrapped(held, torch, origin)
    if not isinstance(held, Mapping) or not all(isinstance(name, str) for name in held):
        raise DataError(f"{origin}: this is no state_dict; save model.state_dict()")
    sizes = (value.numel() for value in held.values() if isinstance(value, torch.Tensor))
    require_entries(sum(sizes), "the state_dict", origin)
    tensors = {name: as_array(held[name], name, origin) for name in held}
    whole = {name.rpartition(".")[0] for name in tensors}
    if names is None or not whole >= set(names):
        tensors = _without_prefix(tensors)
    layers = layers_of_tensors(tensors, origin, ordered=True, names=names)
    if key is None:
        return layers
    return replace(layers, assumed=(*layers.assumed, f"the state_dict is the checkpoint's {key!r}"))


def _unwrapped(held: Any, torch: Any, origin: str) -> tuple[Any, str | None]:
    """The state_dict of a checkpoint, which keeps it beside other things, and its key there."""
    if not isinstance(held, Mapping):
        return held, None
    found = [key for key in _WRAPPED if _is_state_dict(held.get(key), torch)]
    if len(found) > 1:
        listed = " and ".join(map(repr, found))
        raise DataError(
            f"{origin}: the checkpoint holds several models, {listed}; save the state_dict of one"
        )
    if not found:
        return held, None
    return held[found[0]], found[0]


def _is_state_dict(value: Any, torch: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(isinstance(entry, torch.Tensor) for entry in value.values())
    )


def _without_prefix(tensors: dict[str, Any]) -> dict[str, Any]:
    """Names without what a wrapper puts before all of them, as long as two parts are left."""
    while True:
        prefix = next((p for p in _PREFIXES if all(name.startswith(p) for name in tensors)), None)
        shorter = {name[len(prefix or "") :]: values for name, values in tensors.items()}
        if not tensors or prefix is None or not all("." in name for name in shorter):
            return tensors
        tensors = shorter


def as_array(tensor: Any, name: str, origin: str) -> Any:
    """Entries of a tensor as float64 or integers, exactly.

    Parameters
    ----------
    tensor : torch.Tensor
        Any float or integer type that float64 or int64 contains.
    name : str
        What messages call it.
    origin : str
        What messages call the model.

    Raises
    ------
    DataError
        If it is no dense tensor of real numbers.
    """
    torch = require_package("torch", "train")
    dense = (
        isinstance(tensor, torch.Tensor)
        and tensor.layout == torch.strided
        and not tensor.is_quantized
        and not tensor.is_complex()
        and tensor.dtype != torch.bool
        and tensor.device.type != "meta"
    )
    if not dense:
        raise DataError(f"{origin}: {name!r} is no dense tensor of real numbers")
    values = tensor.detach().cpu().resolve_neg()
    return (values.to(torch.float64) if values.is_floating_point() else values).numpy()
