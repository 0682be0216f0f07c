"""The SQL that is written, run by SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsparse import Formula, Network, Neuron, ProblemError, Skip
from tests.export.laws import HINGES, ROOF, UGLY, assert_near, formulas, law, places, plane, saw

BEYOND_SQL = [name for name in UGLY if "\\" in name or min(name.strip() or "\0") < " "]


def run(formula: Formula, points: Sequence[Sequence[Any]], quote: str = '"') -> list[Any]:
    """Values at points, from a table with the columns and one of a secret that must survive."""
    names = [quote + name.replace(quote, quote * 2) + quote for name in formula.features]
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE law (secret)")
    base.execute(f"CREATE TABLE data ({', '.join(f'{name} NUMERIC' for name in names)})")
    marks = ", ".join("?" for _ in names)
    base.executemany(f"INSERT INTO data VALUES ({marks})", points)
    found = base.execute(f"SELECT {formula.to_sql(quote=quote)} FROM data").fetchall()
    whole = base.execute(formula.to_sql(table="data", quote=quote)).fetchall()
    assert [row[-1] for row in whole] == [value for (value,) in found]
    assert base.execute("SELECT count(*) FROM law").fetchone() == (0,)
    base.close()
    return [value for (value,) in found]


@pytest.mark.parametrize("law", [ROOF, saw(12), saw(1500), law([0], [3], 0, 0.5), *HINGES])
def test_values_are_as_near_as_the_comment_says(law: Any) -> None:
    formula = Formula.of(law, ["income"], "tax")
    points = [[x] for x in places(formula)[:: 1 + len(formula.knots) // 20]]
    for point, value in zip(points, run(formula, points), strict=True):
        assert_near(formula, point, value)


def test_integers_are_not_divided_as_integers() -> None:
    """Columns of integers, slopes of a half and a third."""
    formula = Formula.of(law([0, 7], [0, "7/3"], "1/2", 1))
    found = run(formula, [[-1], [1], [2], [10**17 + 1]])
    assert found[:3] == [-0.5, 1 / 3, 2 / 3]
    plain = Formula.of(Network((Neuron((Fraction(1, 2),), Fraction(0), Fraction(1)),), None, 1))
    assert run(plain, [[3]]) == [1.5]


TAX = law([11600, 47150, 100525], [1160, 5426, "17168.5"], "1/10", "24/100")
WHOLE = [[0], [-(2**31)], [2**31 - 1], [11599], [11600], [47151], [99999]]
PARTS = [[0.1], [11600.5], [-3.25e7], [1e-3], [47150.25]]
LONG = [[2**53 + 1], [-(2**62) - 1], [2**63 - 1]]
TYPES = {"INTEGER": WHOLE, "BIGINT": WHOLE + LONG, "FLOAT": PARTS, "DOUBLE": WHOLE + PARTS}


@pytest.mark.parametrize("kind", [*TYPES, "HUGEINT", "DECIMAL(18,3)"])
@pytest.mark.parametrize("several", [False, True])
def test_every_type_of_a_column_keeps_the_bound(kind: str, several: bool) -> None:
    """In DuckDB, where 0.1 is a DECIMAL, which rounds, and overflows beside integers."""
    duckdb = pytest.importorskip("duckdb")
    network = TAX.network()
    neurons = tuple(
        Neuron((*n.weights, Fraction(0)), n.bias, n.output / 3) for n in network.neurons
    )
    formula = Formula.of(Network(neurons, None, 2), ["a", "b"]) if several else Formula.of(TAX)
    name = formula.features[0]
    with duckdb.connect(":memory:") as base:
        base.execute(f'CREATE TABLE data ("{name}" {kind}, "b" INTEGER)')
        points = TYPES.get(kind, WHOLE)
        base.executemany("INSERT INTO data VALUES (?, 0)", points)
        # What the column holds, as a double.
        read = f'SELECT CAST("{name}" AS DOUBLE), {formula.to_sql()} FROM data'
        rows = base.execute(read).fetchall()
    assert len(rows) == len(points)
    for x, value in rows:
        assert_near(formula, [x, 0.0] if several else [x], value)


def test_a_table_of_a_schema_is_named_by_parts() -> None:
    base = sqlite3.connect(":memory:")
    base.execute('CREATE TABLE "a.b" (x)')
    base.execute('INSERT INTO "a.b" VALUES (3.5)')
    formula = Formula.of(law([0], [3], 0, 0.5))
    for table in ("a.b", ["a.b"], ["main", "a.b"]):
        assert base.execute(formula.to_sql(table=table)).fetchall() == [(3.5, 4.75)]
    base.close()


def test_null_gives_null() -> None:
    assert run(Formula.of(law([0], [3], 1, 0)), [[None], [5]]) == [None, 3.0]
    formula = Formula.of(plane(), ["a", "b"])
    found = run(formula, [[None, 1], [1, None], [None, None], [1, 1]])
    assert found[:3] == [None] * 3 and found[3] is not None


def test_a_feature_that_is_not_used_may_be_null() -> None:
    one = Network((Neuron((Fraction(0), Fraction(1)), Fraction(0), Fraction(2)),), None, 2)
    assert run(Formula.of(one, ["a", "b"]), [[None, 3]]) == [6.0]


@given(
    formulas().filter(
        lambda formula: (
            len({name.casefold() for name in formula.features}) == len(formula.features)
            and all(n.strip() and n.isprintable() and "\\" not in n for n in formula.features)
        )
    ),
    st.lists(st.floats(-1e15, 1e15), min_size=3, max_size=3),
)
@settings(max_examples=25, deadline=None)
def test_any_function_with_any_names(formula: Formula, point: list[float]) -> None:
    d = len(formula.features)
    points = [[x] for x in places(formula)] if d == 1 else [point[:d]]
    for at, value in zip(points, run(formula, points), strict=True):
        assert_near(formula, at, value)


@pytest.mark.parametrize("quote", ['"', "`"])
def test_a_name_is_no_code(quote: str) -> None:
    for name in UGLY:
        formula = Formula.of(ROOF, [name], name)
        if name in BEYOND_SQL:
            with pytest.raises(ProblemError, match="is no name of a column in SQL; give to_sql"):
                formula.to_sql(quote=quote)
            assert '"x"' in formula.to_sql(columns=["x"])
        else:
            assert run(formula, [[0.5]], quote) == [0.5]
    assert 4 <= len(BEYOND_SQL) < len(UGLY) - 10


def test_what_is_no_number_is_not_cut_off() -> None:
    """Units are infinity less infinity, which SQLite has as NULL and DuckDB as NaN."""
    weights = Fraction(10) ** 300, -(Fraction(10) ** 300)
    network = Network((Neuron(weights, Fraction(0), Fraction(1)),), Skip(weights, Fraction(1)), 2)
    formula = Formula.of(network, ["a", "b"])
    assert run(formula, [[1e200, 1e200], [2, 1]]) == [None, 2e300]
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(":memory:") as base:
        base.execute("CREATE TABLE data (a DOUBLE, b DOUBLE)")
        base.execute("INSERT INTO data VALUES (1e200, 1e200), ('NaN', 1), (1, NULL)")
        found = base.execute(f"SELECT {formula.to_sql()} FROM data").fetchall()
    assert [str(value) for (value,) in found] == ["nan", "nan", "None"]


def test_a_missing_column_of_a_table_is_an_error() -> None:
    """SQLite takes a quoted name that it does not know for a text; with its table it does not."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE data (a)")
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        base.execute(Formula.of(ROOF, ["b"]).to_sql(table="data"))
    base.close()


def test_many_neurons_are_not_too_deep() -> None:
    neurons = tuple(
        Neuron((Fraction(k), Fraction(1)), Fraction(-k * k, 3), Fraction((-1) ** k, 7))
        for k in range(1500)
    )
    formula = Formula.of(Network(neurons, None, 2), ["a", "b"])
    (value,) = run(formula, [[5.5, -2.25]])
    assert_near(formula, [5.5, -2.25], value)
    space: dict[str, Any] = {}
    exec(formula.to_python(), space)
    assert_near(formula, [5.5, -2.25], space["predict_y"](5.5, -2.25))


def test_what_cannot_be_asked_for() -> None:
    with pytest.raises(ProblemError, match='quote is "\'"'):
        Formula.of(ROOF).to_sql(quote="'")
    with pytest.raises(ProblemError, match="2 columns are named, but the function has 1 feature"):
        Formula.of(ROOF).to_sql(columns=["a", "b"])
