"""Models as named arrays in a NumPy archive, never unpickled."""

from __future__ import annotations

import io

import numpy as np
from numpy.lib.npyio import NpzFile

from exactsparse.errors import DataError
from exactsparse.models.layers import Layers
from exactsparse.models.limits import require_entries, require_inflated_size
from exactsparse.models.names import layers_of_arrays
from exactsparse.readers.numpy_files import UNREADABLE


def read_npz(data: bytes, origin: str) -> Layers:
    """Read the layers of an ``.npz`` file.

    Parameters
    ----------
    data : bytes
        The file.
    origin : str
        What messages call it.

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
    return layers_of_arrays(arrays, origin)
