"""The certificate as a file: exact numbers, and what must stand where."""

import json
import re
from decimal import MAX_EMAX, Context, Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

# Numbers may have 100000 digits.
RATIONAL = re.compile(r"(-?[0-9]{1,100000})(?:/([1-9][0-9]{0,99999}))?")


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


def decimal(value: Fraction, digits: int = 15) -> str:
    """Say a number in some digits, whatever its size."""
    context = Context(prec=digits, Emin=-MAX_EMAX, Emax=MAX_EMAX)
    return str(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


# The schema: (shape,) is a list of length one, [shape] of any; object is looked at later.
ABOUT = {"sha256": str, "n_points": int, "n_features": 1, "features": (str,), "label": str}
NEURON = {"weights": (rational,), "bias": rational, "output": rational}
UNIVARIATE = {
    "schema": "exactsparse/certificate/1",
    "data": ABOUT | {"points": object},
    "objective": {"kind": str, "p": object, "skip": "affine", "tolerance": "0"},
    "claim": {"status": "optimal", "value": object},
    "network": {"neurons": [NEURON], "skip": {"weights": (rational,), "bias": rational}},
    "lower_bound": object,
}
SKIP = {"weights": [rational], "bias": rational}
SEARCH = UNIVARIATE | {
    "data": ABOUT | {"n_features": int, "features": [str], "points": object},
    "objective": {"kind": str, "p": None, "skip": str, "tolerance": "0"},
    "claim": {"status": "optimal", "value": int},
    "network": {"neurons": [NEURON | {"weights": [rational]}], "skip": object},
    "lower_bound": {"kind": "search", "levels": [object]},
}
RAYS = SEARCH | {
    "objective": {"kind": "path_norm", "p": "1", "skip": str, "tolerance": "0"},
    "claim": {"status": "optimal", "value": rational},
    "lower_bound": {"kind": "ray_dual", "duals": [rational]},
}
FARKAS = SEARCH | {"lower_bound": {"kind": "farkas", "cuts": [[rational]]}}
SHAPES = {"search": SEARCH, "farkas": FARKAS, "ray_dual": RAYS}


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
    tree = json.loads(text, object_pairs_hook=_unique, **hooks)
    return fit(tree, SHAPES.get(kind_of_bound(tree), UNIVARIATE))


def kind_of_bound(tree: Any) -> str:
    """Return the kind of the lower bound; empty if there is none."""
    bound = tree.get("lower_bound") if isinstance(tree, dict) else None
    kind = bound.get("kind") if isinstance(bound, dict) else None
    return kind if isinstance(kind, str) else ""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    require(len(pairs) == len(dict(pairs)), "malformed: a key occurs twice in one object")
    return dict(pairs)
