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
) -> int:
    """Check a proof with a program that shares no code with the solver.

    Exit code 0 means accepted, 4 rejected.
    """
    return run_checker([certificate] if data is None else [certificate, data])
