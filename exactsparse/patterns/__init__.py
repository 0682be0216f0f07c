"""Activation patterns: cells of central arrangements, per support, and which cells are adjacent."""

from exactsparse.patterns.adjacency import adjacency_graph
from exactsparse.patterns.cells import Cells, enumerate_cells
from exactsparse.patterns.circuits import activation_masks
from exactsparse.patterns.supports import (
    cells_of_support,
    generic_count,
    integer_rows,
    supports,
)

__all__ = [
    "Cells",
    "activation_masks",
    "adjacency_graph",
    "cells_of_support",
    "enumerate_cells",
    "generic_count",
    "integer_rows",
    "supports",
]
