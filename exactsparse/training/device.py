"""Where tensors live."""

from __future__ import annotations

from exactsparse.errors import ProblemError
from exactsparse.packages import require_package


def chosen_device(device: str) -> str:
    """The device that a choice means: ``auto`` takes CUDA where there is some.

    Raises
    ------
    ProblemError
        If there is no such device.
    MissingPackageError
        If torch is not installed.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ProblemError(f"device must be 'auto', 'cpu' or 'cuda', but it is {device!r}")
    available = device != "cpu" and require_package("torch", "train").cuda.is_available()
    if device == "cuda" and not available:
        raise ProblemError("device 'cuda' was asked for, but torch sees none: use 'cpu'")
    return "cuda" if available else "cpu"
