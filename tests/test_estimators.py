"""Regressors of scikit-learn: its own checks, its tools, and what stands on the result."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unittest import SkipTest

import numpy as np
import pytest

import exactsparse as es
import exactsparse_check

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

BOTH = [es.PiecewiseLinearRegressor, es.SparseReLURegressor]
PEAK = np.arange(-2.0, 4.0).reshape(-1, 1), np.array([0, 0, 1, 1, 0, 0.0])
XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


@pytest.fixture(scope="module")
def noisy() -> tuple[Any, Any]:
    """A hinge with noise, and two labels at one point."""
    chance = np.random.default_rng(3)
    x = np.append(chance.uniform(-1, 1, 60).round(3), [0.5, 0.5])
    y = np.abs(x) + chance.normal(0, 0.05, len(x))
    y[-1] += 0.1
    return x.reshape(-1, 1), y.round(4)


def _checks() -> list[Any]:
    """The checks of scikit-learn; so short a limit leaves the first network, always the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            pytest.param(
                estimator, check, id=f"{type(estimator).__name__}-{check.func.__name__}-{k}"
            )
            for model in BOTH
            for k, (estimator, check) in enumerate(
                estimator_checks_generator(model(time_limit=1e-3))
            )
        ]


@pytest.mark.filterwarnings("ignore::exactsparse.NotProvedWarning")
@pytest.mark.parametrize(("estimator", "check"), _checks())
def test_checks_of_scikit_learn(estimator: Any, check: Any) -> None:
    try:
        check(estimator)
    except SkipTest as skipped:
        # The only check that needs a setting of the environment.
        assert "SCIPY_ARRAY_API" in str(skipped)
        pytest.skip(str(skipped))


def test_the_number_of_knots_is_found_where_nothing_is_said(noisy: tuple[Any, Any]) -> None:
    model = es.PiecewiseLinearRegressor().fit(*PEAK)
    assert (model.n_knots_, model.tolerance_, model.solution_.status) == (3, 0, "optimal")
    model.fit(*noisy)
    # Two labels of one point, more than 0.1 apart.
    assert model.n_knots_ == 1 and model.tolerance_ >= 0.05
    assert model.solution_.status == "optimal" and model.score(*noisy) > 0.7
    (position,), _ = model.solution_.law.knot_arrays()
    assert abs(position) < 0.2


def test_a_line_has_no_knot() -> None:
    model = es.PiecewiseLinearRegressor().fit([[0], [1], [2]], [1, 3, 5])
    assert model.n_knots_ == 0 and model.predict([[10]]) == pytest.approx([21])
    assert es.PiecewiseLinearRegressor().fit([[4]], [1]).predict([[0]]) == [1]


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_short_floats_are_read_alike_in_fit_and_predict(kind: Any) -> None:
    tenths = np.array([[0.1], [0.2], [0.3], [0.7]], dtype=kind)
    model = es.PiecewiseLinearRegressor(tolerance=0).fit(tenths, [1e5, 2e5, 3e5, 7e5])
    assert np.allclose(model.predict(tenths), [1e5, 2e5, 3e5, 7e5], rtol=1e-12, atol=0)


THIRDS = [Fraction(1, 3), Fraction(2, 3), Fraction(1)]
NOW = 1_700_000_000_000_000_000


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (THIRDS, THIRDS),
        ([Decimal("0.1"), Decimal("0.2"), Decimal("0.3")], [Decimal(1), Decimal(2), Decimal(3)]),
        ([Decimal("0.1"), Decimal("0.2"), Decimal("0.3")], THIRDS),
        ([NOW, NOW + 1, NOW + 2, NOW + 3], [0, 1, 2, 9]),
        ([0, 1, 2], [NOW, NOW + 1, NOW + 2]),
        ([True, False], [1, 0]),
    ],
    ids=str,
)
def test_numbers_are_read_as_the_front_door_reads_them(x: Any, y: Any) -> None:
    """In float64, as scikit-learn reads them, these have other knots, or clash."""
    column = np.array(x)[:, None]
    model = es.PiecewiseLinearRegressor(tolerance=0).fit(column, y)
    whole = np.array(x) * 1
    assert model.n_knots_ == es.solve(whole, y).value
    assert model.solution_.problem.dataset.digest == es.solve(whole, y).problem.dataset.digest
    assert model.predict(column).tolist() == [float(value) for value in y]


