"""``exactsparse solve``: read a table, solve it, print and write the results."""

from __future__ import annotations

import json
import shlex
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from exactsparse.cli.files import Files, Written, older
from exactsparse.cli.options import (
    Json,
    Layers,
    TableFile,
    Workers,
    named_layers,
    one_of,
    print_notes,
    reads_table,
)
from exactsparse.cli.output import ResultConsole, require_suffix, require_writable
from exactsparse.errors import ProblemError, ToleranceHint
from exactsparse.exact.numbers import to_float
from exactsparse.export import WRITERS as WRITERS_OF_CODE
from exactsparse.export import require_format
from exactsparse.models import model_of, rounded_to_float
from exactsparse.problem.problem import SKIPS, names_a_column
from exactsparse.problem.residuals import largest_residual
from exactsparse.progress_bar import ProgressBar
from exactsparse.report.data_summary import data_json
from exactsparse.report.solution_summary import print_solution
from exactsparse.report.summary import headline
from exactsparse.routes.registry import METHODS
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.solution import InfeasibleSolution, Solution, Status
from exactsparse.solve import solve as solve_problem

STOPPED_EARLY = 3
EXIT_CODES = {Status.OPTIMAL: 0, Status.FEASIBLE: STOPPED_EARLY, Status.INFEASIBLE: 4}
_MOST_PRODUCTS = 10_000_000
_ACCURACY = {
    ".json": "exact",
    ".csv": "in float64, and exact",
    ".tex": "exact, or ≈ where a number has more than 14 digits",
}


@reads_table
def solve(
    data: TableFile,
    objective: Annotated[
        str | None,
        typer.Option(
            help="`neurons` (the default for one feature: fewest knots) or `parameters` "
            "(nonzero input weights and biases; the default otherwise).",
            autocompletion=one_of("neurons", "parameters"),
        ),
    ] = None,
    p: Annotated[
        str | None,
        typer.Option(
            "--p",
            help="Minimise a path norm instead: Σ|slope change|^p, 0 to 1, for one feature; "
            "otherwise the sum of powers of weights and biases, 0 < p <= 1, below 1 of few points.",
        ),
    ] = None,
    skip: Annotated[
        str | None,
        typer.Option(
            help="`affine`: an affine part that is not counted (the default for one feature); "
            "`none` (the default otherwise).",
            autocompletion=one_of(*SKIPS),
        ),
    ] = None,
    tolerance: Annotated[
        str | None,
        typer.Option(
            help="How far the law may be from every label: a number, `auto` for half a unit in "
            "the last digit that they are written with, or the name of a column."
        ),
    ] = None,
    knots: Annotated[
        int | None,
        typer.Option(help="One feature: find the least tolerance with which so many suffice."),
    ] = None,
    parameters: Annotated[
        int | None,
        typer.Option(
            help="Find the least tolerance with which a network of so many nonzero parameters "
            "suffices."
        ),
    ] = None,
    neurons: Annotated[
        int | None, typer.Option(help="The same, for a network of so many neurons.")
    ] = None,
    shape: Annotated[
        str | None,
        typer.Option(
            help="One feature: `convex` or `concave` laws only.",
            autocompletion=one_of("convex", "concave"),
        ),
    ] = None,
    simplify: Annotated[
        bool,
        typer.Option(
            "--simplify/--no-simplify", help="Of what is within a tolerance take simple numbers."
        ),
    ] = True,
    method: Annotated[
        str,
        typer.Option(
            help="`auto`, `univariate`, `search`, `tree`, `rays`, `vertices`, `cuts` or `big-m`.",
            autocompletion=one_of(*METHODS),
        ),
    ] = "auto",
    solver: Annotated[
        str | None,
        typer.Option(
            help="Of `big-m`: `highs` (the default), `scip` or `scip-indicator`; what they say is "
            "reported as claimed.",
            autocompletion=one_of("highs", "scip", "scip-indicator"),
        ),
    ] = None,
    big_m: Annotated[
        float | None,
        typer.Option("--big-m", help="Of `big-m`: bound of every weight; 10000."),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds until the best result so far is printed.")
    ] = None,
    workers: Workers = None,
    checkpoint: Annotated[
        str | None,
        typer.Option(help="Of `search` and `tree`: keep finished parts here; run again to go on."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="Of `search` and `tree`: a trained model (.safetensors, .pt, .onnx, .npz, .json) "
            "to begin with, rounded to an exact interpolant, or within the tolerance."
        ),
    ] = None,
    layers: Layers = None,
    certificate: Annotated[
        str | None, typer.Option(help="Write the proof here, for `exactsparse check`.")
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(
            help="Write the function here, as a network: .json (exact), or in float64 as "
            ".safetensors, .pt (a torch state_dict) or .onnx; as code: .py, .c, .sql, .tex, .xlsx "
            "(a live formula); as .csv, its pieces or neurons."
        ),
    ] = None,
    plot: Annotated[
        str | None, typer.Option(help="Draw data and law or network (.png, .svg, .pdf).")
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(help="Write a report of everything here: one .html file that loads nothing."),
    ] = None,
    as_json: Json = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print one line, and no notes or progress.")
    ] = False,
) -> int:
    """Find the sparsest network that interpolates DATA, and prove that none is sparser.

    Exit code 0 means proved optimal, 3 stopped early with a feasible result, 4 proved infeasible.
    """
    require_suffix(plot, ".png", ".svg", ".pdf")
    require_suffix(report, ".html", ".htm")
    if export is not None:
        require_format(export)
    require_writable(data.path, certificate, plot, export, report)
    if layers is not None and start is None:
        raise ProblemError("--layers names layers of the model of --start: give that, too")
    with ProgressBar(enabled=not quiet) as progress:
        progress("reading", 0, 0)
        if tolerance is not None and names_a_column(tolerance):
            data, tolerance = replace(data, options=data.options | {"half_widths": tolerance}), None
        dataset = data.read()
        # A method that takes no start refuses it before it is read.
        begin = start if start is None or layers is None else model_of(start, named_layers(layers))
        # Said with the result instead.
        warnings.simplefilter("ignore", ToleranceHint)
        options: dict[str, Any] = {
            "objective": objective,
            "p": p,
            "skip": skip,
            "tolerance": tolerance,
            "knots": knots,
            "parameters": parameters,
            "neurons": neurons,
            "shape": shape,
            "simplify": simplify,
            "method": method,
            "solver": solver,
            "big_m": big_m,
            "time_limit": time_limit,
            "workers": workers,
            "checkpoint": checkpoint,
        }
        solution = solve_problem(
            dataset, **options, start=begin, on_interrupt="return", progress=progress
        )
        files = Files(
            None if solution.status is Status.FEASIBLE else certificate,
            None if solution.status is Status.INFEASIBLE else export,
            None if solution.status is Status.INFEASIBLE else plot,
            report,
        )
        given = options | {"method": None if method == "auto" else method, "start": start}
        written = files.write(solution, data, given | {"layers": layers}, progress)
    try:
        if as_json:
            result = solution.to_json() | {
                "data": data_json(dataset),
                "certificate": written.certificate,
            }
            if start is not None:
                assumed = model_of(start, named_layers(layers)).assumed
                result["start"] = {"model": start, "assumed": list(assumed)}
            print(json.dumps(result), flush=True)
        elif quiet:
            print(headline(solution))
        else:
            print_solution(solution, ResultConsole())
    except KeyboardInterrupt:
        written.interrupted = True
    if not quiet:
        asked = Files(certificate, export, plot, report)
        _notes(solution, data, asked, written)
    if written.interrupted:
        print("note: interrupted before everything was written", file=sys.stderr)
        return STOPPED_EARLY
    if written.failures:
        first, *others = written.failures
        for other in others:
            first.add_note(str(other))
        raise first
    return EXIT_CODES[solution.status]


