"""Arguments and options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Data = Annotated[
    str, typer.Argument(help="CSV, TSV, .npy, .npz or .parquet; `-` reads standard input.")
]
Label = Annotated[
    str | None, typer.Option("--y", help="Column to interpolate; the last by default.")
]
Workers = Annotated[int | None, typer.Option(help="Threads; as many as processors by default.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
