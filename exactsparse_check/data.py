"""What is read: exact numbers, the certificate, and the table that it speaks of."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

Points = list[tuple[Fraction, Fraction]]

# The patterns keep numbers to 100000 digits, and exponents to 10000.
RATIONAL = re.compile(r"(-?[0-9]{1,100000})(?:/([1-9][0-9]{0,99999}))?")
MANTISSA = r"[+-]?(?:[0-9]{1,100000}(?:\.[0-9]{0,100000})?|\.[0-9]{1,100000})"
QUOTIENT = re.compile(r"([+-]?[0-9]{1,100000}) */ *([0-9]{1,100000})")
DECIMAL = re.compile(MANTISSA + "(?:[eE][+-]?0*(?:[0-9]{1,4}|10000))?")


class UsageError(ValueError):
    """The check cannot begin, for want of a file that can be read."""


class Rejected(Exception):
    """The certificate does not prove what it claims."""


def require(condition: object, complaint: str) -> None:
    """Reject the certificate unless the condition holds."""
    if not condition:
        raise Rejected(complaint)


def rational(text: object) -> Fraction:
    """Read a rational string such as "-3/2"."""
    match = RATIONAL.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise Rejected("malformed: a rational like -3/2, of at most 100000 digits, is due")
    # Decimal is exact at any length; int() and str() stop at 4300 digits, process-wide.
    return Fraction(int(Decimal(match[1])), int(Decimal(match[2] or 1)))


# The schema: (shape,) is a list of length one, [shape] of any; object is looked at later.
ABOUT = {"sha256": str, "n_points": int, "n_features": 1, "features": (str,), "label": str}
NEURON = {"weights": (rational,), "bias": rational, "output": rational}
CERTIFICATE = {
    "schema": "exactsparse/certificate/1",
    "data": ABOUT | {"points": object},
    "objective": {"kind": str, "p": object, "skip": "affine", "tolerance": "0"},
    "claim": {"status": "optimal", "value": object},
    "network": {"neurons": [NEURON], "skip": {"weights": (rational,), "bias": rational}},
    "lower_bound": object,
}


def fit(value: Any, shape: Any) -> Any:
    """Return the value, its rationals converted, if it has exactly this shape."""
    if shape is rational:
        return rational(value)
    if isinstance(shape, dict):
        keys = isinstance(value, dict) and value.keys() == shape.keys()
        require(keys, f"malformed: an object is due with the keys {', '.join(shape)}")
        return {key: fit(value[key], shape[key]) for key in shape}
    if isinstance(shape, list) and isinstance(value, list):
        return [fit(item, shape[0]) for item in value]
    if isinstance(shape, tuple) and isinstance(value, list) and len(value) == len(shape):
        return tuple(map(fit, value, shape))
    # Types are compared as such, since True is an instance of int and equals 1.
    same = shape in (object, type(value)) or (type(value) is type(shape) and value == shape)
    due = "a list of the right length" if isinstance(shape, list | tuple) else repr(shape)
    require(same, f"malformed: {due} is due where something else stands")
    return value


def certificate(path: str | PathLike[str]) -> Any:
    """Read JSON of the schema, without floats, NaN or repeated keys."""
    kinds = ("parse_int", "parse_float", "parse_constant")
    hooks: Any = dict.fromkeys(kinds, lambda text: int(rational(text)))
    text = Path(path).read_bytes().decode()
    return fit(json.loads(text, object_pairs_hook=_unique, **hooks), CERTIFICATE)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    require(len(pairs) == len(dict(pairs)), "malformed: a key occurs twice in one object")
    return dict(pairs)


def table(path: str | PathLike[str], about: dict[str, Any]) -> Points:
    """Read two columns of a CSV or TSV file: the points sorted, with equal ones merged.

    Delimiters, and columns of equal names, are tried in turn: a reading with the sha256 of the
    certificate is the one that is meant; without one the last reading is returned.
    """
    if Path(path).suffix.lower() in (".npy", ".npz", ".parquet"):
        raise UsageError("this checker reads CSV and TSV; save the data so, in UTF-8")
    text = Path(path).read_bytes().decode("utf-8-sig", "replace")
    lines = [line.strip(" ") for line in re.split("\r\n|\r|\n", text)]
    lines = [line for line in lines if line.strip() and line.lstrip()[0] != "#"]
    points: Points = []
    for mark in "\t;|, ":
        with suppress(csv.Error):
            for points in _readings(lines, mark, about):
                if digest(points) == about["sha256"]:
                    return points
    require(points, "the data file is no table of numbers: see that rows are of one length")
    return points


def _readings(lines: list[str], mark: str, about: dict[str, Any]) -> Iterator[Points]:
    """Give the points for both orders of the two columns, where both may be meant."""
    spaced = (re.sub(" +", " ", line) for line in lines) if mark == " " else lines
    reader = csv.reader(spaced, delimiter=mark, skipinitialspace=True, strict=True)
    rows = [[cell.strip() for cell in row] for row in reader]
    if not rows or any(len(row) != 2 for row in rows):
        return
    # No row of numbers is passed over as a header, unless it alone is in quotes.
    quoted = '"' in lines[0] and not any('"' in line for line in lines[1:])
    named = {about["features"][0], about["label"]} <= set(rows[0])
    text = not any(map(_is_number, rows[0]))
    all_numbers = all(map(_is_number, rows[0]))
    header = text or (named and (quoted or not all_numbers))
    names = rows.pop(0) if header else ["", ""]
    # Columns without a name count as c1, c2.
    names = [name or f"c{j + 1}" for j, name in enumerate(names)]
    for y in [j for j in (0, 1) if names[j] == about["label"]] or [1]:
        pairs = {(row[1 - y], row[y]) for row in rows}
        if all(_is_number(cell) for pair in pairs for cell in pair):
            yield sorted({(_number(s), _number(t)) for s, t in pairs})


def _is_number(cell: str) -> bool:
    quotient = QUOTIENT.fullmatch(cell)
    return bool(int(Decimal(quotient[2])) if quotient else DECIMAL.fullmatch(cell))


def _number(cell: str) -> Fraction:
    quotient = QUOTIENT.fullmatch(cell)
    parts = quotient.groups() if quotient else (cell, "1")
    return Fraction(Decimal(parts[0])) / Fraction(Decimal(parts[1]))


def digest(points: Points) -> str:
    """Return the sha256 of the points, each a line of two numbers in lowest terms."""
    ratios = [[map(Decimal, q.as_integer_ratio()) for q in point] for point in points]
    lines = (" ".join(f"{n}/{d}".removesuffix("/1") for n, d in row) + "\n" for row in ratios)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
