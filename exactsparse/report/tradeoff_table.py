"""Size against tolerance as a table."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console
from rich.table import Table

from exactsparse.exact.numbers import counted
from exactsparse.problem.conflicts import reconciling_tolerance
from exactsparse.problem.written import half_unit
from exactsparse.report.data_summary import fitted
from exactsparse.report.summary import format_short, print_table
from exactsparse.tradeoff import Tradeoff


def print_tradeoff(tradeoff: Tradeoff, console: Console) -> None:
    """Print the least tolerance for every number, and mark the elbow."""
    console.print(fitted(tradeoff.dataset), highlight=False, markup=False, soft_wrap=True)
    console.print()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in (tradeoff.counted, "least tolerance"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for row in tradeoff_rows(tradeoff):
        table.add_row(*row)
    print_table(table, console)
    console.print(f"\n{'   '.join(tradeoff_facts(tradeoff))}", highlight=False)


def tradeoff_rows(tradeoff: Tradeoff) -> list[list[str]]:
    """Number, least tolerance and remarks, for every number."""
    unit, floor = _half_unit(tradeoff), reconciling_tolerance(tradeoff.dataset)
    rows = []
    for point in tradeoff:
        remarks = []
        if point.count == tradeoff.elbow:
            remarks.append("← elbow")
        if not point.proved:
            remarks.append(f"at least {format_short(point.lower_bound)}, not proved to be least")
        elif point.tolerance == 0:
            remarks.append("exact")
        elif unit is not None and point.tolerance <= unit:
            remarks.append("within half a unit in the last digit")
        if point.proved and point.tolerance == floor > 0:
            remarks.append("rows of equal points need as much")
        rows.append([str(point.count), format_short(point.tolerance), "; ".join(remarks)])
    return rows


def tradeoff_facts(tradeoff: Tradeoff) -> list[str]:
    """Whether all is proved, the size and the time."""
    proved = all(point.proved for point in tradeoff)
    return [
        "every tolerance is proved to be the least" if proved else "stopped early",
        counted(tradeoff.dataset.n_points, "point"),
        f"{tradeoff.seconds:.3f} s",
    ]


def _half_unit(tradeoff: Tradeoff) -> Fraction | None:
    try:
        return half_unit(tradeoff.dataset.labels)
    except ValueError:
        return None
