"""Optional packages, imported where they are used."""

from __future__ import annotations

import importlib
from typing import Any

from exactsparse.errors import MissingPackageError


def require_package(module: str, extra: str) -> Any:
    """Import a module of an optional package.

    Parameters
    ----------
    module : str
        Its name.
    extra : str
        The extra of exactsparse that installs it.

    Raises
    ------
    MissingPackageError
        If it cannot be imported.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingPackageError(
            f"this needs {module.partition('.')[0]}: pip install 'exactsparse[{extra}]' ({error})",
            name=module,
        ) from error
