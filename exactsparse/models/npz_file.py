"""Models as arrays in a NumPy archive, never unpickled: named, or listed as get_weights() does."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from exactsparse.errors import DataError
from exactsparse.models.layers import RELU, Layers
from exactsparse.models.limits import require_entries, require_inflated_size
from exactsparse.models.names import LayerNames, layers_of_tensors
from exactsparse.readers.numpy_files import UNREADABLE

Array = NDArray[Any]

_PAPER = {"W", "v"}
_PAPER_OPTIONAL = {"b", "c", "a"}


def read_npz(data: bytes, origin: str, names: LayerNames | None = None) -> Layers:
    """Read the layers of an ``.npz`` file.

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
        If the file is damaged, holds pickled objects, or other arrays.
    """
    require_inflated_size(data, origin)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            if not isinstance(archive, NpzFile):
                raise DataError(f"{origin}: this is a single array, no archive of named arrays")
            ((name, count),) = Counter(archive.files).most_common(1) or [("", 0)]
            if count > 1:
                raise DataError(f"{origin}: the archive holds {name!r} twice; save it again")
            arrays = {name: archive[name] for name in archive.files}
    except DataError:
        raise
    except UNREADABLE as error:
        if "pickle" in str(error):
            raise DataError(
                f"{origin}: the file holds pickled objects, which are never loaded because "
                "unpickling can run code; save arrays of numbers with numpy.savez"
            ) from None
        raise DataError(f"{origin}: the file is damaged or no NumPy archive") from None
    for name, values in arrays.items():
        # Members of the archive that are no arrays come as their bytes.
        if not isinstance(values, np.ndarray):
            raise DataError(f"{origin}: the member {name!r} is damaged or no array")
    require_entries(sum(values.size for values in arrays.values()), "the archive", origin)
    if names is None and set(arrays) >= _PAPER:
        return _of_formula(arrays, origin)
    if names is None and arrays and set(arrays) == {f"arr_{k}" for k in range(len(arrays))}:
        return _of_list([arrays[f"arr_{k}"] for k in range(len(arrays))], origin)
    return layers_of_tensors(arrays, origin, names=names)


def _of_formula(arrays: Mapping[str, Array], origin: str) -> Layers:
    """Arrays named as in ``Σ vₖ (wₖ · x + bₖ)₊ + a · x + c``."""
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
        (RELU,),
    )


def _of_list(arrays: list[Array], origin: str) -> Layers:
    """Arrays without names: weights and biases layer by layer, or all weights first.

    The output weights tell the orientation: (K, 1) with (d, K), as Keras and scikit-learn have
    them, or (1, K) with (K, d), as torch has them.
    """
    matrices = [values for values in arrays if values.ndim == 2]
    biases = [values for values in arrays if values.ndim == 1]
    dimensions = [values.ndim for values in arrays]
    if dimensions not in ([2, 1, 2, 1], [2, 2, 1, 1], [2, 1, 2], [2, 2], [2, 2, 1]):
        raise DataError(
            f"{origin}: the arrays have shapes {', '.join(str(a.shape) for a in arrays)}; those of "
            "two layers, weights and biases, are read, or arrays with names"
        )
    first, last = matrices
    by_columns = last.shape == (first.shape[1], 1)
    if not by_columns and last.shape != (1, first.shape[0]):
        raise DataError(
            f"{origin}: weights of shapes {first.shape} and {last.shape} are not those of one "
            "hidden layer and one output"
        )
    if by_columns:
        first, last = first.T, last.T
    hidden_bias = biases.pop(0) if len(biases) == 2 or dimensions == [2, 1, 2] else None
    return Layers(first, last, hidden_bias, biases[0] if biases else None, None, (RELU,))
