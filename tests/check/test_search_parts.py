"""The parts of a replay, against slower ones."""

import itertools
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse_check import level
from exactsparse_check.arrangement import chambers
from exactsparse_check.cones import Cones
from exactsparse_check.inequalities import is_feasible, relations
from exactsparse_check.leaves import Replay, Shard
from exactsparse_check.level import Level
from exactsparse_check.minors import combine, longest_sum, minors, pack, splits, unpack
from exactsparse_check.neuron_types import Supports, Table, types_on
from exactsparse_check.schema import Rejected
from exactsparse_check.tiling import check_tiling
from exactsparse_check.zeros import Zeros
from tests.oracles import search_certificates as oracle
from tests.oracles.multivariate import _cells, feasible, sparsest

Problem = tuple[list[tuple[int, ...]], str, bool]


@st.composite
def problems(draw: st.DrawFn, least: int, most: int) -> Problem:
    """Points (*x, y) with many coincidences, what is counted, and whether there is a skip."""
    d, size = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    places = st.tuples(*[st.integers(-size, size)] * d)
    most = min(most, (2 * size + 1) ** d)
    points = sorted(draw(st.sets(places, min_size=min(least, most), max_size=most)))
    labels = st.one_of(st.integers(-2, 2), st.integers(-99, 99))
    rows = [(*x, draw(labels)) for x in points]
    return rows, draw(st.sampled_from(["parameters", "neurons"])), draw(st.booleans())


@settings(max_examples=200)
@given(
    problems(least=6, most=7),
    st.integers(1, 4),
    st.sampled_from([2, 3, 5, 11, 101, 67_108_859]),
    st.sampled_from([14, 3, 0]),
)
def test_a_shard_passes_iff_no_leaf_reaches_the_labels(
    problem: Problem, cost: int, prime: int, widest_pair: int
) -> None:
    rows, kind, skip = problem
    data = [row[:-1] for row in rows], [row[-1] for row in rows]
    table = Table.of([tuple(map(Fraction, row)) for row in rows])
    supports = Supports(table, kind)
    spare = len(rows) - 1 - len(table.skip_columns(skip))
    cost = max((c for c in range(1, cost + 1) if supports.columns(c) <= spare), default=0)
    own = oracle.Level(*data, cost, range(len(rows)), kind, skip)
    if not cost or len(own.leaves) > 3000:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        # Wide types, of which two are no pair, have more leaves than a test can list.
        monkeypatch.setattr(level, "is_pair", lambda a, b: a + b <= widest_pair)
        monkeypatch.setattr(oracle, "pairs", lambda a, b: a + b <= widest_pair)
        compare_shards(own, table, supports, cost, skip, prime)


def compare_shards(
    own: oracle.Level, table: Table, supports: Supports, cost: int, skip: bool, prime: int
) -> None:
    types = types_on(table, supports.of_cost(cost), skip)
    assert [(t.support, t.mask) for t in types] == own.types
    assert [t.columns for t in types] == own.columns
    try:
        ours = Level(table, types, supports.columns(cost), skip, prime)
    except Rejected:
        return
    shards = [
        Shard(**(shard | {"prefix": (*shard["prefix"],)})) for shard in own.shards(prime, most=3)
    ]
    check_tiling(ours, shards)
    replay, reaching = Replay(ours, lambda: None), own.reaching()
    for shard in shards:
        if any(oracle.contains(shard._asdict(), leaf, own.sizes) for leaf in reaching):
            with pytest.raises(Rejected, match="in the span"):
                replay.check(shard)
        else:
            replay.check(shard)


