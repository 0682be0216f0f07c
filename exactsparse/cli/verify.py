"""``exactsparse verify``: a trained network against the data and against the exact optimum."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from exactsparse.cli.options import Json, TableFile, Workers, print_notes, reads_table
from exactsparse.cli.output import ResultConsole
from exactsparse.cli.progress import ProgressBar
from exactsparse.models import model_of
from exactsparse.report.verification_summary import print_verification, verdict
from exactsparse.verify import verify as verify_model

DOES_NOT_INTERPOLATE = 4


@reads_table
def verify(
    model: Annotated[
        str,
        typer.Argument(
            help="Network with one hidden ReLU layer: .safetensors, .pt (a torch state_dict), "
            ".onnx, .npz or .json."
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
    layers: Annotated[
        str | None,
        typer.Option(help="Names of the hidden and the output layer in MODEL, as HIDDEN,OUTPUT."),
    ] = None,
    as_json: Json = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print one line, and no progress.")
    ] = False,
) -> int:
    """Compare MODEL with DATA, and with the sparsest interpolant, in exact arithmetic.

    Exit code 0 means that no residual exceeds the tolerance, 4 that one does.
    """
    with ProgressBar(enabled=not quiet) as progress:
        progress("reading", 0, 0)
        held = model_of(model, layers and [name.strip() for name in layers.split(",")])
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
    if not quiet:
        print_notes(dataset)
    if as_json:
        print(json.dumps(found.to_json()), flush=True)
    elif quiet:
        print(verdict(found))
    else:
        print_verification(found, ResultConsole())
    return 0 if found.within_tolerance else DOES_NOT_INTERPOLATE
