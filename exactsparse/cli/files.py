"""Files that ``exactsparse solve`` writes beside its result: one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from exactsparse.cli.options import TableFile
from exactsparse.cli.report import write_report
from exactsparse.errors import ExactSparseError
from exactsparse.export import export as export_function
from exactsparse.progress_bar import ProgressBar
from exactsparse.solution import Solution


@dataclass
class Written:
    """Files that were written; whatever stopped others waits until the result is printed."""

    certificate: str | None = None
    export: str | None = None
    plot: str | None = None
    report: str | None = None
    failures: list[ExactSparseError] = field(default_factory=list)
    interrupted: bool = False


@dataclass(frozen=True)
class Files:
    """Files that a run was asked for; None for none.

    Parameters
    ----------
    certificate, export, plot, report : str or None
        Their names.
    """

    certificate: str | None
    export: str | None
    plot: str | None
    report: str | None

    def write(
        self,
        solution: Solution,
        data: TableFile,
        options: dict[str, object],
        progress: ProgressBar,
    ) -> Written:
        """Write each of them, whether or not others can be written.

        Parameters
        ----------
        solution : Solution
            What was found.
        data : TableFile
            The table, as the command was given it.
        options : dict of str to object
            Other options of the command, for the report.
        progress : ProgressBar
            Hears of every file.
        """
        written = Written()
        writers: dict[str, tuple[str, Callable[[str], object]]] = {
            "certificate": (
                "writing the certificate", lambda path: solution.certificate.save(path)
            ),
            "export": ("exporting", lambda path: export_function(solution, path)),
            "plot": ("drawing", lambda path: solution.plot(path)),
            "report": (
                "writing the report",
                lambda path: write_report(solution, path, data, options, written.certificate),
            ),
        }  # fmt: skip
        for name, (task, write) in writers.items():
            path = getattr(self, name)
            if path is None:
                continue
            try:
                progress(task, 0, 0)
                write(path)
                setattr(written, name, path)
            except ExactSparseError as error:
                written.failures.append(error)
            except KeyboardInterrupt:
                written.interrupted = True
                break
        return written


def older(path: str | None) -> str:
    """What is said of a file that is there already and was not written."""
    return "; what is there is older" if path is not None and Path(path).exists() else ""
