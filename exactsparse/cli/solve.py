"""``exactsparse solve``: read a table, solve it, print and write the results."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exactsparse.cli.progress import ProgressBar
from exactsparse.errors import OutputError
from exactsparse.readers import read
from exactsparse.report.summary import headline, summary
from exactsparse.solution import Status
from exactsparse.solve import solve as solve_problem

STOPPED_EARLY = 3


def solve(
    data: Annotated[
        str, typer.Argument(help="CSV, TSV, .npy, .npz or .parquet; `-` reads standard input.")
    ],
    y: Annotated[
        str | None, typer.Option("--y", help="Column to interpolate; the last by default.")
    ] = None,
    objective: Annotated[
        str | None, typer.Option(help="`neurons`: fewest knots (the default).")
    ] = None,
    p: Annotated[
        str | None,
        typer.Option("--p", help="Minimise the path norm Σ|slope change|^p instead, 0 to 1."),
    ] = None,
    skip: Annotated[
        str | None, typer.Option(help="`affine`: a free line that is not counted (the default).")
    ] = None,
    method: Annotated[str, typer.Option(help="`auto` or `univariate`.")] = "auto",
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds until the best result so far is printed.")
    ] = None,
    certificate: Annotated[
        str | None, typer.Option(help="Write the proof here, for `exactsparse check`.")
    ] = None,
    plot: Annotated[
        str | None, typer.Option(help="Draw data, law and knots (.png, .svg or .pdf).")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the solution as one JSON object.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print one line, and no notes or progress.")
    ] = False,
) -> int:
    """Find the sparsest network that interpolates DATA, and prove that none is sparser.

    Exit code 0 means proved optimal, 3 stopped early with a feasible result.
    """
    for path in (certificate, plot):
        _require_writable(path)
    with ProgressBar(enabled=not quiet) as progress:
        progress("reading", 0, 0)
        dataset = read(data, y=y)
        solution = solve_problem(
            dataset,
            objective=objective,
            p=p,
            skip=skip,
            method=method,
            time_limit=time_limit,
            progress=progress,
        )
        merged = solution.law.points.dataset.merged_rows
        optimal = solution.status is Status.OPTIMAL
        if certificate and optimal:
            progress("writing the certificate", 0, 0)
            solution.certificate.save(certificate)
        if plot:
            from exactsparse.report.plot import plot_solution

            progress("drawing", 0, 0)
            plot_solution(solution, plot)
    if as_json:
        document = solution.to_json()
        document["certificate"] = certificate if optimal else None
        print(json.dumps(document))
    elif quiet:
        print(headline(solution))
    else:
        summary(solution, Console())
    if not quiet:
        _notes(merged, certificate, plot, optimal)
    return 0 if optimal else STOPPED_EARLY


def _notes(merged: int, certificate: str | None, plot: str | None, optimal: bool) -> None:
    if merged:
        rows = "1 duplicate row" if merged == 1 else f"{merged} duplicate rows"
        print(f"note: merged {rows} with equal point and label", file=sys.stderr)
    if certificate and optimal:
        print(f"proof: {certificate} (exactsparse check {certificate})", file=sys.stderr)
    elif certificate:
        print("note: no certificate written, because nothing is proved optimal", file=sys.stderr)
    if plot:
        print(f"picture: {plot}", file=sys.stderr)


def _require_writable(path: str | None) -> None:
    """Refuse an output path before the work, so that a refusal leaves nothing behind."""
    if path is None:
        return
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{path} is a directory: name a file to write")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: the folder {target.parent} does not exist")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError(f"{path} is not writable")
