"""One solution of every kind, with names that only plain text survives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot
import pytest

import exactsparse as es

NAMES = ("a<b> & $x_$", "c")
X2 = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 1], [2, 3]]
Y2 = [0, 1, 1, 0, 2, 1]
X3 = [[0, 0, 5], [0, 1, 4], [1, 0, 3], [1, 1, 2], [2, 1, 9], [2, 3, 1]]


def named(X: Any, y: Any, **given: Any) -> es.Dataset:
    """A dataset whose names are not harmless."""
    data = es.Dataset.from_arrays(X, y, **given)
    names = tuple(f"{NAMES[0]} {k}" for k in range(data.n_features))
    return dataclasses.replace(data, feature_names=names, label_name="<script>alert(1)</script> $")


def _solutions() -> dict[str, es.Solution]:
    flat, ups = range(8), [0, 0, 1, 3, 5, 4, 3, 2]
    plane, three = named(X2, Y2), named(X3, Y2)
    return {
        "knots": es.solve(named(flat, ups)),
        "band": es.solve(named(flat, ups), tolerance="0.4"),
        "intervals": es.solve(named(flat, None, lower=ups, upper=[None] * 8)),
        "least": es.solve(named(flat, ups), knots=1),
        "line": es.solve(named(flat, ups), skip="none", objective="neurons"),
        "line in a band": es.solve(named(flat, ups), skip="none", tolerance="0.4"),
        "plane": es.solve(plane),
        "plane in a band": es.solve(plane, tolerance="0.3"),
        "plane, least": es.solve(plane, parameters=2),
        "rays": es.solve(plane, p=1),
        "claims": es.solve(plane, method="big-m", time_limit=5),
        "space": es.solve(three),
        "space in a band": es.solve(three, tolerance="0.3"),
    }


@pytest.fixture(scope="session")
def solutions() -> dict[str, es.Solution]:
    return _solutions()


@pytest.fixture(autouse=True)
def nothing_is_kept_by_pyplot() -> Iterator[None]:
    yield
    assert matplotlib.pyplot.get_fignums() == []
