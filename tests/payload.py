"""A pickle that does something when it is loaded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


class Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return os.mkdir, (str(self.path),)
