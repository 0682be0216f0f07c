"""Model files in the safetensors format: raw tensors and their names, nothing else."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.activation import require_relu
from exactsparse.models.layers import Layers
from exactsparse.models.limits import require_entries
from exactsparse.models.names import LayerNames, layers_of_tensors
from exactsparse.packages import require_package
from exactsparse.readers.table import first_line

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def read_safetensors(data: bytes, origin: str, names: LayerNames | None = None) -> Layers:
    """Read the layers of a safetensors file: float16, bfloat16, float32 or float64.

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
        If the file is damaged, or holds other tensors.
    MissingPackageError
        If safetensors is not installed.
    """
    package = require_package("safetensors", "train")
    try:
        held = package.deserialize(data)
    except package.SafetensorError as error:
        raise DataError(
            f"{origin}: the file is damaged or no safetensors file ({first_line(error)}); "
            "save the model again"
        ) from None
    # The package gives tensors only; it has checked the header, which begins the file.
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    require_relu(header.get("__metadata__"), origin)
    sizes = (math.prod(raw["shape"]) for _, raw in held)
    require_entries(sum(sizes), "the file", origin)
    tensors = {name: _array(name, raw, origin) for name, raw in held}
    return layers_of_tensors(tensors, origin, names=names)


def _array(name: str, raw: dict[str, Any], origin: str) -> NDArray[Any]:
    if raw["dtype"] not in _TYPES:
        raise DataError(
            f"{origin}: the tensor {name!r} has type {raw['dtype']}; "
            f"{', '.join(sorted(_TYPES))} are read"
        )
    values = np.frombuffer(raw["data"], dtype=_TYPES[raw["dtype"]])
    if raw["dtype"] == "BF16":
        # A bfloat16 is the upper half of a float32.
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return values.reshape(raw["shape"])
