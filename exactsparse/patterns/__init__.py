"""Activation patterns: cells of arrangements, neuron types, and the networks of given types."""

from exactsparse.patterns.adjacency import adjacency_graph
from exactsparse.patterns.cells import Cells, enumerate_cells
from exactsparse.patterns.chords import along_a_direction
from exactsparse.patterns.circuits import activation_masks
from exactsparse.patterns.completion import complete
from exactsparse.patterns.integer_table import IntegerTable
from exactsparse.patterns.merging import Merged, merge
from exactsparse.patterns.neuron_types import (
    NeuronType,
    Support,
    generic_lower_bound,
    types_on,
    useful_supports,
)
from exactsparse.patterns.rounding import Rounded, round_to_exact
from exactsparse.patterns.supports import (
    cells_of_support,
    generic_count,
    integer_rows,
    supports,
)
from exactsparse.patterns.type_cones import TypeCones, all_types, require_few_types

__all__ = [
    "Cells",
    "IntegerTable",
    "Merged",
    "NeuronType",
    "Rounded",
    "Support",
    "TypeCones",
    "activation_masks",
    "adjacency_graph",
    "all_types",
    "along_a_direction",
    "cells_of_support",
    "complete",
    "enumerate_cells",
    "generic_count",
    "generic_lower_bound",
    "integer_rows",
    "merge",
    "require_few_types",
    "round_to_exact",
    "supports",
    "types_on",
    "useful_supports",
]
