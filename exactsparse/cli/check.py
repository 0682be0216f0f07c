"""``exactsparse check``: hand a certificate to the independent checker."""

from __future__ import annotations

from typing import Annotated

import typer

from exactsparse_check.__main__ import main as run_checker


def check(
    certificate: Annotated[str, typer.Argument(help="Certificate written by `solve`.")],
    data: Annotated[
        str | None, typer.Argument(help="CSV or TSV that the certificate is about.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="Time to replay a search; a random sample if it takes longer.")
    ] = 60,
    full: Annotated[bool, typer.Option("--full", help="Take all the time that is needed.")] = False,
    seed: Annotated[int | None, typer.Option(help="Draw the sample from a seed.")] = None,
) -> int:
    """Check a proof with a program that shares no code with the solver.

    Exit code 0 means accepted, 3 accepted in part (a sample, or undecided), 4 rejected.
    """
    arguments = [certificate, f"--seconds={seconds}"]
    if data is not None:
        arguments.insert(1, data)
    if full:
        arguments.append("--full")
    if seed is not None:
        arguments.append(f"--seed={seed}")
    return run_checker(arguments)
