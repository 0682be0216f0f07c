"""Sums and lines as most languages write them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence

WIDTH = 96
_MOST_IN_A_ROW = 64


Writer = Callable[[float], str]


def line_text(height: float, slope: float, x: str, anchor: float, number: Writer = repr) -> str:
    """Write ``height + slope * (x - anchor)`` without what is zero.

    Parameters
    ----------
    height, slope, anchor : float
        Of the line.
    x : str
        What stands for the abscissa.
    number : callable
        How the language writes a number.

    Examples
    --------
    >>> line_text(1.0, -0.5, "x", 2.0), line_text(0.0, 3.0, "x", 0.0), line_text(4.0, 0.0, "x", 1.0)
    ('1.0 - 0.5 * (x - 2.0)', '3.0 * x', '4.0')
    """
    if not slope:
        return number(height)
    moved = f"({x} {'-' if anchor > 0 else '+'} {number(abs(anchor))})" if anchor else x
    if not height:
        return f"{number(slope)} * {moved}"
    return f"{number(height)} {'-' if slope < 0 else '+'} {number(abs(slope))} * {moved}"


def sum_text(
    weights: Iterable[float], names: Iterable[str], constant: float, number: Writer = repr
) -> str:
    """Write ``Σ weights * names + constant`` without what is zero.

    Parameters
    ----------
    weights, names : iterables of the same length
        Terms of weight 0 are left out.
    constant : float
        Left out if it is 0 and there is a term.
    number : callable
        How the language writes a number.

    Examples
    --------
    >>> sum_text([2.0, 0.0, -1.5], ["a", "b", "c"], -3.0)
    '2.0 * a - 1.5 * c - 3.0'
    """
    terms = [(w, f"{number(abs(w))} * {name}") for w, name in zip(weights, names, strict=True) if w]
    if constant or not terms:
        terms.append((constant, number(abs(constant))))
    return signed_sum((-1 if value < 0 else 1, term) for value, term in terms)


def signed_sum(terms: Iterable[tuple[int, str]], between: str = " ") -> str:
    """Join terms by their signs; many in groups, as parsers take only so many in a row.

    Examples
    --------
    >>> signed_sum([(-1, "a"), (1, "b"), (-1, "c")])
    '-a + b - c'
    """
    held = list(terms)
    while len(held) > _MOST_IN_A_ROW:
        groups = [held[k : k + _MOST_IN_A_ROW] for k in range(0, len(held), _MOST_IN_A_ROW)]
        held = [(1, f"({_joined(group, between)})") for group in groups]
    return _joined(held, between)


def _joined(terms: Iterable[tuple[int, str]], between: str) -> str:
    text = ""
    for sign, term in terms:
        if text:
            text += f"{between}{'-' if sign < 0 else '+'} {term}"
        else:
            text = f"-{term}" if sign < 0 else term
    return text


def listed(numbers: Sequence[str], indent: str) -> str:
    """Numbers between commas, on lines of a bearable length, each with a comma at its end."""
    joined = ", ".join(numbers) + ","
    return textwrap.fill(
        joined,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
