"""Cells, witnesses and adjacency of exact arrangements, degenerate ones included."""

from __future__ import annotations

import random
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse.patterns.adjacency import adjacency_graph
from exactsparse.patterns.cells import enumerate_cells
from exactsparse.patterns.circuits import activation_masks
from exactsparse.patterns.supports import cells_of_support, generic_count, integer_rows, supports
from tests.oracles.arrangements import count_cells

Rows = list[list[int]]


@st.composite
def arrangements(draw: st.DrawFn) -> Rows:
    """Few, small integers: zero, repeated, opposite and coplanar rows are common."""
    width = draw(st.integers(1, 4))
    size = draw(st.sampled_from([1, 2, 30]))
    entry = st.integers(-size, size)
    return draw(st.lists(st.lists(entry, min_size=width, max_size=width), min_size=1, max_size=8))


def as_array(rows: Rows) -> np.ndarray:
    array = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        array[i] = row
    return array


@given(arrangements())
def test_cells_are_all_there_and_witnessed(rows: Rows) -> None:
    cells = enumerate_cells(as_array(rows))
    assert len(cells) == count_cells(rows)
    assert len({signs.tobytes() for signs in cells.signs}) == len(cells)
    for signs, witness in zip(cells.signs.tolist(), cells.witnesses.tolist(), strict=True):
        for row, sign in zip(rows, signs, strict=True):
            product = sum(a * b for a, b in zip(row, witness, strict=True))
            assert sign == (product > 0) - (product < 0)
            assert (sign == 0) == (not any(row))


@settings(max_examples=60)
@given(arrangements(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_cells_do_not_depend_on_order_or_scale(rows: Rows, random: object, factor: int) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    moved = [[factor * entry for entry in rows[i]] for i in order]
    original = enumerate_cells(as_array(rows)).signs[:, order].tolist()
    assert sorted(original) == enumerate_cells(as_array(moved)).signs.tolist()


@given(arrangements())
def test_adjacent_cells_share_a_facet(rows: Rows) -> None:
    """Moving from one witness to the other crosses exactly the hyperplane of the edge."""
    cells = enumerate_cells(as_array(rows))
    graph = adjacency_graph(cells)
    assert nx.is_connected(graph)
    for a, b, crossed in graph.edges(data="rows"):
        differing = np.flatnonzero(cells.signs[a] != cells.signs[b]).tolist()
        assert differing == list(crossed)
        normals = [rows[i] for i in crossed]
        assert all(_parallel(normals[0], other) for other in normals)
    for row in range(len(rows)):
        if any(rows[row]):
            assert any(row in crossed for _, _, crossed in graph.edges(data="rows"))


def _parallel(a: list[int], b: list[int]) -> bool:
    return all(a[i] * b[j] == a[j] * b[i] for i in range(len(a)) for j in range(len(a)))


@pytest.mark.parametrize(("n", "width"), [(1, 1), (1, 3), (7, 2), (12, 3), (9, 4), (8, 5)])
def test_count_in_general_position(n: int, width: int) -> None:
    rows = as_array([[(i + 1) ** k for k in range(width)] for i in range(n)])
    cells = enumerate_cells(rows)
    assert len(cells) == generic_count(n, width)
    # Every facet of a simple arrangement is a cell of one hyperplane in general position.
    edges = n * generic_count(n - 1, width - 1) if width > 1 else 1
    assert adjacency_graph(cells).number_of_edges() == edges


def test_huge_coordinates_are_exact() -> None:
    big = 10**200
    rows = as_array([[big, 1], [big, 2], [big + 1, 2], [2 * big, 2]])
    assert len(enumerate_cells(rows)) == 6


def test_rows_of_data_and_supports() -> None:
    dataset = es.Dataset.from_arrays([["0.5", "1/3"], ["0", "2"]], [1, 2])
    rows = integer_rows(dataset)
    for i in range(2):
        point = [*dataset.row(i)[:-1], Fraction(1)]
        assert all(value * rows[i, 2] == rows[i, k] for k, value in enumerate(point))
        assert rows[i, 2] > 0
    assert list(supports(2)) == [(0,), (1,), (0, 1)]
    assert len(cells_of_support(rows, (2,))) == 2
    # The first coordinate of the second point is zero: it cuts nothing on that support.
    assert sorted(cells_of_support(rows, (0,)).signs.tolist()) == [[-1, 0], [1, 0]]


@pytest.mark.parametrize("seed", range(120))
def test_masks_from_circuits_are_those_of_the_cells(seed: int) -> None:
    draw = random.Random(seed)
    n, t, most = draw.randint(0, 8), draw.randint(1, 5), draw.choice([1, 2, 30])
    rows = np.array([[draw.randint(-most, most) for _ in range(t)] for _ in range(n)], dtype=object)
    rows = rows.reshape(n, t)
    masks = {sum(1 << i for i in np.flatnonzero(m)) for m in enumerate_cells(rows).masks}
    assert activation_masks(rows) == sorted(masks)
