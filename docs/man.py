"""Write the man page from the help of the commands: ``python docs/man.py``, or ``make man``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from typer.main import get_command

from exactsparse.cli.main import app

PAGE = Path(__file__).with_name("exactsparse.1")
_CODES = (
    ("0", "proved optimal; a certificate accepted; a model that interpolates"),
    ("1", "an internal error: please report it"),
    ("2", "bad usage or bad input"),
    ("3", "stopped early with a `feasible` result, or a certificate replayed in part"),
    ("4", "a proved negative: no function meets the data, a certificate rejected"),
    ("130", "interrupted before there was a result"),
)


def manual() -> str:
    """The page, as roff."""
    program: Any = get_command(app)
    lines = ['.TH EXACTSPARSE 1 "" exactsparse "User Commands"', ".SH NAME"]
    lines += [r"exactsparse \- sparsest ReLU networks through data, with exact proofs"]
    lines += [".SH SYNOPSIS", ".B exactsparse", r"\fICOMMAND\fR [\fIARGUMENTS\fR] [\fIOPTIONS\fR]"]
    lines += [".SH DESCRIPTION", _roff(program.help)]
    lines += [".SH OPTIONS", *_options(program)]
    for name, command in program.commands.items():
        arguments = (p for p in command.params if p.param_type_name == "argument")
        names = (p.name.upper() for p in arguments)
        lines += [f".SH COMMAND {name.upper()}"]
        lines += [rf"\fBexactsparse {name}\fR \fI{' '.join(names)}\fR [\fIOPTIONS\fR]", ".PP"]
        lines += [line for part in command.help.split("\n\n") for line in (_roff(part), ".PP")]
        lines += _options(command)
        lines += _examples(command.epilog)
    lines += [".SH EXIT STATUS"]
    lines += [line for code, what in _CODES for line in (".TP", f".B {code}", _roff(what))]
    lines += [".SH EXAMPLES", *_examples(program.epilog)[1:]]
    lines += [".SH SEE ALSO", "https://github.com/exactsparse/exactsparse, folder docs"]
    return "\n".join(lines) + "\n"


def _options(command: Any) -> list[str]:
    lines = []
    for parameter in command.params:
        lines.append(".TP")
        if parameter.param_type_name == "argument":
            lines.append(rf"\fI{parameter.name.upper()}\fR")
        else:
            names = ", ".join(map(_roff, (*parameter.opts, *parameter.secondary_opts)))
            takes = "" if parameter.is_flag else r" \fIVALUE\fR"
            lines.append(rf"\fB{names}\fR{takes}")
        lines.append(_roff(parameter.help or ""))
    return lines


def _examples(epilog: str) -> list[str]:
    _, *examples = epilog.split("\n\n")
    return [".PP", "Examples:", ".nf", *(f"    {_roff(example)}" for example in examples), ".fi"]


def _roff(text: str) -> str:
    """Text of the help, with what roff would take for its own written out."""
    line = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    line = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", line)
    return r"\&" + line if line.startswith((".", "'")) else line


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="utf-8")
