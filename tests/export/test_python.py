"""The Python that is written, run by Python."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsparse as es
from exactsparse import Formula, OutputError
from tests.cli.common import DATA
from tests.export.laws import HINGES, ROOF, UGLY, assert_near, formulas, law, places, plane, saw


def function_of(code: str) -> Any:
    """The function of a module; everything else in it is private or imported."""
    space: dict[str, Any] = {}
    exec(compile(code, "law.py", "exec", dont_inherit=True), space)
    (name,) = [name for name in space if name.startswith("predict_")]
    assert not {n for n in space if n[0] != "_"} - {name, "bisect_right", "Fraction"}
    return space[name]


@pytest.mark.parametrize("law", [ROOF, saw(200), law([0], [3], 0, 0.5), *HINGES])
def test_values_are_as_near_as_the_header_says(law: Any) -> None:
    formula = Formula.of(law)
    predict, exact = (function_of(formula.to_python(exact=e)) for e in (False, True))
    for x in places(formula):
        assert_near(formula, [x], predict(x))
        assert exact(x) == law.evaluate(x)
    for knot in formula.knots:
        assert exact(str(knot)) == law.evaluate(knot)


def test_a_process_of_its_own_runs_it(tmp_path: Any) -> None:
    solution = es.solve(es.read(DATA / "us_income_tax_2024_rounded.csv"), tolerance="auto")
    (tmp_path / "law.py").write_text(solution.to_python(), encoding="utf-8")
    data = solution.problem.dataset
    at = [float(data.features[0][i]) for i in range(data.n_points)]
    script = f"import json, law; print(json.dumps([law.predict_tax_usd(x) for x in {at}]))"
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {script}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    for x, value in zip(at, json.loads(done.stdout), strict=True):
        assert_near(solution.formula, [x], value)


def test_the_header_says_what_was_proved_and_of_which_data() -> None:
    solution = es.solve([0, 1, 2], [0, 1, 0])
    help_text = function_of(solution.to_python()).__doc__
    assert "optimal: 1 knot; no interpolant has fewer" in help_text
    assert f"3 rows, SHA-256 {solution.certificate.document['data']['sha256']}" in help_text
    assert f"exactsparse {es.__version__}" in help_text
    assert "2^-49" in help_text


def test_several_features_an_affine_part_constants() -> None:
    formula = Formula.of(plane(), ["a", "b"])
    predict, exact = (function_of(formula.to_python(exact=e)) for e in (False, True))
    for a in (-20.0, -0.1, 0.0, 1 / 3, 7.5, 1e9):
        for b in (-1e9, -3.0, 1 / 14, 5.0, 15.0):
            assert_near(formula, [a, b], predict(a, b))
            assert exact(a, b) == formula([a, b])
    assert math.isnan(predict(math.nan, 1.0)) and math.isnan(predict(1.0, math.nan))
    assert isinstance(exact(-100, -100), Fraction)


@given(formulas(), st.lists(st.floats(-1e15, 1e15), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_function_with_any_names(formula: Formula, point: list[float]) -> None:
    predict, exact = (function_of(formula.to_python(exact=e)) for e in (False, True))
    point = point[: len(formula.features)]
    assert exact(*point) == formula(point)
    if len(point) == 1:
        for x in places(formula):
            assert_near(formula, [x], predict(x))
    else:
        assert_near(formula, point, predict(*point))


@pytest.mark.parametrize("name", UGLY)
def test_a_name_is_no_code(name: str) -> None:
    predict = function_of(Formula.of(plane(), [name, name], name).to_python())
    assert isinstance(predict(1, 2), float)


@pytest.mark.parametrize("knots", [1, 40])
def test_what_is_no_number(knots: int) -> None:
    """Last pieces are constant, which hides a NaN."""
    flat = law(range(knots), [k % 2 for k in range(knots)], 2, 0)
    predict = function_of(Formula.of(flat).to_python())
    assert math.isnan(predict(math.nan))
    assert predict(math.inf) == (knots - 1) % 2 and predict(-math.inf) == -math.inf
    exact = function_of(Formula.of(flat).to_python(exact=True))
    for bad, error in ((math.nan, ValueError), (math.inf, OverflowError), ("x", ValueError)):
        with pytest.raises(error):
            exact(bad)


def test_pieces_at_large_abscissae_do_not_cancel() -> None:
    far = law([10**15, 10**15 + 1], [0, "1/3"], 0, "1/7")
    predict = function_of(Formula.of(far).to_python())
    assert predict(1e15 + 0.5) == 1 / 6


def test_knots_between_two_floats_are_chosen_exactly() -> None:
    """The steep piece between them holds no float."""
    third = Fraction(1, 3)
    steep = law([third, third + Fraction(1, 10**30)], [0, 1], 0, 0)
    predict = function_of(Formula.of(steep).to_python())
    below = math.nextafter(1 / 3, 1)
    assert Fraction(1 / 3) < third < Fraction(below)
    assert (predict(1 / 3), predict(below)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("law", "what"),
    [
        (law([10**400], [0], 0, 1), "a knot is larger"),
        (law([0], [10**400], 0, 1), "the value at a knot is larger"),
        (law([0], [0], 0, Fraction(10**309)), "a slope is larger"),
        (law([0], [0], 0, Fraction(1, 10**320)), "a slope is smaller"),
    ],
)
def test_what_exceeds_floats_is_refused_and_exact_in_fractions(law: Any, what: str) -> None:
    formula = Formula.of(law)
    with pytest.raises(OutputError, match=f"{what} than float64 allows; exact are"):
        formula.to_python()
    assert function_of(formula.to_python(exact=True))(7) == law.evaluate(7)


def test_integers_of_ten_thousand_digits_are_written() -> None:
    huge = law([0], [10**10_000], 0, 1)
    assert function_of(Formula.of(huge).to_python(exact=True))(1) == 10**10_000 + 1


def test_no_minus_zero() -> None:
    tiny = law([0], [Fraction(-1, 10**400)], 1, -1)
    assert "-0.0" not in Formula.of(tiny).to_python()
