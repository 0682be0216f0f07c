"""Fewest knots against tolerance: known curves, limits, and the command."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactsparse as es
from exactsparse.routes.univariate.band.dual import Tolerances
from exactsparse_check import check
from tests.cli.common import DATA, XOR, Run
from tests.routes.univariate.band.tables import known

TAX = DATA / "us_income_tax_2024_rounded.csv"


@pytest.mark.parametrize(
    "instance",
    [i for i in known("bands.jsonl") if "least_tolerance" in i],
    ids=lambda instance: instance["name"],
)
def test_known_curves(instance: dict[str, Any]) -> None:
    curve = es.tradeoff(instance["x"], instance["y"])
    due = [Fraction(text) for text in instance["least_tolerance"]]
    assert [point.tolerance for point in curve] == due[: len(curve)]
    assert len(set(due[len(curve) - 1 :])) == 1
    assert all(point.proved and point.knots == k for k, point in enumerate(curve))


def test_the_tax_table(tmp_path: Path) -> None:
    curve = es.tradeoff(es.read(TAX))
    assert len(curve) == 21 and curve.elbow == 6
    assert curve[6].tolerance == Fraction(1, 2) and curve[5].tolerance > 84
    solution = curve.solution(6)
    assert solution.law.positions == [11_600, 47_150, 100_525, 191_950, 243_725, 609_350]
    solution.certificate.save(tmp_path / "proof.json")
    assert check(tmp_path / "proof.json", TAX).accepted
    curve.plot(tmp_path / "curve.png")
    assert (tmp_path / "curve.png").stat().st_size > 10_000
    with pytest.raises(IndexError):
        curve.solution(21)


def test_the_curve_ends_where_no_tolerance_is_needed() -> None:
    curve = es.tradeoff([0, 1, 2, 3], [0, 0, 1, 1])
    assert [point.knots for point in curve] == [0, 1, 2]
    assert curve.elbow == 2 and curve[-1].tolerance == 0
    assert es.tradeoff(es.read(DATA / "uk_stamp_duty_2024.csv")).elbow == 3
    assert es.tradeoff(es.read(DATA / "us_income_tax_2024.csv")).elbow == 6
    # To meet noise to its last digit bends the curve, too, and is no elbow.
    whole = es.tradeoff(es.read(TAX), knots=30)
    assert len(whole) == 27 and whole[-1].tolerance == 0 and whole.elbow == 6
    # Two labels of one point are never met nearer than half-way.
    assert [p.tolerance for p in es.tradeoff([0, 1, 1], [0, 1, 4])] == [Fraction(3, 2)]
    assert len(es.tradeoff([0], [0])) == 1
    assert es.tradeoff([0, 1, 2], [0, 1, 0], knots=0).elbow is None


def test_a_long_table_is_stopped_with_bounds() -> None:
    rng = np.random.default_rng(0)
    x, y = np.arange(30_000), np.cumsum(rng.integers(-9, 10, 30_000))
    curve = es.tradeoff(x, y, knots=200, time_limit=0.3)
    assert len(curve) == 201 and not curve[200].proved
    for point in curve:
        assert point.tolerance is None or point.lower_bound <= point.tolerance


def test_an_interrupt_keeps_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Tolerances, "least", interrupted)
    with pytest.raises(KeyboardInterrupt):
        es.tradeoff([0, 1, 2], [0, 1, 0])
    curve = es.tradeoff([0, 1, 2], [0, 1, 0], on_interrupt="return")
    assert (curve[0].tolerance, curve[0].lower_bound) == (Fraction(1, 2), 0)
    with pytest.raises(KeyboardInterrupt):
        es.solve([0, 1, 2], [0, 1, 0], knots=0)
    stopped = es.solve([0, 1, 2], [0, 1, 0], knots=0, on_interrupt="return")
    assert stopped.status == "feasible" and stopped.tolerance == Fraction(1, 2)


def test_what_is_refused() -> None:
    with pytest.raises(es.UnsupportedProblemError, match="for one feature only"):
        es.tradeoff([[0, 1], [1, 0]], [0, 1])
    with pytest.raises(es.ProblemError, match="knots"):
        es.tradeoff([0, 1], [0, 1], knots=-1)
    for limit in (0, "5", [5]):
        with pytest.raises(es.ProblemError, match="time_limit"):
            es.tradeoff([0, 1], [0, 1], time_limit=limit)  # type: ignore[arg-type]
    with pytest.raises(es.ProblemError, match="interval"):
        es.tradeoff(es.Dataset.from_arrays([0, 1], lower=[0, 1]))


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture = tmp_path / "curve.svg"
    run = Run(capsys, "tradeoff", TAX, "--knots", 8, "--plot", picture)
    assert run.code == 0 and picture.exists()
    rows = [line.split(maxsplit=2) for line in run.out.splitlines()[3:12]]
    assert rows[0] == ["0", "12151.89234"]
    assert rows[6] == ["6", "0.5", "← elbow; within half a unit in the last digit"]
    assert "every tolerance is proved" in run.out
    document = json.loads(Run(capsys, "tradeoff", TAX, "--knots", 6, "--json").out)
    assert document["elbow"] is not None and document["points"][6]["tolerance"] == "1/2"
    xor = tmp_path / "xor.csv"
    xor.write_text(XOR)
    refused = Run(capsys, "tradeoff", xor)
    assert refused.code == 2 and "one feature" in refused.err


@pytest.mark.parametrize("knots", [1.0, "1", True, float("nan"), [1], Fraction(1), np.bool_(True)])
def test_a_number_of_knots_is_a_whole_number(knots: Any) -> None:
    for find in (es.solve, es.tradeoff):
        with pytest.raises(es.ProblemError, match="knots must be a whole number, but it is"):
            find([0, 1, 2], [0, 1, 0], knots=knots)


def test_more_knots_than_any_law_needs() -> None:
    rng = np.random.default_rng(0)
    for n in (5, 2500):
        x, y = np.arange(n), rng.integers(0, 3, n)
        assert es.solve(x, y, knots=10**20, time_limit=60).value == 0
        assert es.solve(x, y, knots=n - 2, time_limit=60).value == 0
    assert len(es.tradeoff([0, 1, 1], [0, 1, 3], knots=10**20)) == 1
    assert es.tradeoff([0, 1, 2], [0, 1, 0], knots=10**20)[-1].tolerance == 0


def test_numbers_of_numpy_are_numbers_of_knots() -> None:
    solution = es.solve([0, 1, 2], [0, 1, 0], knots=np.int64(0))
    assert json.loads(json.dumps(solution.certificate.document))["objective"]["knots"] == 0


def test_several_features() -> None:
    points, labels = [[0, 0], [0, 1], [1, 0], [1, 1]], ["0.02", "0.98", "1.01", "-0.03"]
    curve = es.tradeoff(points, labels, parameters=9)
    assert all(point.proved for point in curve)
    values = [es.solve(points, labels, parameters=k).value for k in range(len(curve))]
    assert [point.tolerance for point in curve] == values
    # Five parameters meet all four labels.
    assert len(curve) == 6 and curve[-1].tolerance == 0
    assert curve.solution(4).to_json()["objective"]["parameters"] == 4
    assert curve.to_json()["points"][4]["parameters"] == 4
    with pytest.raises(IndexError, match="0 to 5 parameters"):
        curve.solution(6)
    neurons = es.tradeoff(points, labels, neurons=3, skip="affine")
    assert [point.tolerance for point in neurons] == [Fraction(1, 2), 0]
    assert neurons.solution(1).network.n_neurons == 1


def test_several_features_and_too_little_time() -> None:
    rng = np.random.default_rng(3)
    points, labels = rng.integers(-99, 99, (60, 3)), rng.integers(-99, 99, 60)
    curve = es.tradeoff(points, labels, parameters=9, time_limit=1)
    assert len(curve) == 10
    assert not curve[9].proved
    values = [point.tolerance for point in curve]
    bounds = [point.lower_bound for point in curve]
    assert values == sorted(values, reverse=True) and bounds == sorted(bounds, reverse=True)
    assert curve[0].tolerance == abs(labels).max()
    assert curve.solution(9).status == "feasible"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"knots": 3, "parameters": 3}, "knots and parameters exclude each other"),
        ({"parameters": -1}, "parameters must not be negative"),
        ({"knots": 3, "skip": "none"}, "leave skip out"),
    ],
)
def test_curves_that_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(es.ProblemError, match=message):
        es.tradeoff([0, 1, 2], [0, 1, 0], **options)


def test_the_command_for_several_features(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, picture = tmp_path / "xor.csv", tmp_path / "curve.svg"
    table.write_text(XOR)
    assert "--parameters K" in Run(capsys, "tradeoff", table).err
    run = Run(capsys, "tradeoff", table, "--parameters", 5, "--plot", picture)
    assert run.code == 0 and picture.stat().st_size > 1_000
    rows = [line.split() for line in run.out.splitlines()[2:8]]
    assert rows[0] == ["parameters", "least", "tolerance"]
    due = ["1", "0.5", "0.5", "0.5", "0"]
    assert [row[:2] for row in rows[1:]] == [[str(k), value] for k, value in enumerate(due)]
    document = json.loads(Run(capsys, "tradeoff", table, "--neurons", 2, "--json").out)
    assert [point["neurons"] for point in document["points"]] == [0, 1, 2]
