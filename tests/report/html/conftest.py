"""Reports that several tests read."""

from __future__ import annotations

from dataclasses import replace

import pytest

import exactsparse as es
from exactsparse.report.html.page import html_report
from tests.cli.common import DATA
from tests.report.html.page import Page

# What people, and those who mean harm, call columns.
HOSTILE = (
    "<script>alert(1)</script>",
    "</style></title></script><img src=x onerror=alert(2)>",
    "'\"><svg onload=alert(3)> {{ 7*7 }} {% raw %} ]]> <!-- & \u2028",
)


def solutions() -> dict[str, es.Solution]:
    """One of every kind."""
    tax = es.read(DATA / "us_income_tax_2024_rounded.csv")
    xor = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    a, b, y = HOSTILE
    import pandas

    frame = pandas.DataFrame({a: [0, 0, 1, 1], b: [0, 1, 0, 1], y: [0, 1, 1, 0]})
    narrow = pandas.DataFrame({a: range(8), y: [0, 1, 3, 3, 2, 5, 1, 1]})
    noisy = [["0", "0.2"], ["1", "1.1"], ["2", "0.9"], ["2", "0.8"]]
    found: dict[str, es.Solution] = {
        "band": es.solve(tax, tolerance="auto"),
        "exact": es.solve(es.read(DATA / "us_income_tax_2024.csv")),
        "p": es.solve([0, 1, 2, 3, 4], [0, 1, 3, 3, 2], p="0.5"),
        "least": es.solve(tax, knots=3),
        "infeasible": es.solve(tax, shape="concave", tolerance=100),
        "contradiction": es.solve(
            [row[0] for row in noisy], [row[1] for row in noisy], tolerance="0.01"
        ),
        "bounds": es.solve(range(4), lower=[0, None, 1, 0], upper=[1, 2, None, 1]),
        "search": es.solve(*xor),
        "feasible": replace(es.solve(*xor), status=es.Status.FEASIBLE, bound=2),
        "tree": es.solve(*xor, tolerance="0.1"),
        "rays": es.solve(*xor, p=1),
        "without skip": es.solve([0, 1, 2, 3], [0, 0, 1, 3], skip="none"),
        "three features": es.solve([[0, 1, 2], [1, 1, 0], [2, 0, 1]], [0, 1, 2]),
        "one row": es.solve([1], [2]),
        "beyond floats": es.solve(["0", "1", "2"], ["0", "1e999", "0"]),
        "hostile": es.solve(frame, y),
        "hostile law": es.solve(narrow, y, tolerance=1),
    }
    # On a slow machine a search takes so long that its certificate would not be made for a page.
    for name in ("search", "tree", "rays"):
        assert found[name].certificate
    return found


@pytest.fixture(scope="session")
def solved() -> dict[str, es.Solution]:
    return solutions()


@pytest.fixture(scope="session")
def texts(solved: dict[str, es.Solution]) -> dict[str, str]:
    return {name: html_report(solution) for name, solution in solved.items()}


@pytest.fixture(scope="session")
def pages(texts: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in texts.items()}
