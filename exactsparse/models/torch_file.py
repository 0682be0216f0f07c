"""Torch ``state_dict`` files, loaded without running any code that they may hold."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

from exactsparse.errors import DataError
from exactsparse.models.layers import Layers
from exactsparse.models.names import layers_of_tensors
from exactsparse.packages import require_package

_WRAPPED = "state_dict"


def read_state_dict(data: bytes, origin: str) -> Layers:
    """Read the layers of a ``state_dict`` that ``torch.save`` wrote.

    The unpickler that torch restricts to tensors refuses everything else before it is built.

    Parameters
    ----------
    data : bytes
        The file.
    origin : str
        What messages call it.

    Raises
    ------
    DataError
        If the file is damaged, holds anything but tensors, or other layers.
    MissingPackageError
        If torch is not installed.
    """
    torch = require_package("torch", "train")
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
    if isinstance(held, Mapping) and isinstance(held.get(_WRAPPED), Mapping):
        held = held[_WRAPPED]
    if not isinstance(held, Mapping) or not all(isinstance(name, str) for name in held):
        raise DataError(f"{origin}: this is no state_dict; save model.state_dict()")
    tensors = {name: as_array(held[name], name, origin) for name in held}
    return layers_of_tensors(tensors, origin, ordered=True)


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
    values = tensor.detach().cpu()
    return (values.to(torch.float64) if values.is_floating_point() else values).numpy()
