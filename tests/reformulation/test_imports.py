"""The front door loads no solver; the convex route no modelling language."""

from __future__ import annotations

import subprocess
import sys


def loaded(code: str) -> set[str]:
    report = f"{code}\nimport sys; print(*sys.modules)"
    run = [sys.executable, "-c", report]
    return set(subprocess.run(run, check=True, capture_output=True, text=True).stdout.split())


def test_import_is_light() -> None:
    modules = loaded("import exactsparse")
    assert not modules & {"cvxpy", "highspy", "ortools", "numba", "scipy"}


def test_convex_route_does_not_load_cvxpy() -> None:
    modules = loaded("import exactsparse as es; es.solve([[0, 1], [1, 2], [2, 0]], [1, 2, 0], p=1)")
    assert "highspy" in modules
    assert not modules & {"cvxpy", "ortools"}
