"""Slow, obvious oracle for the fewest knots of a function through windows on the line.

Rows are parted into consecutive groups, one line per group.  In the gap between the last row of a
group and the first row of the next one holds:

  up     the next line is below or at this one at the left row, above or at it at the right row:
         one knot of positive slope change (none if the lines are equal);
  down   the mirror image;
  extra  the two are joined by a piece without rows: two knots, always possible.

Conversely every function gives such a word by assigning each row to a piece that holds it.  The
set of lines that can be the last one after given choices is a polyhedron in (slope, intercept),
kept as integer inequalities and projected by Fourier and Motzkin.  All words are tried, up to the
number of knots that is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import TypeAlias

Bound: TypeAlias = Fraction | None
Inequality: TypeAlias = tuple[int, ...]  # (a, b, …, c): a·s + b·t + … <= c


def _normal(row: Iterable[Fraction]) -> Inequality:
    values = list(row)
    scale = math.lcm(*(v.denominator for v in values))
    whole = [int(v * scale) for v in values]
    divisor = math.gcd(*whole) or 1
    return tuple(v // divisor for v in whole)


def _eliminate(rows: set[Inequality], at: int) -> set[Inequality]:
    kept = {row[:at] + row[at + 1 :] for row in rows if row[at] == 0}
    for up in (row for row in rows if row[at] > 0):
        for down in (row for row in rows if row[at] < 0):
            both = [up[at] * d - down[at] * u for u, d in zip(up, down, strict=True)]
            del both[at]
            divisor = math.gcd(*both) or 1
            kept.add(tuple(v // divisor for v in both))
    return _tightest(kept)


def _tightest(rows: set[Inequality]) -> set[Inequality]:
    """Of parallel inequalities the tightest one; those without a variable only if false."""
    best: dict[tuple[Fraction, ...], tuple[Fraction, Inequality]] = {}
    for row in rows:
        size = max(map(abs, row[:-1]), default=0)
        if size == 0:
            if row[-1] < 0:
                return {row}
            continue
        key = tuple(Fraction(v, size) for v in row[:-1])
        bound = Fraction(row[-1], size)
        if key not in best or bound < best[key][0]:
            best[key] = (bound, row)
    return {row for _, row in best.values()}


def _is_empty(rows: set[Inequality]) -> bool:
    """Whether no (slope, intercept) satisfies inequalities."""
    left = _eliminate(_eliminate(rows, 1), 0)
    return any(row[-1] < 0 for row in left)


def _window(x: Fraction, low: Bound, high: Bound) -> set[Inequality]:
    rows = set()
    if low is not None:
        rows.add(_normal([-x, Fraction(-1), -low]))
    if high is not None:
        rows.add(_normal([x, Fraction(1), high]))
    return rows


def _after_knot(
    lines: set[Inequality], left: Fraction, right: Fraction, sign: int
) -> set[Inequality]:
    """Lines that cross one of the given ones in [left, right] with a slope change of a sign."""
    # Variables: slope and intercept before, slope and intercept after.
    rows = {(a, b, 0, 0, c) for a, b, c in lines}
    one = Fraction(sign)
    rows.add(_normal([-one * left, -one, one * left, one, Fraction(0)]))
    rows.add(_normal([one * right, one, -one * right, -one, Fraction(0)]))
    return _eliminate(_eliminate(rows, 1), 0)


def fewest_knots(
    x: Sequence[Fraction],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    signs: Sequence[int] = (1, -1),
) -> int | None:
    """Fewest knots; None where the windows of equal abscissae have nothing in common.

    With one sign only, of the convex functions (1) or of the concave ones (-1); None if there is
    none.
    """
    at: dict[Fraction, tuple[list[Fraction], list[Fraction]]] = {}
    for v, low, high in zip(x, lower, upper, strict=True):
        lows, highs = at.setdefault(v, ([], []))
        lows += [] if low is None else [low]
        highs += [] if high is None else [high]
    xs = sorted(at)
    windows = []
    for v in xs:
        low, high = max(at[v][0], default=None), min(at[v][1], default=None)
        if low is not None and high is not None and low > high:
            return None
        windows.append(_window(v, low, high))

    def passes(i: int, lines: set[Inequality], knots: int) -> bool:
        """Whether the rows from i on, the first of them on one of the lines, need at most knots."""
        if _is_empty(lines):
            return False
        if i == len(xs) - 1:
            return True
        following = windows[i + 1]
        if passes(i + 1, _tightest(lines | following), knots):
            return True
        if knots >= 1:
            for sign in signs:
                after = _after_knot(lines, xs[i], xs[i + 1], sign)
                if passes(i + 1, _tightest(after | following), knots - 1):
                    return True
        return knots >= 2 and len(signs) == 2 and passes(i + 1, following, knots - 2)

    knots = 0
    # One knot of either sign in every gap serves all that one sign can.
    if len(signs) == 1 and not passes(0, windows[0], len(xs)):
        return None
    while not passes(0, windows[0], knots):
        knots += 1
    return knots


def slopes_of_pieces(
    x: Sequence[Fraction], lower: Sequence[Bound], upper: Sequence[Bound], knots: int
) -> dict[int, tuple[Bound, Bound]]:
    """Least and greatest slope of every piece over all functions with so many knots.

    Abscissae ascending and distinct.  Of a piece only its lines that hold a row are counted; a
    piece that never holds one is missing.  None stands for no least or greatest slope.
    """
    rows = [_window(*row) for row in zip(x, lower, upper, strict=True)]
    found: dict[int, tuple[Bound, Bound]] = {}
    for word in product((0, 1, -1, 2), repeat=len(x) - 1):
        if sum(map(abs, word)) != knots:
            continue
        forward = _sets_along(rows, x, word)
        turned = _sets_along(rows[::-1], x[::-1], [w if w == 2 else -w for w in word[::-1]])[::-1]
        for i, (left, right) in enumerate(zip(forward, turned, strict=True)):
            piece = sum(map(abs, word[:i]))
            slopes = _slopes(_tightest(left | right))
            if slopes is not None:
                both = [slopes, found.get(piece, slopes)]
                lows, highs = zip(*both, strict=True)
                found[piece] = (
                    None if None in lows else min(lows),
                    None if None in highs else max(highs),
                )
    return found


def _sets_along(
    rows: list[set[Inequality]], x: Sequence[Fraction], word: Sequence[int]
) -> list[set[Inequality]]:
    """At every row the lines that can hold it after the choices before, and those of its group."""
    sets = [rows[0]]
    for i, choice in enumerate(word):
        before = sets[-1]
        if choice in (1, -1):
            before = _after_knot(before, x[i], x[i + 1], choice)
        elif choice == 2:
            before = {(0, 0, -1)} if _is_empty(before) else set()
        sets.append(_tightest(before | rows[i + 1]))
    return sets


def _slopes(lines: set[Inequality]) -> tuple[Bound, Bound] | None:
    left = _eliminate(lines, 1)
    lows = [Fraction(c, a) for a, c in left if a < 0]
    highs = [Fraction(c, a) for a, c in left if a > 0]
    low, high = max(lows, default=None), min(highs, default=None)
    impossible = any(a == 0 and c < 0 for a, c in left)
    if impossible or (low is not None and high is not None and low > high):
        return None
    return low, high


def knot_can_lie(
    x: Sequence[Fraction],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    knots: int,
    knot: int,
    at: Fraction,
) -> bool:
    """Whether a function with so many knots can have knot number ``knot``, from 0, at a place.

    Abscissae ascending and distinct, ``at`` strictly between two of them.
    """
    rows = [_window(*row) for row in zip(x, lower, upper, strict=True)]
    cut = sum(v < at for v in x)
    left = _values(rows[:cut], x[:cut], knot, at)
    right = _values(rows[cut:][::-1], x[cut:][::-1], knots - 1 - knot, at)
    return any(
        (a is None or d is None or a <= d) and (c is None or b is None or c <= b)
        for a, b in left
        for c, d in right
    )


def _values(
    rows: list[set[Inequality]], x: Sequence[Fraction], knots: int, at: Fraction
) -> list[tuple[Bound, Bound]]:
    """Intervals of the values that functions with at most so many knots take at a place."""
    found: list[tuple[Bound, Bound]] = []
    if not rows:
        return [(None, None)]
    if knots > 0 and _values(rows, x, knots - 1, at):
        # A knot to spare, just before the place.
        return [(None, None)]
    for word in product((0, 1, -1, 2), repeat=len(x) - 1):
        if sum(map(abs, word)) <= knots:
            lines = _sets_along(rows, x, word)[-1]
            # Value and slope instead of intercept and slope.
            turned = {_normal([a - b * at, Fraction(b), Fraction(c)]) for a, b, c in lines}
            left = _eliminate(turned, 0)
            lows = [Fraction(c, a) for a, c in left if a < 0]
            highs = [Fraction(c, a) for a, c in left if a > 0]
            low, high = max(lows, default=None), min(highs, default=None)
            possible = not any(a == 0 and c < 0 for a, c in left)
            if possible and (low is None or high is None or low <= high):
                found.append((low, high))
    return found
