"""The docstrings of the public names hold what they promise, and all examples run."""

from __future__ import annotations

import ast
import doctest
import enum
import functools
import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from numpydoc.validate import validate

import exactsparse as es

# What the house does not ask for: a See Also, a second paragraph, verbs in the infinitive (the
# check takes plurals for verbs), or a description of what the first line has named.
UNASKED = {"SA01", "ES01", "SS05", "RT02", "RT03"}
# Of a method, the first line may say what it returns or yields, and needs no example.
UNASKED_OF_METHODS = UNASKED | {"RT01", "YD01", "EX01"}
# Classes that are not made, only caught, compared, or inherited from.
WITHOUT_EXAMPLE = (Exception, enum.Enum)


def _methods(owner: type) -> list[str]:
    kinds = (property, classmethod, staticmethod, functools.cached_property)
    return [
        name
        for name, member in vars(owner).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, kinds))
    ]


# What needs scikit-learn is no part of ``__all__``.
PUBLIC = {name: getattr(es, name) for name in (*es.__all__, *es._ESTIMATORS)}
METHODS = [
    (name, method)
    for name, owner in PUBLIC.items()
    if inspect.isclass(owner)
    for method in _methods(owner)
]


def _faults(path: str, unasked: set[str]) -> list[tuple[str, str]]:
    return [fault for fault in validate(path)["errors"] if fault[0] not in unasked]


def _arguments(function: object) -> list[str]:
    found = inspect.signature(function).parameters  # type: ignore[arg-type]
    return [name for name in found if name != "self"]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_documented(name: str) -> None:
    thing, unasked = PUBLIC[name], set(UNASKED)
    if inspect.isclass(thing):
        if issubclass(thing, WITHOUT_EXAMPLE) or inspect.isabstract(thing):
            unasked.add("EX01")
        # Fields are compared below: those of a base class are documented there.
        unasked.add("PR01")
    elif inspect.signature(thing).return_annotation == "None":
        unasked.add("RT01")
    # As exactsparse.solve, some names are modules, too.
    assert not _faults(f"{thing.__module__}.{thing.__qualname__}", unasked)


@pytest.mark.parametrize("name", [name for name in PUBLIC if is_dataclass(PUBLIC[name])])
def test_every_field_is_documented(name: str) -> None:
    documented = "\n".join(inspect.getdoc(base) or "" for base in PUBLIC[name].__mro__)
    for field in fields(PUBLIC[name]):
        if not field.name.startswith("_"):
            lines = [line for line in documented.splitlines() if " : " in line]
            assert any(field.name in line.split(" : ")[0].split(", ") for line in lines), field.name


@pytest.mark.parametrize(("owner", "method"), METHODS, ids=".".join)
def test_a_public_method_is_documented(owner: str, method: str) -> None:
    unasked = set(UNASKED_OF_METHODS)
    member = inspect.getattr_static(PUBLIC[owner], method)
    if inspect.isfunction(member) and len(_arguments(member)) == 1:
        # The first line may say all that there is to say of one argument.
        unasked.add("PR01")
    assert not _faults(f"exactsparse.{owner}.{method}", unasked)


MODULES = [
    module.name
    for module in pkgutil.walk_packages(es.__path__, "exactsparse.")
    if not module.name.endswith("__main__")
]


def _source(name: str) -> str:
    base = Path(es.__path__[0]).parent / name.replace(".", "/")
    path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MODULES if ">>> " in _source(name)])
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        for example in test.examples:
            for statement in ast.parse(example.source).body:
                if isinstance(statement, ast.Import):
                    for alias in statement.names:
                        pytest.importorskip(alias.name)
        run = doctest.DocTestRunner().run(test)
        assert run.failed == 0


def test_there_are_examples() -> None:
    assert sum(">>> " in _source(name) for name in MODULES) > 20
