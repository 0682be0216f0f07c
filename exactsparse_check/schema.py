"""The certificate as a file: exact numbers, and what must stand where."""

import json
import re
from collections.abc import Callable
from decimal import MAX_EMAX, Context, Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

# Numbers may have 100000 digits; counts, which are not in quotes, few enough for any message.
INTEGER = re.compile(r"-?[0-9]{1,500}")
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


def in_digits(value: Fraction) -> str:
    """Say a number exactly if that is short."""
    short = max(abs(value.numerator), value.denominator) < 10**30
    return str(value) if short else f"about {decimal(value)}"


# An object by its keys, a list, a type, a value that is due, or a function that reads or rejects.
Shape = Any


class Unlike(NamedTuple):
    """One value, or a shape for all that is not this value."""

    value: None
    shape: Shape


class Variants(NamedTuple):
    """Objects whose shape depends on an entry; the last shape is due if the entry is unknown."""

    key: str
    shapes: dict[str, Shape]


def one_of(complaint: str, *words: str) -> Shape:
    """Return the shape of one of some words."""

    def read(value: object) -> object:
        require(isinstance(value, str) and value in words, f"malformed: {complaint}")
        return value

    return read


def fit(value: Any, shape: Any, spend: Callable[[int], object] = lambda _: None) -> Any:
    """Return the value, its rationals converted, if it has exactly this shape.

    Of every number, bits are spent before.
    """
    if isinstance(shape, Unlike):
        return None if value is shape.value else fit(value, shape.shape, spend)
    if isinstance(shape, Variants):
        name = value.get(shape.key) if isinstance(value, dict) else None
        *_, last = shape.shapes.values()
        known = shape.shapes.get(name, last) if isinstance(name, str) else last
        return fit(value, known, spend)
    if callable(shape) and not isinstance(shape, type):
        spend(4 * len(value) if isinstance(value, str) else 0)
        return shape(value)
    if isinstance(shape, dict):
        keys = isinstance(value, dict) and value.keys() == shape.keys()
        require(keys, f"malformed: an object is due with the keys {', '.join(shape)}")
        return {key: fit(value[key], shape[key], spend) for key in shape}
    if isinstance(shape, list) and isinstance(value, list):
        return [fit(item, shape[0], spend) for item in value]
    if isinstance(shape, tuple) and isinstance(value, list) and len(value) == len(shape):
        return tuple(fit(item, due, spend) for item, due in zip(value, shape, strict=True))
    # Types are compared as such, since True is an instance of int and equals 1.
    same = shape in (object, type(value)) or (type(value) is type(shape) and value == shape)
    due = "a list of the right length" if isinstance(shape, list | tuple) else repr(shape)
    require(same, f"malformed: {due} is due where something else stands")
    return value


def document(path: str | PathLike[str]) -> Any:
    """Read JSON without floats, NaN or repeated keys; of what shape is for others to see."""
    # What is not in quotes must be an integer.
    hooks: Any = {"parse_int": _integer, "parse_float": rational, "parse_constant": rational}
    text = Path(path).read_bytes().decode()
    return json.loads(text, object_pairs_hook=_unique, **hooks)


def _integer(text: str) -> int:
    require(INTEGER.fullmatch(text), "malformed: an integer of at most 500 digits is due")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    require(len(pairs) == len(dict(pairs)), "malformed: a key occurs twice in one object")
    return dict(pairs)
