"""What a reader of a report should know of the data: what was read, left out and merged."""

from __future__ import annotations

from collections.abc import Iterator

from exactsparse.exact.numbers import counted, format_rational
from exactsparse.printable import printable
from exactsparse.problem.band import Intervals, Tolerance
from exactsparse.problem.conflicts import reconciling_tolerance
from exactsparse.report.data_summary import fitted
from exactsparse.report.html.numbers import exact_text
from exactsparse.solution import Solution


def data_notes(solution: Solution) -> list[str]:
    """Sentences on the data, most important first."""
    return list(_notes(solution))


def _notes(solution: Solution) -> Iterator[str]:
    dataset, band = solution.problem.dataset, solution.problem.band
    source = dataset.origin.name
    place = printable(source) if source else "memory"
    yield f"Fitted: {fitted(dataset)}, from {place}."
    if isinstance(band, Tolerance):
        unit = (
            ": half a unit in the last digit that they are written with" if band.automatic else ""
        )
        yield f"A value may be {exact_text(band.half_width)} from its label{unit}."
    elif isinstance(band, Intervals):
        lower = sum(v is None for v in band.lower)
        upper = sum(v is None for v in band.upper)
        open_ended = [
            f"{counted(n, 'row')} without {what} bound"
            for n, what in ((lower, "a lower"), (upper, "an upper"))
            if n
        ]
        yield "Every row has its own interval" + "".join(f"; {text}" for text in open_ended) + "."
    elif not solution.problem.objective.is_tolerance:
        yield "Labels are to be met exactly, to the last digit that is written."
    yield from _duplicates(solution)
    for note in dataset.notes:
        yield f"Reading the table: {printable(note)}."
    if solution.hint is not None:
        yield f"Hint: {solution.hint}."


def _duplicates(solution: Solution) -> Iterator[str]:
    dataset = solution.problem.dataset
    _, same = dataset.sorted_points()
    n = int(same.sum())
    if n == 0:
        yield "No two rows have the same point."
        return
    rows = counted(n, "row")
    if dataset.intervals is not None:
        yield f"{rows} repeat the point of another; their intervals are intersected."
        return
    apart = reconciling_tolerance(dataset)
    if apart:
        yield (
            f"{rows} repeat the point of another, with labels up to "
            f"{format_rational(2 * apart)} apart."
        )
    else:
        yield f"{rows} repeat another with equal point and label, and count once."
