"""``exactsparse patterns``: activation patterns per neuron support, counted, listed or saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table
from rich.text import Text

from exactsparse.cli.options import Json, TableFile, print_notes, reads_table
from exactsparse.cli.output import ResultConsole, require_suffix, require_writable
from exactsparse.errors import OutputError, ProblemError
from exactsparse.patterns.cells import Cells
from exactsparse.patterns.supports import cells_of_support, generic_count, integer_rows, supports
from exactsparse.problem.dataset import Dataset
from exactsparse.progress_bar import ProgressBar
from exactsparse.report.summary import print_table

MOST_CELLS = 1_000_000


@reads_table
def patterns(
    data: TableFile,
    full: Annotated[
        bool, typer.Option("--full", help="Only the support of all weights and the bias.")
    ] = False,
    list_them: Annotated[
        bool, typer.Option("--list", help="Print every pattern as a string of 0 and 1.")
    ] = False,
    save: Annotated[
        str | None, typer.Option(help="Write masks and witnesses of every support (.npz).")
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> int:
    """Enumerate the activation patterns of one ReLU neuron on DATA, exactly.

    A neuron whose nonzero weights and bias are a given support has one pattern for every
    full-dimensional cell of the arrangement of the points restricted to that support.
    """
    require_suffix(save, ".npz")
    require_writable(data.path, save)
    with ProgressBar(enabled=not quiet) as progress:
        dataset = data.read()
        rows = integer_rows(dataset)
        width = dataset.n_features + 1
        chosen = [tuple(range(width))] if full else list(_bounded_supports(dataset))
        _require_bounded(dataset, [len(support) for support in chosen])
        found = {}
        for done, support in enumerate(chosen):
            progress("enumerating cells", done, len(chosen))
            found[support] = cells_of_support(rows, support)
    if save is not None:
        _save(save, found)
    if not quiet:
        print_notes(dataset)
    if as_json:
        print(json.dumps(_document(dataset, found, list_them)))
    else:
        _print(dataset, found, list_them)
    return 0


def _bounded_supports(dataset: Dataset) -> list[tuple[int, ...]]:
    width = dataset.n_features + 1
    if 2**width > MOST_CELLS:
        raise ProblemError(
            f"{dataset.origin}: {dataset.n_features} features have 2^{width} - 1 supports; "
            "use --full for the patterns of the full support alone"
        )
    return list(supports(width))


def _require_bounded(dataset: Dataset, sizes: list[int]) -> None:
    most = sum(generic_count(dataset.n_points, size) for size in sizes)
    if most > MOST_CELLS:
        raise ProblemError(
            f"{dataset.origin}: up to {most:,} patterns, more than the {MOST_CELLS:,} that this "
            "command enumerates; take fewer points or features, or --full"
        )


def _names(features: Sequence[str], support: tuple[int, ...]) -> list[str]:
    names = (*features, "bias")
    return [names[i] for i in support]


def _document(
    dataset: Dataset, found: dict[tuple[int, ...], Cells], list_them: bool
) -> dict[str, Any]:
    supports_json = []
    for support, cells in found.items():
        entry: dict[str, Any] = {
            "support": _names(dataset.feature_names, support),
            "patterns": len(cells),
        }
        if list_them:
            entry["masks"] = [_mask(mask) for mask in cells.masks]
        supports_json.append(entry)
    return {
        "schema": "exactsparse/patterns/1",
        "n_points": dataset.n_points,
        "n_features": dataset.n_features,
        "supports": supports_json,
        "total": sum(map(len, found.values())),
    }


def _mask(mask: np.ndarray[Any, Any]) -> str:
    return "".join("1" if active else "0" for active in mask)


def _print(dataset: Dataset, found: dict[tuple[int, ...], Cells], list_them: bool) -> None:
    console = ResultConsole()
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("support")
    table.add_column("patterns", justify="right")
    table.add_column("in general position", justify="right")
    for support, cells in found.items():
        generic = generic_count(dataset.n_points, len(support))
        # Brackets in a name are no markup.
        shown = Text(" ".join(_names(dataset.shown_features, support)))
        table.add_row(shown, f"{len(cells)}", f"{generic}")
    print_table(table, console)
    if list_them:
        for support, cells in found.items():
            shown = Text(" ".join(_names(dataset.shown_features, support)))
            console.print("\n", shown, sep="", style="bold", soft_wrap=True)
            for mask in cells.masks:
                print(_mask(mask))


def _save(path: str, found: dict[tuple[int, ...], Cells]) -> None:
    arrays: dict[str, Any] = {}
    for support, cells in found.items():
        key = "_".join(map(str, support))
        arrays[f"masks_{key}"] = cells.masks
        arrays[f"witnesses_{key}"] = cells.witnesses.astype(str)
    try:
        np.savez_compressed(path, **arrays)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the patterns: {error.strerror}") from None
