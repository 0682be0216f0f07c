"""Where results go, and where they may be written."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console

from exactsparse.errors import OutputError


class ResultConsole(Console):
    """Console on standard output that reports a closed pipe instead of leaving the program."""

    def on_broken_pipe(self) -> None:
        """Raise the error that rich would hide behind exit code 1."""
        raise BrokenPipeError


def require_writable(data: str, *outputs: str | None) -> None:
    """Refuse output paths before the work, so that a refusal leaves nothing behind.

    Parameters
    ----------
    data : str
        The input, which no output may overwrite.
    *outputs : str or None
        Paths that results will be written to; None is passed over.

    Raises
    ------
    OutputError
        If a path is a folder, lies in none, may not be written, or is named twice.
    """
    taken = {Path(data).resolve(): "the data"}
    for output in filter(None, outputs):
        target = Path(output)
        if target.is_dir():
            raise OutputError(f"{output} is a directory: name a file to write")
        if not target.parent.is_dir():
            raise OutputError(f"{output}: the folder {target.parent} does not exist")
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise OutputError(f"{output} is not writable")
        if target.resolve() in taken:
            raise OutputError(f"{output} is {taken[target.resolve()]} already: name another file")
        taken[target.resolve()] = "an output"


def require_suffix(path: str | None, *suffixes: str) -> None:
    """Refuse a path whose suffix does not name a format that can be written.

    Raises
    ------
    OutputError
        If the suffix is none of those given.
    """
    if path is not None and Path(path).suffix.lower() not in suffixes:
        raise OutputError(f"{path}: the name must end in {' or '.join(suffixes)}")
