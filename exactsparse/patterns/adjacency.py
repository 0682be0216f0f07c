"""Which cells of a central arrangement share a facet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exactsparse.patterns.cells import Cells

if TYPE_CHECKING:
    import networkx as nx


def adjacency_graph(cells: Cells) -> nx.Graph:
    """Graph of the cells; an edge joins two cells that differ by one hyperplane.

    Parameters
    ----------
    cells : Cells
        All cells of an arrangement.

    Returns
    -------
    networkx.Graph
        Nodes are positions in ``cells``; the edge attribute ``rows`` lists the rows, all on one
        hyperplane, whose signs differ.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(cells)))
    position = {signs.tobytes(): k for k, signs in enumerate(cells.signs)}
    for rows in _hyperplanes(cells):
        flipped = cells.signs.copy()
        flipped[:, rows] *= -1
        for k, signs in enumerate(flipped):
            other = position.get(signs.tobytes(), k)
            if k < other:
                graph.add_edge(k, other, rows=tuple(rows))
    return graph


def _hyperplanes(cells: Cells) -> list[list[int]]:
    """Rows grouped by hyperplane: on all cells their signs agree, or on all they are opposite."""
    groups: dict[bytes, list[int]] = {}
    for row in range(cells.signs.shape[1]):
        signs = cells.signs[:, row]
        if len(signs) and signs[0]:
            groups.setdefault(np.multiply(signs, signs[0]).tobytes(), []).append(row)
    return list(groups.values())
