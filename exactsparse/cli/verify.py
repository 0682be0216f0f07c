"""``exactsparse verify``: a trained network against the data and against the exact optimum."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from exactsparse.cli.options import (
    Json,
    Layers,
    TableFile,
    Workers,
    named_layers,
    print_notes,
    reads_table,
)
from exactsparse.cli.output import ResultConsole, require_writable
from exactsparse.errors import ProblemError
from exactsparse.models import export, model_of, require_format, rounded_to_float
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network
from exactsparse.problem.problem import require_choice
from exactsparse.problem.residuals import largest_residual
from exactsparse.progress_bar import ProgressBar
from exactsparse.report.summary import format_value
from exactsparse.report.verification_summary import print_verification, verdict
from exactsparse.verify import verify as verify_model

DOES_NOT_INTERPOLATE = 4


@reads_table
def verify(
    model: Annotated[
        str,
        typer.Argument(
            help="Network with one hidden ReLU layer: .safetensors, .pt, .pth or .ckpt (a torch "
            "state_dict), .onnx, .npz or .json."
        ),
    ],
    data: TableFile,
    tolerance: Annotated[
        str,
        typer.Option(help="Largest residual that is allowed, or `auto`; by default none."),
    ] = "0",
    objective: Annotated[
        str | None,
        typer.Option(help="`neurons` or `parameters`: what the optimum counts, as in `solve`."),
    ] = None,
    p: Annotated[
        list[str] | None,
        typer.Option("--p", help="Also compute the path norm of this exponent; may be repeated."),
    ] = None,
    skip: Annotated[
        str | None,
        typer.Option(
            help="`affine`: an affine part that is not counted (the default for one feature and "
            "for models with a linear part); `none`."
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds to round the model and to look for the optimum.")
    ] = 10.0,
    workers: Workers = None,
    layers: Layers = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Write the model here without the neurons that it does not need: .json (exact), "
            "or in float64 as .safetensors, .pt or .onnx."
        ),
    ] = None,
    prune: Annotated[
        str | None,
        typer.Option(
            help="What --out keeps: `everywhere`, the same function (the default), or `rows`, "
            "which merges more and equals the model on the rows of DATA."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print one line, and no progress.")
    ] = False,
) -> int:
    """Compare MODEL with DATA, and with the sparsest interpolant, in exact arithmetic.

    Exit code 0 means that no residual exceeds the tolerance, 4 that one does.
    """
    if prune is not None and out is None:
        raise ProblemError("--prune says what --out writes: name a file with --out, or drop it")
    if prune is not None:
        require_choice("--prune", prune, ("everywhere", "rows"))
    if out is not None:
        require_format(out)
        require_writable(data.path, out)
        require_writable(model, out)
    with ProgressBar(enabled=not quiet) as progress:
        progress("reading", 0, 0)
        held = model_of(model, named_layers(layers))
        dataset = data.read()
        found = verify_model(
            held,
            dataset,
            objective=objective,
            skip=skip,
            p=p or (),
            tolerance=tolerance,
            time_limit=time_limit,
            workers=workers,
            on_interrupt="return",
            progress=progress,
        )
        left = found.merged if prune == "rows" else found.pruned
        if out is not None:
            export(left, out)
    if not quiet:
        print_notes(dataset)
    if as_json:
        print(json.dumps(found.to_json()), flush=True)
    elif quiet:
        print(verdict(found))
    else:
        print_verification(found, ResultConsole())
    if not quiet and found.is_far:
        print(
            "hint: a constant comes as near to the labels; a model of scaled features or labels is "
            "to be verified with these, or with the scaling written into its weights",
            file=sys.stderr,
        )
    if out is not None and not quiet:
        print(f"network: {out} ({_accuracy(left, out, dataset)})", file=sys.stderr)
    return 0 if found.within_tolerance else DOES_NOT_INTERPOLATE


def _accuracy(network: Network, out: str, dataset: Dataset) -> str:
    """What was lost when a network was written."""
    if out.lower().endswith(".json") or (held := rounded_to_float(network)) == network:
        return "exact"
    residual = format_value(largest_residual(held, dataset).value)
    return f"in float64; the rounded weights miss the labels by {residual} at most"
