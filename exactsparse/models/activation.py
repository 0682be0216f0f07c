"""What a file says beside its tensors about the activation, where it says anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exactsparse.errors import DataError

_KEYS = ("activation", "act_fn", "nonlinearity", "hidden_act")
_RELU = ("relu", "torch.nn.relu", "nn.relu", "torch.relu", "relu()")
_NONE = ("identity", "linear", "none", "")


def require_relu(document: Any, origin: str) -> None:
    """Refuse a file that names another activation than ReLU.

    Parameters
    ----------
    document : object
        Settings or metadata; mappings are searched for names like ``activation``.
    origin : str
        What messages call the file.

    Raises
    ------
    DataError
        If there is such a name with another text; for the output, with any but that of none.

    Examples
    --------
    >>> require_relu({"hyper_parameters": {"activation": "ReLU"}}, "model.ckpt")
    """
    waiting, seen = [document], set()
    while waiting:
        mapping = waiting.pop()
        # A pickle may hold a mapping in itself.
        if not isinstance(mapping, Mapping) or id(mapping) in seen:
            continue
        seen.add(id(mapping))
        waiting += mapping.values()
        for key, value in mapping.items():
            _require(key, value, origin)


def _require(key: Any, value: Any, origin: str) -> None:
    if isinstance(key, str) and key.lower().endswith(_KEYS) and isinstance(value, str):
        # That of the output, as scikit-learn has one, is not that of hidden units.
        wanted = _NONE if "out" in key.lower() else _RELU
        if value.strip().lower() not in wanted:
            raise DataError(
                f"{origin}: the file says {key} {value!r}; one hidden layer of ReLU is read"
            )
