"""Arguments and options that several commands have."""

from __future__ import annotations

import csv
import functools
import inspect
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import typer

from exactsparse.errors import ProblemError
from exactsparse.printable import printable
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.decimals import FLOATS
from exactsparse.readers import read


def one_of(*words: str) -> Callable[[str], list[str]]:
    """What a shell offers for an option that takes one of several words.

    Examples
    --------
    >>> one_of("neurons", "parameters")("p")
    ['parameters']
    """

    def offered(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return offered


Data = Annotated[
    str,
    typer.Argument(
        help="CSV, TSV, JSON lines (also .gz), .xlsx, .ods, .parquet, .feather, .npy, .npz; `-` "
        "reads standard input."
    ),
]
OptionalData = Annotated[
    str | None, typer.Argument(help="The data that it is about, as `solve` reads them.")
]
Label = Annotated[
    str | None, typer.Option("--y", help="Column to interpolate; the last by default.")
]
Workers = Annotated[int | None, typer.Option(help="Threads; as many as processors by default.")]
Layers = Annotated[
    str | None,
    typer.Option(help="Names of the hidden and the output layer in the model, as HIDDEN,OUTPUT."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

_READING: dict[str, tuple[Any, Any]] = {
    "x": (
        Annotated[
            str | None, typer.Option("--x", help="Features, as NAME,NAME; all others by default.")
        ],
        None,
    ),
    "header": (
        Annotated[
            bool | None,
            typer.Option("--header/--no-header", help="Whether the first row holds names."),
        ],
        None,
    ),
    "decimal": (Annotated[str | None, typer.Option(help="Decimal sign: `.` or `,`.")], None),
    "thousands": (
        Annotated[str | None, typer.Option(help="Sign between thousands, as `,` or `' '`.")],
        None,
    ),
    "drop_missing": (
        Annotated[bool, typer.Option("--drop-missing", help="Leave out rows with a missing cell.")],
        False,
    ),
    "sheet": (Annotated[str | None, typer.Option(help="Sheet of a workbook.")], None),
    "skip_rows": (
        Annotated[int, typer.Option("--skip-rows", help="Lines or rows above the table.")],
        0,
    ),
    "dates": (
        Annotated[bool, typer.Option("--dates", help="Read dates as days since the first.")],
        False,
    ),
    "floats": (
        Annotated[
            str | None,
            typer.Option(
                help="Floats of binary files: `decimal` (default) or `binary`.",
                autocompletion=one_of(*FLOATS),
            ),
        ],
        None,
    ),
    "lower": (
        Annotated[
            str | None,
            typer.Option(help="Column of lower bounds, in the place of a label; empty for none."),
        ],
        None,
    ),
    "upper": (Annotated[str | None, typer.Option(help="Column of upper bounds.")], None),
    "half_widths": (
        Annotated[
            str | None, typer.Option("--half-widths", help="Column of a tolerance for every row.")
        ],
        None,
    ),
}


@dataclass(frozen=True)
class TableFile:
    """A table that a command was given, and how it is to be read."""

    path: str
    y: str | None
    options: dict[str, Any]

    def read(self) -> Dataset:
        """Read it."""
        return read(self.path, self.y, **self.options)

    @property
    def arguments(self) -> str:
        """The words of a command line that read it in the same way."""
        words = [] if self.path == "-" else [self.path]
        for name, value in {"y": self.y, **self.options}.items():
            option = f"--{name.replace('_', '-')}"
            if isinstance(value, bool):
                no = "--no-header" if name == "header" else None
                words += [option] if value else [no] if no else []
            elif value:
                text = (
                    ",".join(f'"{v}"' if "," in v else v for v in value) if name == "x" else value
                )
                words += [option, str(text)]
        return shlex.join(words)

    @property
    def is_plain(self) -> bool:
        """Whether nothing was said about how to read it."""
        return self.y is None and not any(v for v in self.options.values() if v is not None)


def reads_table(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of reading: its argument ``data`` becomes a ``TableFile``."""

    @functools.wraps(command)
    def run(**given: Any) -> int:
        options = {name: given.pop(name) for name in _READING}
        if options["x"] is not None:
            # A name with a comma stands in double quotes, as in a CSV file.
            names = next(csv.reader([options["x"]], skipinitialspace=True), [])
            options["x"] = [name.strip() for name in names]
        path, y = given.pop("data"), given.pop("y")
        table = TableFile(path or "", y, options)
        if path is None and not table.is_plain:
            raise ProblemError("options of reading are about DATA: give the data file, too")
        return command(data=None if path is None else table, **given)

    hints = get_type_hints(command, include_extras=True)
    optional = inspect.signature(command).parameters["data"].default is None
    hints["data"] = OptionalData if optional else Data
    parameters = []
    for parameter in inspect.signature(command).parameters.values():
        parameters.append(parameter.replace(annotation=hints[parameter.name]))
        if parameter.name == "data":
            kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
            for name, (hint, default) in {"y": (Label, None), **_READING}.items():
                hints[name] = hint
                parameters.append(inspect.Parameter(name, kind, default=default, annotation=hint))
    # Typer reads the signature from these; what wraps() left would show it the old one.
    vars(run).pop("__wrapped__")
    vars(run)["__signature__"] = inspect.Signature(parameters)
    run.__annotations__ = hints
    return run


def named_layers(layers: str | None) -> list[str] | None:
    """The names that ``--layers`` gives."""
    return None if layers is None else [name.strip() for name in layers.split(",")]


def print_notes(dataset: Dataset) -> None:
    """Print what a reader noted, on standard error."""
    for note in dataset.notes:
        print(f"note: {printable(note)}", file=sys.stderr)