@pytest.mark.parametrize("seed", range(8))
def test_prefixes_of_dependent_types(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # But for the last point, the first input is the bias.
    rng = random.Random(seed)
    monkeypatch.setattr(level, "is_pair", lambda a, b: False)
    monkeypatch.setattr(oracle, "pairs", lambda a, b: False)
    rows = [(1, x, rng.randint(-99, 99)) for x in (-3, -2, -1, 1, 2, 4)] + [(2, 0, 0)]
    chosen, cost = range(6), 5 - seed % 2
    own = oracle.Level(
        [row[:-1] for row in rows], [row[-1] for row in rows], cost, chosen, "parameters", False
    )
    table = Table.of([tuple(map(Fraction, row)) for row in rows])
    supports = Supports(table, "parameters")
    compare_shards(own, table.take(chosen), supports, cost, False, (67_108_859, 11)[seed // 4])


def test_a_leaf_of_which_nothing_is_known_modulo_p_is_decided_over_q() -> None:
    # (x + 2 y)_+ is active where x > 0, and where y > 0: a third type in the span of two others.
    points = [(-2, -1), (-1, -1), (1, 2), (2, 1), (3, 5)]
    rows = [tuple(map(Fraction, (x, y, max(0, x + 2 * y)))) for x, y in points]
    table = Table.of(rows)
    supports = Supports(table, "parameters")
    types = types_on(table, supports.of_cost(4), False)
    zeros = Zeros(Level(table, types, 4, False, 101))
    names = [(t.support, t.mask) for t in types]
    *prefix, last = [names.index((support, 0b11100)) for support in ((0,), (1,), (0, 1))]
    with pytest.raises(Rejected, match="in the span of the types"):
        zeros.refute(zeros.groups((*prefix,)), [last], lambda: ((*prefix,), []))


@settings(max_examples=60)
@given(problems(least=3, most=4))
def test_cones_are_passed_below_the_optimum(problem: Problem) -> None:
    rows, kind, skip = problem
    points = [tuple(map(Fraction, row)) for row in rows]
    data = [row[:-1] for row in points], [row[-1] for row in points]
    optimum = sparsest(*data, kind, "affine" if skip else "none")
    table = Table.of(points)
    for cost in range(1, optimum):
        Cones(table, Supports(table, kind), cost, skip).check(lambda: None)
    if optimum:
        with pytest.raises(Rejected, match="fit the labels"):
            Cones(table, Supports(table, kind), optimum, skip).check(lambda: None)


small = st.integers(-2, 2)


@settings(max_examples=200)
@given(st.integers(1, 4).flatmap(lambda k: st.lists(st.lists(small, min_size=k, max_size=k),
                                                    min_size=1, max_size=6)))  # fmt: skip
def test_chambers(vectors: list[list[int]]) -> None:
    found = chambers(vectors, len(vectors[0]))
    expected = {sum((s > 0) << i for i, s in enumerate(cell)) for cell in _cells(vectors)}
    assert set(found) == expected
    for mask, w in found.items():
        for i, v in enumerate(vectors):
            value = sum(a * b for a, b in zip(v, w, strict=True))
            assert (value > 0) == bool(mask >> i & 1) and (value != 0) == any(v)


@settings(max_examples=300)
@given(st.integers(0, 4).flatmap(lambda k: st.lists(st.lists(small, min_size=k + 1, max_size=k + 1),
                                                    max_size=9)))  # fmt: skip
def test_inequalities(rows: list[list[int]]) -> None:
    exact = [([Fraction(a) for a in row[1:]], Fraction(row[0])) for row in rows]
    assert is_feasible(rows) == feasible(exact)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(small, min_size=n, max_size=n),
                                                    min_size=1, max_size=6)))  # fmt: skip
def test_relations(columns: list[list[int]]) -> None:
    found = relations(columns)
    for u in found:
        assert not any(
            sum(a * c for a, c in zip(u, row, strict=True)) for row in zip(*columns, strict=True)
        )
    # One for each column that depends on the ones before, and with 0 for the ones after it.
    ends = [max(j for j, a in enumerate(u) if a) for u in found]
    assert ends == sorted(set(ends))
    rank = len(columns) - len(found)
    assert all(
        len(relations([columns[j] for j in kept])) > 0
        for kept in itertools.combinations(range(len(columns)), rank + 1)
    )


def test_pairs() -> None:
    sizes = list(itertools.product(range(1, 18), repeat=2))
    assert [level.is_pair(a, b) for a, b in sizes] == [oracle.pairs(a, b) for a, b in sizes]
    assert level.is_pair(6, 6) and not level.is_pair(7, 7) and not level.is_pair(1, 14)


@pytest.mark.parametrize("p", [2, 101, 67_108_859, 4_294_967_291])
def test_sums_of_products_at_and_above_what_a_digit_holds(p: int) -> None:
    most = longest_sum(p)
    assert most * (p - 1) ** 2 < 2**64 <= (most + 1) * (p - 1) ** 2
    for count in (0, 1, 2, most - 1, most, most + 1, 2 * most + 1, 8600):
        if 0 <= count <= 10_000:
            packed = pack([p - 1, 0, p - 1], p)
            found = combine([p - 1] * count, [packed] * count, 3, p)
            assert found == [count * (p - 1) ** 2 % p, 0, count * (p - 1) ** 2 % p]


def test_minors_and_their_products() -> None:
    rng, p = random.Random(3), 67_108_859
    for a, b in ((1, 1), (1, 3), (2, 2), (3, 4)):
        q = a + b
        left = [[[rng.randrange(p)] for _ in range(q)] for _ in range(a)]
        right = [[[rng.randrange(p)] for _ in range(q)] for _ in range(b)]
        (whole,) = minors(left + right, p).values()
        of_a, of_b = minors(left, p), minors(right, p)
        assert whole == [
            sum(sign * of_a[s][0] * of_b[rest][0] for s, rest, sign in splits(q, a)) % p
        ]
    digits, p = [0, 2**32 - 2, 5], 2**32 - 1
    assert list(unpack(pack(digits, p), 3)) == digits
    assert list(unpack(pack(digits, p) >> 64, 2)) == digits[1:]


@pytest.mark.parametrize("p", [2, 67_108_859, 4_294_967_291])
def test_only_residues_are_packed_and_added(p: int) -> None:
    packed = pack([p - 1], p)
    assert combine([p - 1], [packed], 1, p) == [1]
    for digits in ([p], [-1], [0, 2**64]):
        with pytest.raises(OverflowError):
            pack(digits, p)
    assert combine([], [packed], 1, p) == [0]
    for weights in ([p], [-1], [0, 0]):
        with pytest.raises(OverflowError):
            combine(weights, [packed], 1, p)
    with pytest.raises(OverflowError):
        pack([0], 2**32 + 15)
