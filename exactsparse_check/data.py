"""What is read: exact numbers, the certificate, and the table that it speaks of."""

import csv
import hashlib
import json
import re
from decimal import Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

Points = list[tuple[Fraction, Fraction]]

# The patterns keep numbers to 100000 digits, and exponents to 10000.
RATIONAL = re.compile(r"(-?[0-9]{1,100000})(?:/([1-9][0-9]{0,99999}))?")
MANTISSA = r"[+-]?(?:[0-9]{1,100000}(?:\.[0-9]{0,100000})?|\.[0-9]{1,100000})"
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


def table(path: str | PathLike[str], feature: str, label: str) -> Points:
    """Read two columns of a CSV or TSV file: the points sorted, with equal ones merged."""
    if Path(path).suffix.lower() in (".npy", ".npz", ".parquet"):
        raise UsageError("this checker reads CSV and TSV; save the data so, in UTF-8")
    text = Path(path).read_bytes().decode("utf-8-sig", "replace")
    lines = [line.strip(" ") for line in re.split("\r\n|\r|\n", text)]
    lines = [line for line in lines if line.strip() and line.lstrip()[0] != "#"]
    unquoted = re.sub('"[^"]*"', "", "".join(lines[:1]))
    mark = next((mark for mark in "\t;|, " if mark in unquoted), ",")
    if mark == " ":
        lines = [re.sub(" +", " ", line) for line in lines]
    reader = csv.reader(lines, delimiter=mark, skipinitialspace=True, strict=True)
    rows = [[cell.strip() for cell in row] for row in reader]
    even = rows and all(len(row) == len(rows[0]) for row in rows)
    require(even, "the data file is not a table: it is empty, or its rows differ in length")
    columns = range(len(rows[0]))
    named = {feature, label} <= set(rows[0])
    header = rows.pop(0) if named or not all(map(_is_number, rows[0])) else []
    y = header.index(label) if label in header else columns[-1]
    others = [j for j in columns if j != y]
    xs = [j for j in others if header and header[j] == feature] or others
    if len(xs) != 1:
        raise UsageError(f"DATA needs one column named {feature!a}, or just two columns")
    pairs = {(row[xs[0]], row[y]) for row in rows}
    exact = all(_is_number(cell) for pair in pairs for cell in pair)
    require(exact, "the data file has a cell that is not a number, or is one too large")
    return sorted({(_number(x), _number(y)) for x, y in pairs})


def _is_number(cell: str) -> bool:
    return bool(DECIMAL.fullmatch(cell) or RATIONAL.fullmatch(cell))


def _number(cell: str) -> Fraction:
    return rational(cell) if "/" in cell else Fraction(Decimal(cell))


def digest(points: Points) -> str:
    """Return the sha256 of the points, each a line of two numbers in lowest terms."""
    ratios = [[map(Decimal, q.as_integer_ratio()) for q in point] for point in points]
    lines = (" ".join(f"{n}/{d}".removesuffix("/1") for n, d in row) + "\n" for row in ratios)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
