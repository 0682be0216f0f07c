"""Compiled checks of what the pass found, which trust nothing of it; imports numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit
from exactsparse.routes.univariate.band.orientations import (
    OPTIONS,
    UNDECIDED,
    Floats,
    bounding_line,
    settled_orientation,
)
from exactsparse.routes.univariate.band.tails import Tails

Ints = NDArray[np.int64]

DONE, ASK = 0, 1
_BLOCK = 8


@njit(**OPTIONS)
def check_triples(
    x: Floats, ends: Floats, radii: Floats, tails: Tails,
    triples: NDArray[np.int32], verdicts: NDArray[np.int8],
) -> bool:  # fmt: skip
    """Write 1 for triples that force a slope change, 0 for others, UNDECIDED; whether disjoint.

    Triples are as :func:`run_pass` writes them.
    """
    reached_0 = reached_1 = -1
    for k in range(len(triples)):
        side, p, q, r = triples[k, 0], triples[k, 1], triples[k, 2], triples[k, 3]
        if not ((side == 0) | (side == 1)) or not (0 <= p < q < r < len(x)):
            return False
        if p < (reached_0 if side == 0 else reached_1):
            return False
        reached_0, reached_1 = (r, reached_1) if side == 0 else (reached_0, r)
        far = 1 - side
        finite = np.isfinite(ends[side, p]) & np.isfinite(ends[far, q])
        if not (finite & np.isfinite(ends[side, r])):
            return False
        turn = settled_orientation(x, ends, radii, tails, side, p, side, r, far, q)
        if turn == UNDECIDED:
            verdicts[k] = UNDECIDED
        else:
            verdicts[k] = 1 if turn * (1 - 2 * side) < 0 else 0
    return True


@njit(**OPTIONS)
def check_function(
    x: Floats, ends: Floats, radii: Floats, tails: Tails, size: float, reach: float,
    lines: NDArray[np.int32], place: Ints,
) -> int:  # fmt: skip
    """Check rows of every piece from a place on; ASK at a row that is not certified.

    ``lines`` holds (side, p, q, r) of every piece, r the first row behind it.  ``place`` holds the
    piece, whether its rows from q on are checked against the next line, and the row.
    """
    piece, following, row = place[0], place[1], place[2]
    while piece < len(lines):
        stop = lines[piece, 3]
        if following == 0:
            row = _check_rows(
                x, ends, radii, tails, size, reach, lines[piece], True, True, row, stop
            )
            if row < stop:
                place[0], place[1], place[2] = piece, following, row
                return ASK
            if piece + 1 == len(lines):
                break
            following, row = 1, lines[piece, 2]
        upper = lines[piece, 0] == 0
        row = _check_rows(
            x, ends, radii, tails, size, reach, lines[piece + 1], not upper, upper, row, stop
        )
        if row < stop:
            place[0], place[1], place[2] = piece, following, row
            return ASK
        piece, following, row = piece + 1, 0, stop
    return DONE


@njit(**OPTIONS)
def _check_rows(
    x: Floats, ends: Floats, radii: Floats, tails: Tails, size: float, reach: float,
    line: NDArray[np.int32], lower: bool, upper: bool, start: int, stop: int,
) -> int:  # fmt: skip
    """First row in a range whose ends a line is not certified to respect; the stop if none."""
    side, p, q = line[0], line[1], line[2]
    far = 1 - side
    xq, yq = x[q], ends[far, q]
    a, b = bounding_line(x, ends, side, p, q, radii, size, reach)
    slope = (yq - ends[side, p]) / (x[q] - x[p])
    # What the bound adds at q and, for every unit to either side, to the slope.
    margin = 2.0 * abs(a - yq) + 2.0**-49 * size
    error = 1.01 * abs(b - slope) + 2.0**-49 * abs(slope)
    # Ends that do not count are out of reach.
    free_low = 0.0 if lower else np.inf
    free_high = 0.0 if upper else np.inf
    i = start
    while i < stop:
        while i + _BLOCK <= stop:
            xs, lows, ups = x[i : i + _BLOCK], ends[0, i : i + _BLOCK], ends[1, i : i + _BLOCK]
            inside = 0
            for j in range(_BLOCK):
                t = xs[j] - xq
                value, wide = yq + slope * t, margin + error * abs(t)
                inside += (ups[j] + free_high > value + wide) & (lows[j] - free_low < value - wide)
            if inside != _BLOCK:
                break
            i += _BLOCK
        last = min(i + _BLOCK, stop)
        while i < last:
            for at in range(2):
                counts = lower if at == 0 else upper
                # It passes through one end of p and of q; there the other is on its own side.
                passed = i in (p, q)
                if counts and not passed and np.isfinite(ends[at, i]):
                    turn = settled_orientation(x, ends, radii, tails, side, p, far, q, at, i)
                    if turn == UNDECIDED or turn * (1 - 2 * at) > 0:
                        return i
            i += 1
    return stop
