"""Sets of types that reduce to a representative, in the cases where reductions are subtle."""

from fractions import Fraction

from exactsparse.patterns.neuron_types import NeuronType, useful_supports
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.integer_table import IntegerTable
from exactsparse.problem.objective import PARAMETERS
from exactsparse.routes.rank_search.represented_types import RepresentedTypes
from exactsparse.routes.rank_search.type_spans import TypeSpans


def _type(table: IntegerTable, weights: tuple[Fraction, ...]) -> NeuronType:
    values = table.points.dot(weights)
    support = tuple(c for c, w in enumerate(weights) if w)
    return NeuronType(support, sum(1 << i for i, value in enumerate(values) if value > 0))


def _sets(
    table: IntegerTable, everything: IntegerTable, skip: bool, support: tuple[int, ...], mask: int
) -> set[frozenset[NeuronType]]:
    """Sets of cost 4 that reduce to one representative."""
    space = TypeSpans.build(table, useful_supports(everything, PARAMETERS, 4), skip)
    wanted = NeuronType(support, mask)
    index = next(
        k
        for k, t in enumerate(space.types)
        if t.support == support and t.mask in {mask, space.visible_mask(wanted)}
    )
    originals = RepresentedTypes(space, PARAMETERS)
    return {frozenset(types) for types in originals.of_set((index,), 4)}


def test_neurons_merge_through_inputs_that_depend_on_each_other() -> None:
    # x0 + x1 + x2 = 1: the union of the supports has rank 3, and any three of its inputs do.
    X = [[1, 1, -1], [2, 1, -2], [1, 2, -2], [3, 1, -3], [-1, -1, 3], [-2, -1, 4]]
    table = IntegerTable.of(Dataset.from_arrays(X, [1 + i * i for i in range(6)]))
    one = _type(table, (Fraction(1), Fraction(1), Fraction(0), Fraction(0)))
    other = _type(table, (Fraction(0), Fraction(0), Fraction(-1), Fraction(1, 2)))
    assert one.mask == other.mask
    for support in ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)):
        assert {one, other} in _sets(table, table, False, support, one.mask)


def test_neurons_merge_under_a_skip_where_rows_vanish_for_one_of_them() -> None:
    X = [
        [1, 0, 1],
        [2, 0, 1],
        [1, 0, 3],
        [1, -1, 2],
        [2, -1, 3],
        [3, -2, 1],
        [0, 0, -1],
        [0, 0, -2],
    ]
    everything = IntegerTable.of(Dataset.from_arrays(X, [1 + i * i for i in range(8)]))
    below = [i for i, row in enumerate(everything.points) if row[1] < 0]
    level = [i for i, row in enumerate(everything.points) if row[1] == 0]
    table = everything.take(below + level)
    one = _type(table, (Fraction(1), Fraction(10), Fraction(0), Fraction(0)))
    other = _type(table, (Fraction(0), Fraction(10), Fraction(1), Fraction(0)))
    assert one.mask == other.mask
    assert {one, other} in _sets(table, everything, True, (0, 1, 2), one.mask)
