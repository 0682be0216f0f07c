"""The state of a batch in a file, so that a run that was stopped goes on where it stood."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from exactsparse.errors import OutputError, ProblemError

_SCHEMA = "exactsparse/training/1"
State = tuple[Any, Any, Any]


def save_state(
    path: str | os.PathLike[str] | None, identity: str, step: int, state: State, history: Any
) -> None:
    """Write a state; a file that is there is replaced only once the new one is whole.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    if path is None:
        return
    parameters, first, second = state
    unfinished = Path(f"{path}.part")
    try:
        with unfinished.open("wb") as file:
            np.savez(
                file, schema=np.array(_SCHEMA), identity=np.array(identity), step=np.array(step),
                parameters=parameters, first=first, second=second, history=history,
            )  # fmt: skip
        unfinished.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the checkpoint: {error.strerror}") from None


def load_state(path: str | os.PathLike[str] | None, identity: str) -> tuple[int, State, Any] | None:
    """Steps taken, parameters with moments, and history; None without a file.

    Raises
    ------
    ProblemError
        If the file is no checkpoint, or one of another batch.
    """
    if path is None or not Path(path).exists():
        return None
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        known = str(arrays["identity"])
        if str(arrays["schema"]) != _SCHEMA:
            raise KeyError("schema")
        state = arrays["parameters"], arrays["first"], arrays["second"]
        step, history = int(arrays["step"]), arrays["history"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        raise ProblemError(f"{path} is not a training checkpoint of exactsparse") from None
    if known != identity:
        raise ProblemError(
            f"{path} is a checkpoint of other data or settings: name another file, or remove it"
        )
    return step, state, history
