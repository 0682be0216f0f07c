"""The examples of the documentation run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from exactsparse.routes.univariate import band

MODULES = [module.name for module in pkgutil.iter_modules(band.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"{band.__name__}.{name}")
    assert doctest.testmod(module).failed == 0
