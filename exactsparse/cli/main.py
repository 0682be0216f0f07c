"""Entry point: the commands, and how errors become exit codes."""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Callable
from typing import Annotated, ParamSpec

import typer

from exactsparse.cli.check import check
from exactsparse.cli.examples import epilog
from exactsparse.cli.patterns import patterns
from exactsparse.cli.reproduce import reproduce
from exactsparse.cli.solve import solve
from exactsparse.cli.tradeoff import tradeoff
from exactsparse.cli.train import train
from exactsparse.cli.verify import verify
from exactsparse.errors import ExactSparseError
from exactsparse.printable import printable

BAD_INPUT, INTERRUPTED, PIPE_CLOSED = 2, 130, 141

Parameters = ParamSpec("Parameters")

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Find the sparsest ReLU network that interpolates your data, with an exact proof.",
    epilog=epilog(""),
)


def _command(function: Callable[Parameters, int]) -> None:
    """Register a command whose return value is its exit code."""

    @functools.wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            code = function(*args, **kwargs)
            sys.stdout.flush()
        except ExactSparseError as error:
            print(f"exactsparse: {printable(str(error))}", file=sys.stderr)
            for note in getattr(error, "__notes__", ()):
                print(f"note: {printable(note)}", file=sys.stderr)
            code = BAD_INPUT
        except BrokenPipeError:
            # The reader has seen enough; a second error at exit would say otherwise.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = PIPE_CLOSED
        except OSError as error:
            print(f"exactsparse: cannot print the result: {error.strerror}", file=sys.stderr)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = BAD_INPUT
        except KeyboardInterrupt:
            print("exactsparse: interrupted before there was a result", file=sys.stderr)
            code = INTERRUPTED
        raise typer.Exit(code)

    app.command(epilog=epilog(function.__name__))(run)


_command(solve)
_command(check)
_command(verify)
_command(tradeoff)
_command(patterns)
_command(train)
_command(reproduce)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed_version

        print(installed_version("exactsparse"))
        raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; leaves by SystemExit.

    Exit codes: 0 done; 2 bad usage or bad input; 3 stopped early with a ``feasible`` result; 4 a
    proved negative; 130 interrupted before there was a result; 141 the reader of the output went
    away.  Anything else that is raised is a bug, shown with its traceback (exit code 1).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(arguments, prog_name="exactsparse")
