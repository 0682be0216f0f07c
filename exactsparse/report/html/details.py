"""What a report says about the run that it is of, beside the solution."""

from __future__ import annotations

import platform
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from exactsparse.exact.numbers import rational_text
from exactsparse.problem.band import Tolerance
from exactsparse.problem.problem import Problem
from exactsparse.solution import Solution


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


@dataclass(frozen=True)
class RunDetails:
    """Words of the command line, which files were written, and when.

    Parameters
    ----------
    command : str or None
        The command that made the report; None in Python.
    table : str or None
        Words of a command line that read the same table, empty if none do; None for the name of
        its file.
    certificate : str or None
        File that the proof was written into.
    written : str
        Date and time.
    """

    command: str | None = None
    table: str | None = None
    certificate: str | None = None
    written: str = field(default_factory=_now)

    def check_command(self, solution: Solution, name: str) -> str:
        """The command line that checks a certificate against the table."""
        return f"exactsparse check {shlex.quote(name)} {self.table_of(solution)}".strip()

    def table_of(self, solution: Solution) -> str:
        """Words that read the table; empty where it came from memory or standard input."""
        source = solution.problem.dataset.origin.name
        if self.table is not None:
            return self.table
        return "" if source is None else shlex.quote(source)

    def facts(self, solution: Solution) -> list[tuple[str, str]]:
        """Version, method, time, options: what and a value each."""
        facts = [
            ("exactsparse", version("exactsparse")),
            ("Python", platform.python_version()),
            ("method", solution.method),
            ("time of the method", f"{solution.seconds:.3f} s"),
            ("written", self.written),
        ]
        facts += [(f"option {name}", value) for name, value in options_of(solution.problem)]
        return facts


def options_of(problem: Problem) -> list[tuple[str, str]]:
    """What was asked for, defaults included."""
    found = [("objective", str(problem.objective)), ("skip", problem.skip)]
    if problem.p is not None:
        found.append(("p", rational_text(problem.p)))
    if problem.limit is not None:
        found.append((problem.limit.counted, str(problem.limit.most)))
    if isinstance(problem.band, Tolerance):
        automatic = " (auto)" if problem.band.automatic else ""
        found.append(("tolerance", rational_text(problem.band.half_width) + automatic))
    elif problem.band is not None:
        found.append(("tolerance", str(problem.band)))
    if problem.shape is not None:
        found.append(("shape", problem.shape))
    if problem.band is not None:
        found.append(("simplify", "yes" if problem.simplify else "no"))
    return found
