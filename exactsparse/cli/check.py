"""``exactsparse check``: hand a certificate to the independent checker."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Annotated, Any

import typer

from exactsparse.cli.options import Json, Label
from exactsparse.errors import DataError, DataNotFoundError, ExactSparseError, ProblemError
from exactsparse.readers import read
from exactsparse_check import Points, UsageError
from exactsparse_check.__main__ import main as run_checker


def check(
    certificate: Annotated[str, typer.Argument(help="Certificate written by `solve`.")],
    data: Annotated[
        str | None, typer.Argument(help="The data that it is about, as `solve` reads them.")
    ] = None,
    y: Label = None,
    seconds: Annotated[
        float,
        typer.Option(help="Processor time to replay a search; a random sample if it takes longer."),
    ] = 60,
    full: Annotated[bool, typer.Option("--full", help="Take all the time that is needed.")] = False,
    seed: Annotated[int | None, typer.Option(help="Draw the sample from a seed.")] = None,
    as_json: Json = False,
) -> int:
    """Check a proof with a program that shares no code with the solver.

    Points are read from DATA as `solve` reads them; the checker compares their digest.
    Exit code 0 means accepted, 3 accepted in part (a sample, or undecided), 4 rejected.
    """
    if y is not None and data is None:
        raise ProblemError("--y names a column of DATA: give the data file, too")
    arguments = [f"--seconds={seconds}"]
    if full:
        arguments.append("--full")
    if seed is not None:
        arguments.append(f"--seed={seed}")
    if as_json:
        arguments.append("--json")

    def points(path: str | PathLike[str], about: dict[str, Any]) -> Points:
        return canonical_points(fspath(path), y, about["label"])

    return run_checker([*arguments, "--", certificate, *([data] if data else [])], points)


def canonical_points(path: str, y: str | None, label: str) -> Points:
    """Read the points of a data file as a certificate has them: sorted, none of them twice.

    Parameters
    ----------
    path : str
        The data; ``"-"`` is standard input.
    y : str or None
        Name of the label column.
    label : str
        Its name in the certificate, which is tried if ``y`` is None.

    Returns
    -------
    list of tuple of Fraction
        Features and label of each point.

    Raises
    ------
    UsageError
        If the file cannot be read; the message names file, row and column.
    """
    # Standard input can be read once only.
    names = (y,) if y is not None or path == "-" else (label, None)
    for name in names:
        try:
            dataset = read(path, y=name).canonical
        except DataNotFoundError as error:
            raise UsageError(f"cannot read the data: {error}") from error
        except DataError as error:
            if name == names[-1]:
                raise UsageError(str(error)) from error
        except ExactSparseError as error:
            raise UsageError(str(error)) from error
        else:
            break
    return [dataset.row(i) for i in range(dataset.n_points)]
