"""Activation patterns: cells of arrangements, neuron types, and the networks of given types."""

from exactsparse.patterns.adjacency import adjacency_graph
from exactsparse.patterns.cells import Cells, enumerate_cells
from exactsparse.patterns.circuits import activation_masks
from exactsparse.patterns.completion import complete
from exactsparse.patterns.integer_table import IntegerTable
from exactsparse.patterns.neuron_types import NeuronType, Support, types_on, useful_supports
from exactsparse.patterns.supports import (
    cells_of_support,
    generic_count,
    integer_rows,
    supports,
)

__all__ = [
    "Cells",
    "IntegerTable",
    "NeuronType",
    "Support",
    "activation_masks",
    "adjacency_graph",
    "cells_of_support",
    "complete",
    "enumerate_cells",
    "generic_count",
    "integer_rows",
    "supports",
    "types_on",
    "useful_supports",
]
