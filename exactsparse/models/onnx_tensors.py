"""Tensors that an ONNX model holds, or keeps in files beside it."""

from __future__ import annotations

import math
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np

from exactsparse.errors import DataError
from exactsparse.models.limits import require_entries
from exactsparse.models.onnx_operators import FLOAT, FLOATS, INT64
from exactsparse.models.onnx_values import N_ROWS, Constant, Unreadable


class Tensors:
    """What tensors hold, exactly.

    Parameters
    ----------
    onnx : module
        The package.
    origin : str
        Path of the model; weights in other files are read from its folder only.
    """

    def __init__(self, onnx: Any, origin: str) -> None:
        self._onnx, self._origin = onnx, origin

    def constant(self, tensor: Any, where: str) -> Constant:
        """The entries of a tensor: float64, integers or booleans.

        Parameters
        ----------
        tensor : onnx.TensorProto
            Checked by its declared size before anything is converted.
        where : str
            What messages call it.

        Raises
        ------
        DataError
            If it is damaged, too large, of another type, or kept in a file that is not opened.
        """
        proto = self._onnx.TensorProto
        if any(length < 0 for length in tensor.dims):
            raise DataError(f"{self._origin}: {where} is damaged (shape {list(tensor.dims)})")
        require_entries(math.prod(tensor.dims), where, self._origin)
        numbers = (*FLOATS, proto.INT64, proto.INT32, proto.BOOL)
        if tensor.data_type not in numbers:
            raise DataError(f"{self._origin}: {where} holds no numbers of a type that is read")
        if (tensor.data_location == proto.EXTERNAL) != bool(tensor.external_data):
            raise DataError(f"{self._origin}: {where} is damaged: it is half in another file")
        if tensor.external_data:
            self._load(tensor, where)
        try:
            values = self._onnx.numpy_helper.to_array(tensor)
        except (ValueError, TypeError, RuntimeError) as error:
            raise DataError(f"{self._origin}: {where} is damaged ({error})") from None
        if tensor.data_type in FLOATS:
            values = values.astype(np.float64)
        elif (values == N_ROWS).any():
            raise DataError(f"{self._origin}: {where} holds {N_ROWS}, which is not read")
        return Constant(values, tensor.data_type)

    def _load(self, tensor: Any, where: str) -> None:
        """Put data from a file beside the model into the tensor."""
        entries = {entry.key: entry.value for entry in tensor.external_data}
        path = self._beside(entries.get("location", ""), where)
        dtype = self._onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
        wanted = math.prod(tensor.dims) * np.dtype(dtype).itemsize
        offset, length = entries.get("offset", "0"), entries.get("length", str(wanted))
        if not (offset.isdecimal() and length == str(wanted)):
            raise DataError(
                f"{self._origin}: {where} is damaged: {length} bytes from {offset} on, but its "
                f"shape needs {wanted}"
            )
        try:
            with path.open("rb") as file:
                file.seek(int(offset))
                data = file.read(wanted)
        except (OSError, ValueError, OverflowError) as error:
            raise DataError(f"{self._origin}: {where}: {path} cannot be read ({error})") from None
        if len(data) != wanted:
            raise DataError(f"{self._origin}: {where} is not whole in {path}")
        tensor.ClearField("external_data")
        tensor.ClearField("data_location")
        tensor.raw_data = data

    def _beside(self, location: str, where: str) -> Path:
        """A file in the folder of the model: no absolute path, no way out of it, no link."""
        parts = PurePosixPath(location).parts
        folder = Path(self._origin).parent
        path = folder.joinpath(*parts) if parts else folder
        chain = [folder.joinpath(*parts[: k + 1]) for k in range(len(parts))]
        leaves = (
            not parts
            or os.path.isabs(location)
            or PureWindowsPath(location).anchor
            or ".." in parts
            or "\\" in location
            or "\0" in location
        )
        if leaves or any(step.is_symlink() for step in chain) or not path.is_file():
            raise DataError(
                f"{self._origin}: {where} keeps its data in {location!r}; files in the folder of "
                "the model are read, no links, no paths that leave it: save the model with its "
                "weights inside"
            )
        return path


def constant_of_node(node: Any, tensors: Tensors, where: str) -> Constant:
    """The tensor of a ``Constant`` node.

    Raises
    ------
    Unreadable
        If it is of another kind.
    """
    if len(node.attribute) != 1 or node.input or len(node.output) != 1:
        raise Unreadable("is no constant")
    attribute = node.attribute[0]
    values: dict[str, Any] = {
        "value_float": (FLOAT, attribute.f),
        "value_floats": (FLOAT, list(attribute.floats)),
        "value_int": (INT64, attribute.i),
        "value_ints": (INT64, list(attribute.ints)),
    }
    if attribute.name == "value":
        return tensors.constant(attribute.t, where)
    if attribute.name not in values:
        raise Unreadable(f"holds no tensor of numbers, but {attribute.name!r}")
    kind, held = values[attribute.name]
    if kind == INT64 and np.any(np.array(held) == N_ROWS):
        raise Unreadable(f"holds {N_ROWS}, which is not read")
    return Constant(np.array(held, np.float64 if kind == FLOAT else np.int64), kind)
