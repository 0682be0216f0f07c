"""A short text summary of a verified model."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from exactsparse.exact.numbers import counted, format_rational
from exactsparse.models.layers import RELU, in_words
from exactsparse.problem.band import Tolerance
from exactsparse.problem.network import Network
from exactsparse.report.summary import format_short, format_value
from exactsparse.solution import Solution, Status
from exactsparse.verification import Verification

_MOST_SHOWN = 12


def verdict(found: Verification) -> str:
    """Whether the model interpolates, in a few words, and whether it was taken as ReLU."""
    return _verdict(found) + (", taken as ReLU" if RELU in found.assumed else "")


def _verdict(found: Verification) -> str:
    if found.interpolates:
        return "interpolates exactly"
    residual = found.residual
    row = found.dataset.origin.row_number(residual.row)
    where = f"largest residual {format_rational(residual.value)}, row {row}"
    if not found.tolerance:
        return f"does not interpolate ({where})"
    held = "within" if found.within_tolerance else "not within"
    return f"{held} the tolerance {format_rational(found.tolerance)} ({where})"


def print_verification(found: Verification, console: Console) -> None:
    """Print residual, counts, norms, the rounded network, the optimum and the excess."""
    style = "bold green" if found.within_tolerance else "bold red"
    console.print(Text(verdict(found), style), soft_wrap=True)
    console.print()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("model", _counts(found.network))
    if found.assumed:
        table.add_row("assumed", "; ".join(map(in_words, found.assumed)))
    dead, mergeable = counted(found.dead_neurons, "dead neuron"), found.mergeable_neurons
    table.add_row("on the data", f"{dead}, {mergeable} mergeable")
    for what, units in _units(found):
        table.add_row(what, units)
    pruned = found.pruned.with_skip(found.network.skip is not None)
    table.add_row("pruned", f"{_counts(pruned)}, the same function")
    for norm in dict.fromkeys(found.path_norms):
        table.add_row(f"path norm, p = {format_rational(norm.p)}", format_value(norm.value))
    rounded = found.rounding.network
    within = found.optimum is not None and found.optimum.problem.band is not None
    if not within:
        reason = f"no exact interpolant: {found.rounding.reason}"
        table.add_row("rounded", _counts(rounded) if rounded else reason)
    elif rounded:
        table.add_row("rounded", f"{_counts(rounded)} within {format_short(found.tolerance)}")
    table.add_row("optimum", _optimum(found, found.optimum))
    if found.at_residual is not None:
        table.add_row("as near as the model", _optimum(found, found.at_residual))
    if found.excess is not None:
        table.add_row("too many", _excess(found))
    console.print(table, highlight=False)


def _units(found: Verification) -> Iterator[tuple[str, str]]:
    """Which hidden units are dead, mergeable or affine on the data."""
    if found.dead:
        yield "  dead", _listed([str(k) for k in found.dead], ", ")
    if found.mergeable:
        yield "  one neuron", _listed([_listed([*map(str, g)], "+") for g in found.mergeable], ", ")
    if found.affine:
        yield "  affine", _listed([str(k) for k in found.affine], ", ")


def _listed(parts: list[str], between: str) -> str:
    shown = between.join(parts[:_MOST_SHOWN])
    return shown if len(parts) <= _MOST_SHOWN else f"{shown}{between}… ({len(parts)})"


def _counts(network: Network) -> str:
    parameters = counted(network.n_parameters, "nonzero parameter")
    affine = " and an affine part" if network.skip is not None else ""
    return f"{parameters} in {counted(network.n_neurons, 'neuron')}{affine}"


def _optimum(found: Verification, optimum: Solution | None) -> str:
    what = found.objective[:-1]
    if optimum is None:
        return "interrupted before there was a bound"
    band = optimum.problem.band
    within = f" within {format_short(band.half_width)}" if isinstance(band, Tolerance) else ""
    if optimum.status is Status.INFEASIBLE:
        return f"no function is{within} of all labels, proved"
    if optimum.status is Status.OPTIMAL:
        return f"{counted(found.count(optimum.network), what)}{within}, proved"
    return (
        f"between {format_value(optimum.bound)} (proved) and {format_value(optimum.cost)} "
        f"(found) {what}s{within}, in the time"
    )


def _excess(found: Verification) -> str:
    assert found.excess is not None
    assert found.optimum is not None
    whole = found.count(found.network) - found.count(found.optimum.network)
    least = "" if found.optimum.status is Status.OPTIMAL else "at least "
    others = "the rounded one" if found.optimum.problem.band is None else "what is left merged"
    return f"{least}{counted(whole, found.objective[:-1])} in the model, {found.excess} in {others}"
