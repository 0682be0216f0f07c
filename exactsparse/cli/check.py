"""``exactsparse check``: hand a certificate to the independent checker."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Annotated, Any

import typer

from exactsparse.cli.options import Json, TableFile, reads_table
from exactsparse.errors import DataError, DataNotFoundError, ExactSparseError
from exactsparse.problem.rows import rows_of

if TYPE_CHECKING:
    from exactsparse_check import Points

_OF_BOUNDS = (
    "the certificate is about an interval per row: give --lower and --upper, or --half-widths for "
    "the column of --tolerance, as for solve"
)
_OF_LABELS = "the certificate is about labels: leave out --lower, --upper and --half-widths"


@reads_table
def check(
    certificate: Annotated[str, typer.Argument(help="Certificate written by `solve`.")],
    data: TableFile | None = None,
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
    # Other commands need not wait for the checker.
    from exactsparse_check.__main__ import main as run_checker

    arguments = [f"--seconds={seconds}"]
    if full:
        arguments.append("--full")
    if seed is not None:
        arguments.append(f"--seed={seed}")
    if as_json:
        arguments.append("--json")
    if data is None:
        return run_checker([*arguments, "--", certificate])
    table = data

    def points(_: str | PathLike[str], about: dict[str, Any]) -> Points:
        return canonical_points(table, about)

    return run_checker([*arguments, "--", certificate, table.path], points)


def canonical_points(table: TableFile, about: dict[str, Any]) -> Points:
    """Read the rows of a data file as a certificate has them: sorted, none of them twice.

    Parameters
    ----------
    table : TableFile
        The data.  Where nothing is said about how to read them, the names of the certificate are
        tried first.
    about : dict
        What the certificate says of its data; ``windows``, whether equal points may have different
        labels; and ``bounds``, whether rows have two of them in the place of a label.

    Returns
    -------
    list of tuple of Fraction
        Features and label of each point, or its bounds.

    Raises
    ------
    UsageError
        If the file cannot be read, the message names file, row and column; or if it is read as
        labels where the certificate is about bounds, or as bounds where it is about labels.
    """
    from exactsparse_check import UsageError

    tried = [table]
    # Standard input can be read once only.
    if table.is_plain and table.path != "-":
        features = {"x": tuple(about["features"])}
        tried = [
            replace(table, y=about["label"], options={**table.options, **features}),
            replace(table, y=about["label"]),
            table,
        ]
    for reading in tried:
        try:
            dataset = reading.read()
            if (dataset.intervals is not None) != about["bounds"]:
                raise UsageError(_OF_BOUNDS if about["bounds"] else _OF_LABELS)
            if about["windows"]:
                return rows_of(dataset)
            canonical = dataset.canonical
            return [canonical.row(i) for i in range(len(canonical))]
        except DataNotFoundError as error:
            raise UsageError(f"cannot read the data: {error}") from error
        except DataError as error:
            if reading is tried[-1]:
                raise UsageError(str(error)) from error
        except ExactSparseError as error:
            raise UsageError(str(error)) from error
    raise AssertionError("the last reading gives points or an error")
