"""The C that is written, compiled without a warning into one library and called."""

from __future__ import annotations

import ctypes
import math
import random
import re
import shlex
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import exactsparse as es
from exactsparse import Formula, Network, Neuron, Skip
from tests.cli.common import DATA
from tests.export.laws import ROOF, UGLY, assert_near, law, places, plane, saw

_DRAW = random.Random(11)
Compiled = dict[int, Callable[..., float]]


def _random_networks() -> Iterator[Network]:
    for d in (1, 2, 3, 3, 5):
        neurons = tuple(
            Neuron(tuple(_number() for _ in range(d)), _number(), _number()) for _ in range(d + 2)
        )
        yield Network(neurons, Skip(tuple(_number() for _ in range(d)), _number()), d)


def _number() -> Fraction:
    return Fraction(_DRAW.randint(-40, 40), _DRAW.randint(1, 12))


def _formulas() -> Iterator[Formula]:
    tax = es.solve(es.read(DATA / "us_income_tax_2024_rounded.csv"), tolerance="auto")
    flat = [law(range(k), [i % 2 for i in range(k)], 2, 0) for k in (2, 40)]
    far = law([10**15, 10**15 + 1], [0, "1/3"], 0, "1/7")
    for k, function in enumerate(
        [tax, ROOF, saw(200), law([0], [3], 0, 1), *flat, far, *_random_networks(), plane()]
    ):
        names = Formula.of(function).features
        yield Formula.of(function, names, f"law {k}")
    for k, name in enumerate(UGLY):
        yield Formula.of(plane(), [name, UGLY[k - 1]], f"{name} of {k}")
        yield Formula.of(saw(20), [name], f"{name} many of {k}")
    # Its only piece does not depend on its argument.
    yield Formula.of(Network((), Skip((Fraction(0),), Fraction(1, 3)), 1), None, "constant")
    yield Formula.of(Network((), None, 2), None, "nothing")


FORMULAS = list(_formulas())


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """All functions, from one file."""
    folder: Path = tmp_path_factory.mktemp("c")
    source, library = folder / "laws.c", folder / "laws.so"
    codes = [formula.to_c() for formula in FORMULAS]
    source.write_text("\n".join(codes), encoding="utf-8")
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
    done = subprocess.run(
        [compiler, *strict, "-o", str(library), str(source)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = ctypes.CDLL(str(library))
    found = {}
    for k, (formula, code) in enumerate(zip(FORMULAS, codes, strict=True)):
        (name,) = re.findall(r"^double (predict_\w+)\(", code, re.MULTILINE)
        found[k] = getattr(loaded, name)
        found[k].restype = ctypes.c_double
        found[k].argtypes = [ctypes.c_double] * len(formula.features)
    return found


@pytest.mark.parametrize("k", range(len(FORMULAS)))
def test_values_are_as_near_as_the_comment_says(k: int, compiled: Compiled) -> None:
    formula = FORMULAS[k]
    if len(formula.features) == 1:
        points = [[x] for x in places(formula)]
    else:
        draw = [0.0, -0.0, 1 / 3, -7.25, 1e9, -20.0]
        points = [[_DRAW.choice(draw) for _ in formula.features] for _ in range(30)]
    for point in points:
        assert_near(formula, point, compiled[k](*point))


def test_at_the_data(compiled: Compiled) -> None:
    """The statute within half a dollar of every rounded label, as the solution promises."""
    data = es.read(DATA / "us_income_tax_2024_rounded.csv")
    for i in range(data.n_points):
        x, y = map(float, data.row(i))
        assert abs(compiled[0](x) - y) <= 0.5 + 1e-9


def test_what_is_no_number(compiled: Compiled) -> None:
    """Last pieces are constant, which hides a NaN."""
    for k, size in ((4, 2), (5, 40)):
        assert math.isnan(compiled[k](math.nan))
        assert compiled[k](math.inf) == (size - 1) % 2 and compiled[k](-math.inf) == -math.inf
    place = next(k for k, formula in enumerate(FORMULAS) if len(formula.features) == 2)
    assert math.isnan(compiled[place](math.nan, 1.0)) and math.isnan(compiled[place](1.0, math.nan))


def test_many_pieces_are_a_table() -> None:
    code = FORMULAS[2].to_c()
    assert "static const double starts[200]" in code and code.count("if (") == 3
    assert max(map(len, code.splitlines())) <= 100


def test_names_of_macros_are_left_to_the_headers(tmp_path: Path) -> None:
    """Every constant that the standard headers define, as the name of a feature."""
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    headers = (
        "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal "
        "stdarg stdbool stddef stdint stdio stdlib string tgmath time wchar wctype"
    )
    includes = "".join(f"#include <{name}.h>\n" for name in headers.split())
    source = tmp_path / "law.c"
    source.write_text(includes)
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror"]
    listed = subprocess.run(
        [compiler, *strict, "-dM", "-E", str(source)], capture_output=True, text=True, check=True
    ).stdout
    macros = re.findall(r"^#define ([A-Za-z][A-Za-z0-9_]*)(?: |$)", listed, re.MULTILINE)
    assert {"I", "INFINITY", "NAN", "EOF", "errno", "stdin", "complex"} <= set(macros)
    ones = Skip((Fraction(1),) * len(macros), Fraction(0))
    source.write_text(includes + Formula.of(Network((), ones, len(macros)), macros).to_c())
    done = subprocess.run(
        [compiler, *strict, "-c", "-o", str(tmp_path / "law.o"), str(source)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[:2000]
