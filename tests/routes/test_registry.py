"""Routes are chosen, and options refused, by what routes declare."""

from __future__ import annotations

import inspect
import itertools
import subprocess
import sys
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse import Dataset, Problem
from exactsparse.routes.registry import METHODS, ROUTES, able, choose
from tests.cli.common import Run

ONE = Dataset.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
TWO = Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
OBJECTIVES = [
    {"objective": "neurons"},
    {"objective": "parameters"},
    {"p": 0},
    {"p": "1/2"},
    {"p": 1},
]
PROBLEMS = [
    (dataset, options | {"skip": skip})
    for dataset, options, skip in itertools.product((ONE, TWO), OBJECTIVES, ("affine", "none"))
]
OPTIONS = {
    "workers": 2,
    "checkpoint": "does_not_exist/work.sqlite",
    "start": "no_such_model.json",
    "solver": "highs",
    "big_m": 100.0,
}
ASKED = {
    "univariate": {}, "search": {}, "tree": {}, "rays": {"p": 1}, "vertices": {"p": "1/2"},
    "cuts": {}, "big-m": {},
}  # fmt: skip


def expected(dataset: Dataset, options: dict) -> str | None:
    """Which method solves a problem, written out."""
    if dataset.n_features == 1 and options["skip"] == "affine":
        return "search" if options.get("objective") == "parameters" else "univariate"
    if "objective" in options:
        return "search"
    if options["p"] == 1:
        return "rays"
    return "vertices" if options["p"] == "1/2" and options["skip"] == "none" else None


@pytest.mark.parametrize(("dataset", "options"), PROBLEMS, ids=str)
def test_every_problem_has_its_route_or_none(dataset: Dataset, options: dict) -> None:
    problem, method = Problem.of(dataset, **options), expected(dataset, options)
    if method is None:
        assert not able(problem)
        with pytest.raises(es.UnsupportedProblemError, match="no method solves the path norm"):
            choose(problem)
        return
    assert choose(problem).method == method
    fit = {route.method for route in able(problem)}
    assert method in fit
    for name in METHODS[1:]:
        if name in fit:
            assert choose(problem, name).method == name
            continue
        with pytest.raises(es.UnsupportedProblemError, match="use method .*" + method):
            choose(problem, name)


@pytest.mark.parametrize(
    ("method", "option"),
    [
        (route.method, option)
        for route in ROUTES
        for option in OPTIONS
        if option not in route.options
    ],
)
def test_an_option_that_is_not_used_is_refused(method: str, option: str) -> None:
    dataset = ONE if method == "univariate" else TWO
    with pytest.raises(es.ProblemError, match=f"method '{method}' does not use {option}: leave"):
        es.solve(dataset, method=method, **ASKED[method], **{option: OPTIONS[option]})


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.method)
def test_declarations_are_what_the_functions_take(route: object) -> None:
    room = import_module(f"exactsparse.routes.{route.package}.route")
    taken = set(inspect.signature(room.solve).parameters)
    assert taken == {"problem", "deadline", "progress", *route.options} - {"time_limit"}


@pytest.mark.parametrize(
    "option",
    [("--checkpoint", "work.sqlite"), ("--start", "no_such_model.json"), ("--workers", "2")],
    ids=lambda option: option[0],
)
def test_the_command_refuses_what_one_feature_does_not_use(
    option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "peak.csv"
    table.write_text("x,y\n-1,0\n0,1\n1,0\n")
    run = Run(capsys, "solve", table, *option)
    assert run.code == 2
    assert f"method 'univariate' does not use {option[0][2:]}: leave it out" in run.err
    assert not (tmp_path / "work.sqlite").exists()


def test_verify_refuses_workers_for_one_feature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, model = tmp_path / "peak.csv", tmp_path / "model.json"
    table.write_text("x,y\n-1,0\n0,1\n1,0\n")
    network = es.solve([-1, 0, 1], [0, 1, 0]).network
    es.export(network, model)
    assert Run(capsys, "verify", model, table).code == 0
    run = Run(capsys, "verify", model, table, "--workers", "2")
    assert run.code == 2
    assert "does not use workers" in run.err


def test_a_start_of_a_search_must_exist() -> None:
    with pytest.raises(es.DataNotFoundError):
        es.solve(TWO, start="no_such_model.json")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "milp"}, "method must be one of 'auto', 'univariate', 'search', 'tree', "),
        ({"objective": "knots"}, "objective must be one of 'neurons', 'parameters'"),
        ({"skip": "linear"}, "skip must be one of 'affine', 'none'"),
        ({"objective": "neurons", "p": 1}, "objective and p exclude each other"),
        ({"time_limit": 0}, "time_limit must be a positive number"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"workers": float("nan")}, "workers must be a whole number"),
        ({"workers": "2"}, "workers must be a whole number"),
    ],
    ids=str,
)
def test_values_out_of_range_are_refused(options: dict, message: str) -> None:
    with pytest.raises(es.ProblemError, match=message):
        es.solve(TWO, **options)


def test_defaults() -> None:
    for dataset, skip, found in (
        (ONE, None, ("neurons", "affine")),
        (ONE, "none", ("parameters", "none")),
        (TWO, None, ("parameters", "none")),
        (TWO, "affine", ("parameters", "affine")),
    ):
        problem = Problem.of(dataset, skip=skip)
        assert (problem.objective, problem.skip, problem.p) == (*found, None)
    problem = Problem.of(TWO, p="1/3")
    assert (problem.objective, problem.p) == ("path_norm", Fraction(1, 3))


def test_declarations_load_no_compiler_and_no_solver() -> None:
    program = "import sys, exactsparse.routes.registry\n" + (
        "heavy = {'numba', 'highspy', 'ortools', 'pyscipopt', 'torch', 'cvxpy', 'scipy'}\n"
        "assert not heavy & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
