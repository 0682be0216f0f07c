"""The option ``--report``: the report of a run, with the command line that made it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from exactsparse.cli.options import TableFile
from exactsparse.solution import Solution


def write_report(
    solution: Solution,
    path: str,
    data: TableFile,
    options: Mapping[str, object],
    certificate: str | None,
) -> None:
    """Write the report of a run.

    Parameters
    ----------
    solution : Solution
        What was found.
    path : str
        Where to write it.
    data : TableFile
        The table, as the command was given it.
    options : mapping of str to object
        Other options of the command; None for those that were not given.
    certificate : str or None
        File that the proof was written into.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    # A template engine, which other runs do not need.
    from exactsparse.report.html.details import RunDetails
    from exactsparse.report.html.page import html_report, write

    piped = data.path == "-"
    words = ["exactsparse solve", f"- {data.arguments}".strip() if piped else data.arguments]
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if value is False:
            words.append(option.replace("--", "--no-", 1))
        elif value is not None and value is not True:
            words += [option, shlex.quote(str(value))]
    details = RunDetails(" ".join(words), "" if piped else data.arguments, certificate)
    write(html_report(solution, details), path)