@pytest.mark.parametrize("model", BOTH)
def test_columns_of_frames_keep_their_types(model: Any) -> None:
    """A frame of mixed columns is one array of float64 to scikit-learn."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "ts": np.arange(4) * 100 + NOW,
            "id": pandas.array([NOW, NOW + 1, NOW + 2, NOW + 4], dtype="Int64"),
            "v": [0.5, 1.5, 2.5, 1.0],
            "on": [True, False, True, True],
        }
    )
    y = pandas.Series([0, 100, 200, 300], name="z", index=list("abcd"))
    fitted = model(tolerance=0, time_limit=1e-3 if model is es.SparseReLURegressor else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", es.NotProvedWarning)
        fitted.fit(frame, y)
    read = es.Dataset.from_arrays(frame.assign(on=frame["on"].astype(int)), y.to_numpy())
    data = fitted.solution_.problem.dataset
    assert data.digest == read.digest and data.label_name == "z"
    assert data.feature_names == ("ts", "id", "v", "on")
    assert np.allclose(fitted.predict(frame), y, atol=1e-9)


def test_what_was_fitted_before_is_forgotten() -> None:
    model = es.PiecewiseLinearRegressor(tolerance=0).fit([[0], [1]], [1, 2])
    with pytest.raises(es.ConflictingLabelsError):
        model.fit([[0, 0], [0, 0]], [1, 2])
    assert model.n_features_in_ == 2
    with pytest.raises(NotFittedError):
        model.predict([[0, 0]])
    with pytest.raises(es.DataError, match="exceeds float64"):
        model.fit([[0], [1]], [1, 10**400])


def test_within_a_tolerance_no_function_has_fewer_knots() -> None:
    model = es.PiecewiseLinearRegressor(tolerance=0.25).fit(*PEAK)
    expected = es.solve(*PEAK, tolerance="1/4")
    assert (model.n_knots_, model.tolerance_) == (expected.value, 0.25)
    assert np.abs(model.predict(PEAK[0]) - PEAK[1]).max() <= 0.25 + 1e-12
    rounded = es.PiecewiseLinearRegressor(tolerance="auto").fit(*PEAK)
    assert rounded.tolerance_ == 0.5


def test_so_many_knots_are_as_near_as_can_be() -> None:
    for knots in np.arange(4):
        model = es.PiecewiseLinearRegressor(n_knots=knots).fit(*PEAK)
        assert model.n_knots_ <= knots
        assert Fraction(model.tolerance_) == es.tradeoff(*PEAK)[knots].tolerance


def test_of_several_features_a_knot_is_a_neuron() -> None:
    model = es.PiecewiseLinearRegressor(tolerance=0).fit(*XOR)
    assert model.n_knots_ == 1 and model.predict(XOR[0]) == pytest.approx(XOR[1])
    assert model.solution_.problem.skip == "affine"
    fewer = es.PiecewiseLinearRegressor(n_knots=0).fit(*XOR)
    assert (fewer.n_knots_, fewer.tolerance_) == (0, 0.5)


@pytest.mark.parametrize(
    ("options", "parameters", "neurons"),
    [
        ({"tolerance": 0}, 4, 2),
        ({"tolerance": 0.1, "objective": "neurons"}, None, 2),
        ({"tolerance": 0, "objective": "neurons", "skip": "affine"}, None, 1),
        ({"size": 4}, 4, 2),
    ],
)
def test_the_sparsest_network(options: Any, parameters: int | None, neurons: int) -> None:
    model = es.SparseReLURegressor(**options).fit(*XOR)
    assert (
        model.n_neurons_ == neurons and model.n_parameters_ == model.solution_.network.n_parameters
    )
    assert parameters in (None, model.n_parameters_)
    assert np.abs(model.predict(XOR[0]) - XOR[1]).max() <= model.tolerance_ + 1e-12


def test_the_default_tolerance_leaves_three_quarters_of_the_variance_explained() -> None:
    x = np.linspace(0, 1, 9).reshape(-1, 1)
    for size in (1e-300, 1.0, 1e300):
        model = es.SparseReLURegressor().fit(x, size * x.ravel() ** 2)
        std = np.std(x.ravel() ** 2)
        assert 0.9 * std < 2 * model.tolerance_ / size <= std * (1 + 1e-9)
    assert model.solution_.status == "optimal"
    assert es.SparseReLURegressor().fit(x, np.full(9, 7.0)).tolerance_ == 0


@pytest.mark.parametrize("model", BOTH)
def test_rows_of_equal_points_widen_the_default_only(model: Any) -> None:
    X, y = [[0, 0], [0, 0], [1, 2]], [0, 10, 0]
    fitted = model().fit(X, y)
    assert fitted.tolerance_ == 5 and fitted.solution_.status == "optimal"
    with pytest.raises(es.ConflictingLabelsError, match="a tolerance of 5 reconciles"):
        model(tolerance=4).fit(X, y)
    with pytest.raises(es.ConflictingLabelsError, match="rows 0 and 1"):
        model(tolerance=0).fit(X, y)


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        (es.PiecewiseLinearRegressor(0.1, 2), es.ProblemError, "tolerance and n_knots"),
        (
            es.SparseReLURegressor(tolerance=1, size=2),
            es.ProblemError,
            "tolerance and size",
        ),
        (es.SparseReLURegressor("weights"), es.ProblemError, "objective must be one of"),
        (es.PiecewiseLinearRegressor(-1), es.ProblemError, "must not be negative"),
        (es.PiecewiseLinearRegressor(shape="round"), es.ProblemError, "shape must be one of"),
        (es.PiecewiseLinearRegressor(0.1, shape="convex"), es.NoFunctionError, "allow no convex"),
        (es.PiecewiseLinearRegressor(time_limit=-1), es.ProblemError, "time_limit"),
    ],
)
def test_refusals(model: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        model.fit(*PEAK)


@pytest.mark.parametrize("jobs", [0, 1.5, "2"])
def test_jobs_are_whole_numbers(jobs: Any) -> None:
    with pytest.raises(es.ProblemError, match="n_jobs must"):
        es.SparseReLURegressor(tolerance=0, n_jobs=jobs).fit(*XOR)


def test_what_is_not_proved_is_said() -> None:
    chance = np.random.default_rng(0)
    X, y = chance.normal(size=(30, 4)).round(3), chance.normal(size=30).round(3)
    model = es.SparseReLURegressor(tolerance=0.01, time_limit=1e-3)
    with pytest.warns(es.NotProvedWarning, match="not proved to be the least: parameters"):
        model.fit(X, y)
    assert model.solution_.status == "feasible" and not hasattr(model, "certificate_")
    assert np.abs(model.predict(X) - y).max() < 0.0101
    # With a size a larger tolerance is no advice.
    with pytest.warns(es.NotProvedWarning, match=r"allow more time$"):
        es.SparseReLURegressor(size=5, time_limit=1e-3).fit(X, y)


def test_a_bend_of_a_part_of_the_curve_is_said() -> None:
    x = np.arange(60.0).reshape(-1, 1)
    with pytest.warns(es.NotProvedWarning, match="where the curve bends"):
        model = es.PiecewiseLinearRegressor(time_limit=1e-9).fit(x, np.sin(x[:, 0]).round(3))
    assert model.solution_.status == "optimal" and model.tolerance_ > 0.9


def test_a_certificate_is_accepted_by_the_checker(tmp_path: Any) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y\n" + "".join(f"{x:g},{y:g}\n" for (x,), y in zip(*PEAK, strict=True)))
    model = es.PiecewiseLinearRegressor(tolerance="0.1").fit(*PEAK)
    model.certificate_.save(tmp_path / "proof.json")
    assert exactsparse_check.check(tmp_path / "proof.json", table).accepted


def test_nothing_stands_before_the_fit() -> None:
    for model in BOTH:
        assert not hasattr(model(), "certificate_")
        with pytest.raises(NotFittedError):
            model().predict([[0]])


def test_frames_keep_their_names() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"hours": [0, 1, 2, 3.0], "rate": [0, 0, 1, 2.0]})
    model = es.PiecewiseLinearRegressor().fit(frame[["hours"]], frame["rate"])
    assert model.feature_names_in_.tolist() == ["hours"] and model.n_features_in_ == 1
    data = model.solution_.problem.dataset
    assert data.feature_names == ("hours",) and data.label_name == "rate"
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["rate"]])


def test_pipelines_and_searches(noisy: tuple[Any, Any]) -> None:
    pipeline = make_pipeline(StandardScaler(), es.PiecewiseLinearRegressor())
    for grid in (
        {"piecewiselinearregressor__n_knots": [0, 1, 3]},
        {"piecewiselinearregressor__tolerance": [0.2, 0.4, 0.6]},
    ):
        search = GridSearchCV(pipeline, grid, cv=3, error_score="raise").fit(*noisy)
        assert search.score(*noisy) == pytest.approx(search.best_estimator_.score(*noisy)) and set(
            search.best_params_
        ) == set(grid)
    knots = GridSearchCV(es.PiecewiseLinearRegressor(), {"n_knots": [0, 1]}, cv=3).fit(*noisy)
    assert knots.best_params_ == {"n_knots": 1}


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (es.PiecewiseLinearRegressor(), PEAK),
        (es.PiecewiseLinearRegressor(tolerance=0.1), PEAK),
        (es.PiecewiseLinearRegressor(n_knots=1), PEAK),
        (es.SparseReLURegressor(tolerance=0), XOR),
        (es.SparseReLURegressor(tolerance=0.1), XOR),
    ],
)
def test_clones_and_pickles(model: Any, data: Any) -> None:
    fitted = clone(model).fit(*data)
    for again in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        assert (again.predict(data[0]) == fitted.predict(data[0])).all()
        assert again.solution_.network == fitted.solution_.network
        assert again.certificate_.document == fitted.certificate_.document
    assert clone(fitted).get_params() == model.get_params()


def test_long_laws_and_curves_are_pickled() -> None:
    x = np.arange(3000.0)
    y = np.abs(x - 100).round(2)
    for solution in (es.solve(x, y, tolerance=0.1), es.solve(x, y, tolerance=0.1, simplify=False),
                     es.tradeoff(x, y).solution(1), es.tradeoff(*PEAK).solution(1)):  # fmt: skip
        again = pickle.loads(pickle.dumps(solution))
        assert again.law.lines == solution.law.lines
        assert again.certificate.document == solution.certificate.document
    assert pickle.loads(pickle.dumps(es.tradeoff(*PEAK))).points == es.tradeoff(*PEAK).points


def test_scikit_learn_is_loaded_with_the_estimators_only() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import exactsparse as es; from exactsparse import *\n"
        "assert 'PiecewiseLinearRegressor' in dir(es) and solve([0, 1], [0, 1]).value == 0\n"
        "try: es.SparseReLURegressor\n"
        "except es.MissingPackageError as error: print(error)\n"
        "else: sys.exit('no error')\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "exactsparse[sklearn]" in run.stdout
