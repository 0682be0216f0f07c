"""Certificates of the solver, read by the checker that shares no code with it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import exactsparse as es
from exactsparse_check import check
from tests.strategies import Data, any_data, exponents

in_folder = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def verdict_of(solution: es.Solution, folder: Path, data: Path | None = None) -> str:
    path = folder / "proof.json"
    solution.certificate.save(path)
    return str(check(path, data))


@in_folder
@given(data=any_data())
def test_knot_counts_are_accepted(data: Data, tmp_path: Path) -> None:
    assert verdict_of(es.solve(*data), tmp_path) == "accepted"


@in_folder
@given(data=any_data(), p=exponents)
def test_path_norms_are_accepted(data: Data, p: Fraction, tmp_path: Path) -> None:
    for exponent in (p, 1):
        assert verdict_of(es.solve(*data, p=exponent), tmp_path) == "accepted"


@pytest.mark.parametrize("p", [None, "0", "1/3", "1/2", "1"])
@pytest.mark.parametrize("jumps", [[1] * 5, [1, 8, 8, 1], [2, 16, 16, 2], [3, 1, 4, 1, 5, 9, 2]])
def test_ties_are_accepted(jumps: list[int], p: str | None, tmp_path: Path) -> None:
    slopes = np.concatenate(([0], np.cumsum(jumps)))
    y = np.concatenate(([0], np.cumsum(slopes)))
    assert verdict_of(es.solve(np.arange(len(y)), y, p=p), tmp_path) == "accepted"


def test_data_are_read_again(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("x,y\n2,0\n0,0\n1,1.50\n1,1.5\n")
    solution = es.solve(es.read(table))
    assert verdict_of(solution, tmp_path, table) == "accepted"
    table.write_text("x,y\n2,0\n0,0\n1,1.51\n")
    assert verdict_of(solution, tmp_path, table).startswith("rejected")


def test_chosen_label_column_is_found_again(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("y;x\n0;1\n1/3;2\n0;3\n")
    assert verdict_of(es.solve(es.read(table, y="y")), tmp_path, table) == "accepted"


def test_long_data_are_not_embedded(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(-9, 9, 12_000)
    table = tmp_path / "table.csv"
    np.savetxt(table, np.column_stack((np.arange(12_000), y)), fmt="%d", delimiter=",")
    solution = es.solve(np.arange(12_000), y)
    assert solution.certificate.document["data"]["points"] is None
    assert verdict_of(solution, tmp_path, table) == "accepted"


def test_compiled_route_is_accepted(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    x = np.unique(rng.uniform(-1, 1, 3000))
    solution = es.solve(x, rng.normal(size=len(x)), p="0.4")
    assert solution.law.points.is_float64
    assert verdict_of(solution, tmp_path) == "accepted"


def test_a_worse_network_is_rejected(tmp_path: Path) -> None:
    """The checker compares the claim with its own reading, not with the solver's word."""
    document = es.solve([0, 1, 2, 3], [0, 0, 1, 3]).certificate.document
    assert document["claim"]["value"] == 1
    path = tmp_path / "forged.json"
    document["claim"]["value"] = 2
    path.write_text(json.dumps(document))
    assert "cost is not the claimed one" in str(check(path))
    # A knot at each bend instead of one between them: an interpolant that costs what it claims.
    document["network"] = {
        "neurons": [{"weights": ["1"], "bias": bias, "output": "1"} for bias in ("-1", "-2")],
        "skip": {"weights": ["0"], "bias": "0"},
    }
    path.write_text(json.dumps(document))
    assert "cost is not the lower bound" in str(check(path))


def test_feasible_results_have_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsparse.routes.univariate import route

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(route, "match_run", interrupted)
    solution = es.solve([0, 1, 2, 3, 4], [0, 0, 1, 3, 7], p="1/2", on_interrupt="return")
    assert solution.status == "feasible"
    assert solution.lower_bound < solution.value
    with pytest.raises(es.NoCertificateError):
        _ = solution.certificate


def test_unwritable_path(tmp_path: Path) -> None:
    with pytest.raises(es.OutputError, match="cannot write"):
        es.solve([0, 1], [0, 1]).certificate.save(tmp_path / "nowhere" / "proof.json")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("0,1\n1,2\n5,3\n", "c1"),
        (",b\n0,1\n1,2\n5,3\n", "c1"),
        ("a,a\n0,1\n1,2\n5,3\n", None),
        ("y,y\n0,1\n1,2\n5,3\n", None),
        ('"1","2"\n0,1\n1,2\n5,3\n', None),
        ("v|V,cur\n0,1\n1,2\n5,3\n", None),
        ("0   1\n1 2\n 5  3\n", None),
        ("x;y\n0;+1/3\n1;1/03\n2;1 / 3\n", None),
        ("# a comment\n\nx\ty\n0\t1e3\n1\t.5\n2\t-0\n", None),
        ("\ufeffx,y\r\n0,1\r\n1,2\r\n2,4\r\n", None),
    ],
)
def test_tables_are_read_alike(text: str, label: str | None, tmp_path: Path) -> None:
    """What the solver reads, the checker reads, although they share no code."""
    table = tmp_path / "table.dat"
    table.write_bytes(text.encode())
    assert verdict_of(es.solve(es.read(table, y=label)), tmp_path, table) == "accepted"


@pytest.mark.parametrize("p", ["1e-400", "1e-320", str(1 - Fraction(1, 10**40))])
def test_extreme_exponents_are_accepted(p: str, tmp_path: Path) -> None:
    solution = es.solve(range(7), [0, 0, 1, 3, 7, 12, 20], p=p)
    assert verdict_of(solution, tmp_path) == "accepted"


def test_a_row_of_numbers_is_no_header_whatever_the_names(tmp_path: Path) -> None:
    solution = es.solve([0, 1, 2, 3], [0, 1, 0, 5])
    document = solution.certificate.document
    document["data"] |= {"features": ["-1"], "label": "7"}
    proof, table = tmp_path / "forged.json", tmp_path / "table.csv"
    proof.write_text(json.dumps(document))
    table.write_text("-1,7\n0,0\n1,1\n2,0\n3,5\n")
    assert not check(proof, table).accepted


def test_costs_that_agree_to_hundreds_of_digits(tmp_path: Path) -> None:
    x = [0, 1, 10**300, 10**300 + 10**200]
    solution = es.solve(x, [-(10**400), -1, 0, 0], p="2/3")
    assert verdict_of(solution, tmp_path) == "accepted"
