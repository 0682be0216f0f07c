"""One door to all files that a function is written to; the suffix says what is meant."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from exactsparse import models
from exactsparse.errors import OutputError, UnsupportedProblemError
from exactsparse.export.c import c_code
from exactsparse.export.csv_tables import pieces_csv
from exactsparse.export.excel import workbook
from exactsparse.export.formula import Formula
from exactsparse.export.latex import latex_file
from exactsparse.export.python import python_code
from exactsparse.export.sql import sql_code
from exactsparse.models.export import suffix_among
from exactsparse.packages import require_package
from exactsparse.problem.network import Network
from exactsparse.solution import Solution


def _encoded(write: Callable[[Formula], str]) -> Callable[[Formula], bytes]:
    return lambda formula: write(formula).encode()


WRITERS: dict[str, Callable[[Formula], bytes]] = {
    ".py": _encoded(python_code),
    ".c": _encoded(c_code),
    ".sql": _encoded(sql_code),
    ".xlsx": workbook,
    ".tex": _encoded(latex_file),
    ".csv": _encoded(pieces_csv),
}
SUFFIXES = (*models.WRITERS, *WRITERS)


def require_format(path: str | os.PathLike[str]) -> str:
    """Refuse a path that :func:`export` would not write, before there is anything; its suffix.

    Raises
    ------
    OutputError
        If the suffix names no format.
    MissingPackageError
        If the package of the format is not installed.
    """
    suffix = suffix_among(path, SUFFIXES)
    if suffix in models.WRITERS:
        models.require_format(path)
    elif suffix == ".xlsx":
        require_package("xlsxwriter", "sheets")
    return suffix


def export(function: Solution | Network | Formula, path: str | os.PathLike[str]) -> None:
    """Write a function in the format that the suffix names.

    Parameters
    ----------
    function : Solution, Network or Formula
        What was found; a network without names is one of ``x``, or ``x1``, ``x2`` and so on.
    path : path
        A network: ``.json`` (exact), ``.safetensors``, ``.pt`` (a ``state_dict``) or ``.onnx``.
        Code and tables: ``.py``, ``.c``, ``.sql``, ``.xlsx`` (with a live formula), ``.tex``,
        ``.csv`` (the pieces, or the neurons).

    Raises
    ------
    OutputError
        If the suffix names no format, a number exceeds it, or the file cannot be written.
    MissingPackageError
        If the package of the format is not installed.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([0, 1, 2], [0, 1, 0])
    >>> es.export(solution, "law.json")
    >>> es.read_model("law.json") == solution.network
    True
    >>> es.export(solution, "law.c")
    """
    suffix = require_format(path)
    if suffix in models.WRITERS:
        if isinstance(function, Formula):
            raise UnsupportedProblemError(
                f"{path}: a formula is written as {', '.join(WRITERS)}; for {suffix} export the "
                "solution or the network"
            )
        network = function if isinstance(function, Network) else function.network
        models.export(network, path)
        return
    formula = Formula.of(function) if isinstance(function, Network) else function.formula
    data = WRITERS[suffix](formula)
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the function: {error.strerror}") from None