def _notes(solution: Solution, data: TableFile, asked: Files, written: Written) -> None:
    print_notes(solution.problem.dataset)
    if isinstance(solution, LawSolution | InfeasibleSolution):
        if solution.status is Status.INFEASIBLE:
            for name in filter(None, (asked.export, asked.plot)):
                print(
                    f"note: there is no function, and {name} is not written{older(name)}",
                    file=sys.stderr,
                )
    elif solution.problem.band is None and (
        merged := solution.problem.dataset.canonical.merged_rows
    ):
        rows = "1 duplicate row" if merged == 1 else f"{merged} duplicate rows"
        print(f"note: merged {rows} with equal point and label", file=sys.stderr)
    if solution.status is Status.FEASIBLE:
        # These may come to an end without a proof.
        early = (
            "" if solution.method in ("cuts", "big-m", "rays", "vertices") else "stopped early; "
        )
        proof = f"{asked.certificate} is not written" if asked.certificate else "no certificate"
        print(
            f"note: {early}nothing is proved optimal, {proof}{older(asked.certificate)}",
            file=sys.stderr,
        )
    if solution.hint is not None:
        print(f"hint: {solution.hint.replace(': tolerance', ': --tolerance')}", file=sys.stderr)
    if written.certificate is not None:
        # Without a table the checker takes the rows of the certificate.
        table = "" if data.path == "-" else data.arguments
        check = f"exactsparse check {shlex.quote(written.certificate)} {table}".strip()
        print(f"proof: {written.certificate} ({check})", file=sys.stderr)
    if written.export is not None:
        path = written.export
        kind = "function" if Path(path).suffix.lower() in WRITERS_OF_CODE else "network"
        print(f"{kind}: {path} ({_accuracy(solution, path)})", file=sys.stderr)
    if written.plot is not None:
        print(f"picture: {written.plot}", file=sys.stderr)
    if written.report is not None:
        print(f"report: {written.report}", file=sys.stderr)


def _accuracy(solution: Solution, export: str) -> str:
    """How far the numbers in an exported file are from the labels, or from the law."""
    suffix = Path(export).suffix.lower()
    if suffix in _ACCURACY:
        return _ACCURACY[suffix]
    if suffix in WRITERS_OF_CODE:
        return "constants rounded to float64; it says how far off a value can be"
    network, dataset = solution.network, solution.problem.dataset
    if len(network.neurons) * dataset.n_points * (dataset.n_features + 1) > _MOST_PRODUCTS:
        return "every parameter rounded to float64"
    residual = largest_residual(rounded_to_float(network), dataset).value
    return f"in float64; the rounded weights miss the labels by {to_float(residual):.2g} at most"
