"""The direction of imports, read from the source: what the folders promise."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("exactsparse", "exactsparse_check")
MOST_LINES = 350
# Methods that users expect on an object and that belong to a room above it.
LAZY_EDGES_IN_CIRCLES = [
    "exactsparse.problem.network -> exactsparse.export.latex",
    "exactsparse.problem.network -> exactsparse.models.export",
    "exactsparse.problem.network -> exactsparse.models.torch_module",
    "exactsparse.routes.univariate.band.law -> exactsparse.export.latex",
    "exactsparse.routes.univariate.piecewise_linear -> exactsparse.export.latex",
    "exactsparse.solution.display -> exactsparse.report.frame",
    "exactsparse.solution.display -> exactsparse.report.html.page",
    "exactsparse.solution.display -> exactsparse.report.notebook",
    "exactsparse.solution.display -> exactsparse.report.plot",
    "exactsparse.solution.display -> exactsparse.report.search_plot",
    "exactsparse.solution.exports -> exactsparse.export",
]


def _modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = _modules()


def _imports(name: str) -> Iterator[tuple[str, bool]]:
    """Modules that a module imports, in full, and whether only when a function runs."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    yield from _in(tree.body, lazy=False)


def _in(body: list[ast.stmt], *, lazy: bool) -> Iterator[tuple[str, bool]]:
    for statement in body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test):
            yield from _in(statement.orelse, lazy=lazy)
        elif isinstance(statement, ast.Import):
            yield from ((alias.name, lazy) for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            assert statement.level == 0, "imports are written in full"
            assert statement.module is not None
            for alias in statement.names:
                inner = f"{statement.module}.{alias.name}"
                yield (inner if inner in MODULES else statement.module), lazy
        else:
            inside = lazy or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
            for child in ast.iter_child_nodes(statement):
                if isinstance(child, ast.stmt):
                    yield from _in([child], lazy=inside)
                elif isinstance(child, ast.excepthandler | ast.match_case):
                    yield from _in(child.body, lazy=inside)


def _graph(*, lazily: bool) -> dict[str, set[str]]:
    return {
        name: {
            other
            for other, lazy in _imports(name)
            if other in MODULES and other != name and lazy <= lazily
        }
        for name in MODULES
    }


def test_no_import_circle() -> None:
    try:
        list(TopologicalSorter(_graph(lazily=False)).static_order())
    except CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


def test_few_lazy_imports_close_a_circle() -> None:
    """With those within functions, circles are few and known."""
    eager, every = _graph(lazily=False), _graph(lazily=True)
    reach: dict[str, set[str]] = {}
    for name in TopologicalSorter(eager).static_order():
        reach[name] = {name}.union(*(reach[other] for other in eager[name]))
    closing = sorted(
        f"{name} -> {other}"
        for name in MODULES
        for other in every[name] - eager[name]
        if name in reach[other]
    )
    assert closing == LAZY_EDGES_IN_CIRCLES


def test_the_search_for_circles_sees_one() -> None:
    body = ast.parse(
        "import exactsparse.solve\n"
        "from exactsparse import verify\n"
        "try:\n    import torch\nexcept ImportError:\n    import numpy\n"
        "if TYPE_CHECKING:\n    import highspy\n"
        "def f():\n    if True:\n        from exactsparse.routes import registry\n"
    ).body
    assert list(_in(body, lazy=False)) == [
        ("exactsparse.solve", False),
        ("exactsparse.verify", False),
        ("torch", False),
        ("numpy", False),
        ("exactsparse.routes.registry", True),
    ]
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def _room(name: str) -> str:
    package, *inner = name.split(".")
    if package == "exactsparse_check" or not inner:
        return package
    return "/".join(inner[:2] if inner[0] == "routes" else inner[:1])


def test_imports_run_down_the_table_of_rooms() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    order = re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE)
    rooms = {_room(name) for name in MODULES}
    assert set(order) == rooms - {"exactsparse", "__main__", "routes"}
    for name, others in _graph(lazily=False).items():
        for other in others:
            a, b = _room(name), _room(other)
            if a != b and {a, b} <= set(order):
                assert order.index(a) < order.index(b), f"{name} imports {other}, a room above it"


def test_no_route_imports_another() -> None:
    rooms = sorted(path.parent.name for path in (ROOT / "exactsparse/routes").glob("*/route.py"))
    assert len(rooms) >= 5
    for name in MODULES:
        for room in rooms:
            if not name.startswith(f"exactsparse.routes.{room}"):
                continue
            foreign = {
                other
                for other, _ in _imports(name)
                if other.startswith("exactsparse.routes.")
                and other.split(".")[2] not in (room, "declaration", "checkpoint")
            }
            assert not foreign, f"{name} imports {foreign}"


def test_nothing_below_the_routes_imports_one() -> None:
    below = ("exact", "problem", "patterns", "lp", "upper_bounds", "certificate", "readers")
    for name in MODULES:
        if name.split(".")[1:2] and name.split(".")[1] in below:
            routes = {other for other, _ in _imports(name) if ".routes" in other}
            assert not routes, f"{name} imports {routes}"


def test_the_checker_stands_alone() -> None:
    """It shares no code with the solver, and needs the standard library only."""
    for name in MODULES:
        if name.split(".")[0] != "exactsparse_check":
            continue
        for other, _ in _imports(name):
            top = other.split(".")[0]
            assert top in sys.stdlib_module_names | {"exactsparse_check"}, f"{name} imports {other}"


def test_linear_programs_have_one_room() -> None:
    allowed = ("exactsparse.lp.", "exactsparse.routes.big_m.backends.highs")
    for name, path in MODULES.items():
        if not name.startswith(allowed):
            used = {other for other, _ in _imports(name) if other.split(".")[0] == "highspy"}
            assert not used, f"{name} imports highspy, which is for exactsparse.lp"
            assert "import highspy" not in path.read_text(encoding="utf-8")


def test_no_file_is_long() -> None:
    rooms = (*PACKAGES, "tests", "benchmarks")
    paths = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert len(paths) > 100
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > MOST_LINES}
    assert not long
