"""torch, imported where it is used."""

from __future__ import annotations

import importlib
from typing import Any

from exactsparse.errors import MissingPackageError, ProblemError


def require_torch() -> Any:
    """Import torch.

    Raises
    ------
    MissingPackageError
        If it is not installed.
    """
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        raise MissingPackageError(
            f"training needs torch: pip install 'exactsparse[train]' ({error})", name="torch"
        ) from error


def chosen_device(device: str) -> str:
    """The device that a choice means: ``auto`` takes CUDA where there is some.

    Raises
    ------
    ProblemError
        If there is no such device.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ProblemError(f"device must be 'auto', 'cpu' or 'cuda', but it is {device!r}")
    available = device != "cpu" and require_torch().cuda.is_available()
    if device == "cuda" and not available:
        raise ProblemError("device 'cuda' was asked for, but torch sees none: use 'cpu'")
    return "cuda" if available else "cpu"
