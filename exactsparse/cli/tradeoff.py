"""``exactsparse tradeoff``: size against tolerance, as a table and a picture."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from exactsparse.cli.options import Json, TableFile, print_notes, reads_table
from exactsparse.cli.output import ResultConsole, require_suffix, require_writable
from exactsparse.progress_bar import ProgressBar
from exactsparse.report.data_summary import data_json
from exactsparse.report.tradeoff_table import print_tradeoff
from exactsparse.tradeoff import tradeoff as find_tradeoff

STOPPED_EARLY = 3


@reads_table
def tradeoff(
    data: TableFile,
    knots: Annotated[
        int | None,
        typer.Option(
            help="One feature: how far the curve goes, 20 by default; it ends where no tolerance "
            "is needed."
        ),
    ] = None,
    parameters: Annotated[
        int | None,
        typer.Option(help="Any number of features: count nonzero parameters, so far."),
    ] = None,
    neurons: Annotated[
        int | None, typer.Option(help="Any number of features: count neurons, so far.")
    ] = None,
    skip: Annotated[
        str | None, typer.Option(help="As `solve` takes it, for parameters or neurons.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds until what is known is printed.")
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option(help="Draw the curve and the laws of its elbow (.png, .svg, .pdf)."),
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes or progress.")] = False,
) -> int:
    """Find the least tolerance for every number of knots, parameters or neurons, exactly.

    Exit code 0 means that all are proved, 3 stopped early with bounds of some.
    """
    require_suffix(plot, ".png", ".svg", ".pdf")
    require_writable(data.path, plot)
    with ProgressBar(enabled=not quiet) as progress:
        progress("reading", 0, 0)
        dataset = data.read()
        found = find_tradeoff(
            dataset,
            knots=knots,
            parameters=parameters,
            neurons=neurons,
            skip=skip,
            time_limit=time_limit,
            on_interrupt="return",
            progress=progress,
        )
        if plot is not None:
            progress("drawing", 0, 0)
            found.plot(plot)
    if as_json:
        print(json.dumps(found.to_json() | {"data": data_json(dataset)}), flush=True)
    else:
        print_tradeoff(found, ResultConsole())
    if not quiet:
        print_notes(dataset)
        if plot is not None:
            print(f"picture: {plot}", file=sys.stderr)
    return 0 if all(point.proved for point in found) else STOPPED_EARLY
