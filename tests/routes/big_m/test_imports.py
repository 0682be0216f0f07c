"""Optional packages: none is loaded unasked, any order works, a missing one names its extra."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys

import pytest

import exactsparse as es
from exactsparse import packages
from exactsparse.routes.big_m.backends.highs import Highs

PACKAGES = {
    "cvxpy": "import cvxpy as c\nassert 'HIGHS' in c.installed_solvers()",
    "highspy": "import highspy\nhighspy.Highs().setOptionValue('output_flag', False)",
    "ortools": "from ortools.sat.python import cp_model\ncp_model.CpSolver()",
    "torch": "import torch\ntorch.zeros(1)",
}
INSTALLED = [name for name in PACKAGES if importlib.util.find_spec(name) is not None]
NAMES = [*PACKAGES, "pyscipopt", "numba", "scipy"]
XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


def run(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def covering_orders() -> list[tuple[str, ...]]:
    """Orders of the packages among which any two of them stand in either order."""
    found: list[tuple[str, ...]] = []
    missing = set(itertools.permutations(INSTALLED, 2))
    while missing or not found:
        # The first of those that cover most.
        best = max(
            itertools.permutations(INSTALLED),
            key=lambda order: len(missing & set(itertools.combinations(order, 2))),
        )
        found.append(best)
        missing -= set(itertools.combinations(best, 2))
    return found


@pytest.mark.parametrize("order", covering_orders(), ids="-".join)
def test_packages_share_a_process_in_any_order(order: tuple[str, ...]) -> None:
    lines = ["import exactsparse as es", *(PACKAGES[name] for name in order)]
    lines.append(f"assert es.solve(*{XOR!r}, method='cuts').value == 4")
    run("\n".join(lines))


def test_the_route_of_rays_needs_no_modelling_language() -> None:
    run(
        "import exactsparse as es, sys\nes.solve([[0, 1], [1, 2], [2, 0]], [1, 2, 0], p=1)\n"
        "assert not {'cvxpy', 'ortools'} & sys.modules.keys()"
    )


def test_importing_exactsparse_loads_none_of_them() -> None:
    run(f"import exactsparse, sys\nassert not set({NAMES!r}) & sys.modules.keys()")


@pytest.mark.parametrize(
    ("options", "missing", "extra"),
    [
        ({"method": "cuts"}, "ortools.sat.python.cp_model", "milp"),
        ({"method": "big-m"}, "highspy", "milp"),
        ({"method": "big-m", "solver": "scip"}, "pyscipopt", "scip"),
    ],
)
def test_a_missing_package_names_the_extra(
    options: dict, missing: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = packages.importlib.import_module

    def without(name: str) -> object:
        if name == missing:
            raise ImportError(f"No module named {name!r}", name=name)
        return find(name)

    monkeypatch.setattr(packages.importlib, "import_module", without)
    with pytest.raises(es.errors.MissingPackageError, match=rf"exactsparse\[{extra}\]"):
        es.solve(*XOR, **options)


def test_capabilities_name_module_and_extra() -> None:
    capabilities = Highs().capabilities
    assert (capabilities.module, capabilities.extra) == ("highspy", "milp")
