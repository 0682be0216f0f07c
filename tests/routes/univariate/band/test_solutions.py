"""Bands from the front door: what is solved, proved and written, against known optima."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas
import polars
import pytest

import exactsparse as es
from exactsparse_check import check
from tests.oracles.bands import fewest_knots
from tests.routes.univariate.band.tables import FAMILIES, known, table_of, tie_tables

DATA = Path(__file__).parents[4] / "data"


def accepted(solution: Any, tmp_path: Path) -> str:
    """What the checker says is proved by the certificate."""
    path = tmp_path / "certificate.json"
    solution.certificate.save(path)
    verdict = check(path)
    assert verdict.outcome == "accepted", verdict.reason
    return verdict.verified


def within(solution: Any, x: Any, lower: Any, upper: Any) -> bool:
    """Whether the network, evaluated row by row, meets the bounds."""
    for at, low, high in zip(x, lower, upper, strict=True):
        value = solution.network.evaluate(at)
        if (low is not None and value < low) or (high is not None and value > high):
            return False
    return True


@pytest.mark.parametrize("instance", known("bands.jsonl"), ids=lambda instance: instance["name"])
def test_known_bands(instance: dict[str, Any], tmp_path: Path) -> None:
    x, lower, upper = table_of(instance)
    if "lower" in instance:
        solution = es.solve(x, lower=lower, upper=upper)
    else:
        solution = es.solve(x, instance["y"], tolerance=instance["tolerance"])
    if instance["knots"] is None:
        assert solution.status == "infeasible" and solution.value == float("inf")
        assert accepted(solution, tmp_path).startswith("infeasible")
        with pytest.raises(es.NoFunctionError):
            solution.network  # noqa: B018
        return
    assert solution.status == "optimal" and solution.value == instance["knots"]
    assert solution.network.n_neurons == instance["knots"]
    assert within(solution, x, lower, upper)
    assert accepted(solution, tmp_path).startswith(f"optimal: neurons: {instance['knots']},")


@pytest.mark.parametrize(
    "instance",
    [i for i in known("bands.jsonl") if "least_tolerance" in i],
    ids=lambda instance: instance["name"],
)
def test_known_least_tolerances(instance: dict[str, Any], tmp_path: Path) -> None:
    for knots, text in enumerate(instance["least_tolerance"]):
        solution = es.solve(instance["x"], instance["y"], knots=knots)
        least = Fraction(text)
        assert solution.status == "optimal"
        assert solution.tolerance == solution.value == solution.lower_bound == least
        assert solution.network.n_neurons <= knots
        y = [Fraction(v) for v in instance["y"]]
        x = [Fraction(v) for v in instance["x"]]
        assert within(solution, x, [v - least for v in y], [v + least for v in y])
        assert f"tolerance: {least} is the least" in accepted(solution, tmp_path)


@pytest.mark.parametrize("family", FAMILIES)
def test_ties_against_the_exhaustive_oracle(family: str, tmp_path: Path) -> None:
    for x, lower, upper in tie_tables(family, 40, seed=14):
        solution = es.solve(x, lower=lower, upper=upper)
        knots = fewest_knots(x, lower, upper)
        assert solution.value == (float("inf") if knots is None else knots)
        accepted(solution, tmp_path)


def test_a_tolerance_of_zero_is_the_exact_problem() -> None:
    x, y = [0, 1, 2, 3, 4], [0, 1, 1, 2, 4]
    zero, exact = es.solve(x, y, tolerance=0), es.solve(x, y)
    assert type(zero) is type(exact)
    assert zero.network == exact.network
    with pytest.raises(es.ConflictingLabelsError):
        es.solve([0, 0], [1, 2], tolerance=0)


def test_a_band_of_no_width_gives_the_exact_knots() -> None:
    draw = Random(3)
    for _ in range(60):
        n = draw.randint(2, 9)
        x = draw.sample(range(12), n)
        y = [draw.randint(-2, 2) for _ in x]
        exact, band = es.solve(x, y), es.solve(x, lower=y, upper=y)
        assert band.value == exact.value
        assert band.unique == exact.unique
        if exact.unique:
            grid = [Fraction(t, 2) for t in range(-3, 27)]
            assert [band(t) for t in grid] == [exact.law.evaluate(t) for t in grid]


def test_what_widens_the_band_or_moves_it() -> None:
    draw = Random(4)
    for _ in range(40):
        n = draw.randint(3, 9)
        x = draw.sample(range(20), n)
        y = [draw.randint(-5, 5) for _ in x]
        half = Fraction(draw.randint(1, 4), 2)
        knots = es.solve(x, y, tolerance=half).value
        assert es.solve(x, y, tolerance=half + Fraction(1, 7)).value <= knots
        tilted = [3 * v - 2 * t + 7 for t, v in zip(x, y, strict=True)]
        assert es.solve(x, tilted, tolerance=3 * half).value == knots
        assert es.solve([-t for t in x], y, tolerance=half).value == knots
        turned = es.solve(x, [-v for v in y], tolerance=half)
        assert turned.value == knots
        doubled = es.solve([*x, x[0]], [*y, y[0]], tolerance=half)
        assert doubled.value == knots
        least = es.solve(x, y, knots=knots).tolerance
        assert least <= half
        if knots:
            assert es.solve(x, y, knots=knots - 1).tolerance > half


def test_shapes() -> None:
    x = range(5)
    convex = es.solve(x, [4, 1, 0, 1, 4], shape="convex")
    assert convex.status == "optimal" and convex.value == 2
    assert es.solve(x, [4, 1, 0, 1, 4], shape="concave").status == "infeasible"
    near = es.solve(x, [4, 1, 0, 1, 4], shape="concave", tolerance=2)
    assert near.status == "optimal" and near.value == 0
    bent = es.solve([0, 1, 2, 3], [0, 2, 2, 3], shape="concave", tolerance="0.4")
    assert bent.value == 1
    assert all(change < 0 for _, change in bent.law.knots())
    with pytest.raises(es.UnsupportedProblemError, match="increasing"):
        es.solve(x, [0, 1, 2, 3, 4], shape="increasing")
    with pytest.raises(es.ProblemError, match="shape"):
        es.solve(x, [0, 1, 2, 3, 4], shape="round")


def test_the_rounded_tax_table_gives_the_law(tmp_path: Path) -> None:
    solution = es.solve(es.read(DATA / "us_income_tax_2024_rounded.csv"), tolerance="auto")
    edges = [11_600, 47_150, 100_525, 191_950, 243_725, 609_350]
    assert solution.law.positions == edges
    assert [line.slope * 100 for line in solution.law.lines] == [10, 12, 22, 24, 32, 35, 37]
    assert solution.tolerance == Fraction(1, 2) and solution.unique is False
    assert solution.knot_intervals is not None
    for (low, high), edge in zip(solution.knot_intervals, edges, strict=True):
        assert low < edge < high and high - low < 200
    exact = es.solve(es.read(DATA / "us_income_tax_2024_rounded.csv"))
    assert exact.value == 26
    accepted(solution, tmp_path)


@pytest.mark.parametrize(
    ("name", "tolerance", "knots"),
    [
        ("uk_stamp_duty_2024", 0, 10),
        ("uk_stamp_duty_2024", "auto", 3),
        ("pt100_iec_60751", 0, 46),
        ("pt100_iec_60751", "auto", 33),
        ("pt100_iec_60751", "0.11", 8),
        ("wind_turbine_v100", "auto", 10),
        ("wind_turbine_v100", 5, 7),
    ],
)
def test_published_tables(name: str, tolerance: object, knots: int) -> None:
    """What the list of sample tables says of them."""
    assert es.solve(es.read(DATA / f"{name}.csv"), tolerance=tolerance).value == knots


def test_half_widths_per_row(tmp_path: Path) -> None:
    x, y, widths = [0, 1, 2, 3], ["0", "1.5", "2", "3.25"], ["0", "0.5", "0", "0.25"]
    solution = es.solve(x, y, tolerance=widths)
    assert solution.value == 0 and solution.tolerance is None
    assert solution.network.evaluate(5) == 5
    accepted(solution, tmp_path)
    for frame in (pandas.DataFrame, polars.DataFrame):
        named = frame({"x": x, "err": [0.0, 0.5, 0.0, 0.25], "y": [0.0, 1.5, 2.0, 3.25]})
        assert es.solve(named, "y", tolerance="err").value == 0
        # Without their name the half-widths are a feature.
        assert es.solve(named, "y", tolerance=0.1).problem.dataset.feature_names == ("x", "err")
    with pytest.raises(es.DataError, match=r"row 1 .*half-width must not be negative"):
        es.solve(x, y, tolerance=[0, -1, 0, 0])
    with pytest.raises(es.DataError, match="half-widths"):
        es.solve(x, y, tolerance=[0, 1])


def test_bounds_per_row(tmp_path: Path) -> None:
    x, lower, upper = [0, 1, 2, 2], [0, None, 1.9, 2], [0.5, 1, None, 2.5]
    solution = es.solve(x, lower=lower, upper=upper)
    assert solution.value == 0
    assert within(solution, map(Fraction, x[:2]), [0, None], [Fraction(1, 2), 1])
    accepted(solution, tmp_path)
    assert es.solve(x, lower=[0, -np.inf, 1.9, np.nan], upper=None).value == 0
    frame = pandas.DataFrame({"lo": [0, None, 2.0], "x": [0, 1, 2], "hi": [1.0, 0.5, None]})
    named = es.solve(frame, lower="lo", upper="hi")
    assert named.value == 1 and named.problem.dataset.feature_names == ("x",)
    accepted(named, tmp_path)
    for wrong in (
        {"lower": lower, "upper": upper, "y": x},
        {"lower": lower, "tolerance": [1, 1, 1, 1]},
        {"lower": lower, "tolerance": 1},
    ):
        with pytest.raises(es.ProblemError):
            es.solve(x, **wrong)
    with pytest.raises(es.DataError, match=r"lower, row 1 .*'a'"):
        es.solve(x, lower=[0, "a", 1, 2])
    with pytest.raises(es.DataError, match="upper has 2 entries"):
        es.solve(x, upper=[0, 1])
    with pytest.raises(es.DataError, match="lower, row 0"):
        es.solve(x, lower=[np.inf, 1, 1, 1])


def test_options_that_exclude_each_other() -> None:
    x, y = [0, 1, 2], [0, 1, 0]
    for options in (
        {"knots": 1, "tolerance": 1},
        {"knots": 1, "objective": "neurons"},
        {"knots": 1, "p": 0.5},
        {"knots": 1, "shape": "convex"},
        {"knots": -1},
        {"tolerance": -1},
        {"tolerance": "much"},
    ):
        with pytest.raises(es.ProblemError):
            es.solve(x, y, **options)
    for options in ({"p": 0.5}, {"method": "search"}, {"method": "rays"}):
        with pytest.raises(es.UnsupportedProblemError):
            es.solve(x, y, tolerance=1, **options)
    for options in ({"knots": 1}, {"shape": "convex"}):
        with pytest.raises(es.UnsupportedProblemError, match="read from 2: x1, x2"):
            es.solve([[0, 1], [1, 0], [2, 2]], y, **options)


def test_what_says_nothing_about_a_least_tolerance() -> None:
    solution = es.solve([0, 1, 1], [0, 1, 4], knots=0)
    assert solution.tolerance == Fraction(3, 2)
    assert solution.network.evaluate(1) == Fraction(5, 2)
    assert es.solve([5], [3], knots=0).tolerance == 0
    with pytest.raises(es.UnsupportedProblemError):
        es.solve([[0, 1], [1, 0]], [0, 1], knots=1)


def test_json() -> None:
    document = es.solve([0, 1, 2], [0, 1, 0], tolerance="0.1").to_json()
    assert document["objective"]["tolerance"] == "1/10"
    assert document["status"] == "optimal" and document["value"] == 1
    assert document["knot_intervals"] == [["0", "2"]]
    dual = es.solve([0, 1, 2], [0, 1, 0], knots=0).to_json()
    assert dual["value"] == "1/2" and dual["objective"]["knots"] == 0
    none = es.solve([0, 0], [0, 1], tolerance="0.1").to_json()
    assert none["status"] == "infeasible" and none["network"] is None and none["value"] is None
    assert "rows 0 and 1" in none["reason"]
    assert json.dumps(none)


def test_a_long_table_with_its_certificate(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    x = np.arange(5000)
    y = np.round(np.maximum(0, x - 1234) * 0.25 + rng.uniform(-1, 1, 5000), 2)
    solution = es.solve(x, y, tolerance=1.01)
    assert solution.value == 1
    accepted(solution, tmp_path)
    dual = es.solve(x, y, knots=1)
    assert dual.tolerance <= Fraction("1.01")
    accepted(dual, tmp_path)


def test_the_law_can_be_looked_at() -> None:
    solution = es.solve([0, 1, 2, 3, 4], [0, 0, 1, 11, 20], tolerance=1)
    positions, changes = solution.law.knot_arrays()
    assert len(positions) == len(changes) == 1
    grid = np.linspace(-2, 6, 33)
    exact = [float(solution(Fraction(t))) for t in grid.tolist()]
    assert solution.law.predict(grid) == pytest.approx(exact)
    first, second = solution.law.pieces()
    assert first.start is None and first.end == second.start and second.end is None
    assert solution.plot() is not None
