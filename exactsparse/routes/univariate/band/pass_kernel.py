"""Compiled greedy pass over windows in doubles; importing this module imports numba.

The pass is that of :mod:`~exactsparse.routes.univariate.band.stabbing` with every decision
certified: an orientation that its error bound leaves open stops the kernel, which is called again
with the exact answer.  Each test is the first thing that is done again then, so that one answer is
all there is to hand over.

Hulls are built of the ends that some line of the set may touch, and no others: in the course of a
piece those at or beyond an extreme line, and after an event those that are not certified to lie
strictly outside the new extreme line before it touches the hull.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exactsparse.compiling import njit
from exactsparse.routes.univariate.band.orientations import (
    OPTIONS,
    UNDECIDED,
    Floats,
    bounding_line,
    quick_orientation,
    settled_orientation,
)
from exactsparse.routes.univariate.band.scans import (
    first_not_inside,
    first_not_outside,
    likely_touch,
)
from exactsparse.routes.univariate.band.tails import Tails

Ints = NDArray[np.int64]

DONE, ASK = 0, 1
# Places in the state that is kept between calls.
ROW, PHASE, EVENT, REBUILD, COUNT, ANSWER = 0, 1, 2, 3, 4, 5
QUESTION = 6
HEAD, TOP, LINE_P, LINE_Q = 12, 14, 16, 18
TOUCH = 20
STATE_SIZE = 21
_NO_ANSWER = 9
# Fewer rows than these are not worth a look before they are added.
_SHORT = 12


@njit(**OPTIONS)
def run_pass(
    x: Floats, ends: Floats, radii: Floats, tails: Tails, size: float, reach: float,
    hulls: NDArray[np.int32], triples: NDArray[np.int32], state: Ints,
    lines: NDArray[np.int32],
) -> int:  # fmt: skip
    """Carry the pass on; DONE at the end, ASK where an orientation is left open.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Not descending.
    ends : ndarray, shape (2, n)
        Lower and upper bounds; infinite for none.
    radii : ndarray, shape (4,)
        rel_x, abs_x, rel_y, abs_y.
    tails : Tails
        What ends are beyond their doubles, ``NO_TAILS`` if unknown.
    size, reach : float
        Largest sizes of a finite bound and of an abscissa.
    hulls : ndarray of int32, shape (2, n)
        Work space.
    triples : ndarray of int32, shape (n, 4)
        Receives (side, p, q, r), side 0 for sign 1 and side 1 for sign -1.
    state : ndarray of int64, shape (STATE_SIZE,)
        From :func:`new_state` at first.
    lines : ndarray of int32, shape (n, 4) or (0, 4)
        Receives p and q of the highest and of the lowest last line after every row that is not
        skipped, -1 for none; nothing if it is empty.
    """
    n = len(x)
    r, phase, event, row, count = (
        state[ROW],
        state[PHASE],
        state[EVENT],
        state[REBUILD],
        state[COUNT],
    )
    answer, touch = state[ANSWER], state[TOUCH]
    state[ANSWER] = _NO_ANSWER
    head, top = state[HEAD : HEAD + 2], state[TOP : TOP + 2]
    line_p, line_q = state[LINE_P : LINE_P + 2], state[LINE_Q : LINE_Q + 2]
    question = state[QUESTION : QUESTION + 6]
    rx = 2.0 * (radii[0] * reach + radii[1])
    ry = 2.0 * (radii[2] * size + radii[3])
    lower, upper = ends[0], ends[1]
    above_a, above_b, below_a, below_b = np.nan, np.nan, np.nan, np.nan
    # The q of either line that its bounds were computed for; a line that moves has a new one.
    seen_0 = seen_1 = -1
    # Whether an end is certified to lie strictly outside the line on its own side.
    low_free = high_free = False
    while r < n:
        open_test = False
        # Phases 0, 1: does the end of a side lie beyond its line?
        while phase <= 1:
            side = phase
            # Beyond the one line is never beyond the other.
            if low_free if side == 0 else high_free:
                phase += 1
                continue
            if line_p[side] >= 0 and np.isfinite(ends[side, r]):
                p, q = line_p[side], line_q[side]
                if answer == _NO_ANSWER:
                    turn = quick_orientation(
                        x[p], ends[side, p], x[q], ends[1 - side, q], x[r], ends[side, r], rx, ry
                    )
                    if turn == UNDECIDED:
                        turn = settled_orientation(
                            x, ends, radii, tails, side, p, 1 - side, q, side, r
                        )
                else:
                    turn, answer = answer, _NO_ANSWER
                if turn == UNDECIDED:
                    question[0], question[1], question[2] = side, p, 1 - side
                    question[3], question[4], question[5] = q, side, r
                    open_test = True
                    break
                if turn * (1 - 2 * side) > 0:
                    triples[count, 0], triples[count, 1] = side, p
                    triples[count, 2], triples[count, 3] = q, r
                    count += 1
                    event, row, phase = side, q, 5
                    touch = likely_touch(x, ends, 1 - side, r, q) if r - q > _SHORT else q
                    head[1 - side] = top[1 - side] = 0
                    line_p[1 - side] = -1
                    continue
            phase += 1
        if open_test:
            break
        # Phases 2, 3: does the end of the other side move a line?
        while 2 <= phase <= 3:
            side = phase - 2
            far = 1 - side
            if high_free if side == 0 else low_free:
                phase += 1
                continue
            if np.isfinite(ends[far, r]):
                if line_p[side] >= 0 and line_q[side] != r:
                    p, q = line_p[side], line_q[side]
                    if answer == _NO_ANSWER:
                        turn = quick_orientation(
                            x[p], ends[side, p], x[q], ends[far, q], x[r], ends[far, r], rx, ry
                        )
                        if turn == UNDECIDED:
                            turn = settled_orientation(
                                x, ends, radii, tails, side, p, far, q, far, r
                            )
                    else:
                        turn, answer = answer, _NO_ANSWER
                    if turn == UNDECIDED:
                        question[0], question[1], question[2] = side, p, far
                        question[3], question[4], question[5] = q, far, r
                        open_test = True
                        break
                    if turn * (1 - 2 * side) > 0:
                        phase += 1
                        continue
                    # From now on the line counts as moved, whatever its tangent will be.
                    line_q[side] = r
                if head[side] < top[side]:
                    open_test, answer = _advance(
                        x,
                        ends,
                        radii,
                        tails,
                        rx,
                        ry,
                        hulls,
                        head,
                        top,
                        side,
                        far,
                        r,
                        answer,
                        question,
                    )
                    if open_test:
                        break
                    line_p[side], line_q[side] = hulls[side, head[side]], r
            phase += 1
        if open_test:
            break
        # Phases 5, 6: the ends of the other side from q on, and the tangent to them.
        if phase == 5:
            far = 1 - event
            while row < r:
                if row < touch:
                    row = first_not_outside(x, ends, radii, size, reach, far, touch, r, row)
                if np.isfinite(ends[far, row]):
                    open_test, answer = _push(
                        x, ends, radii, tails, rx, ry, hulls, head, top, far, row, answer, question
                    )
                    if open_test:
                        break
                row += 1
            if open_test:
                break
            phase = 6
        if phase == 6:
            far = 1 - event
            open_test, answer = _advance(
                x, ends, radii, tails, rx, ry, hulls, head, top, far, event, r, answer, question
            )
            if open_test:
                break
            line_p[far], line_q[far] = hulls[far, head[far]], r
            head[event] = top[event] = 0
            line_p[event] = -1
            phase = 7
        if phase == 4:
            phase = 7
        # Phases 7, 8: add the ends that touch the opposite line, which later lines may touch.
        while phase >= 7 and phase <= 8:
            side = phase - 7
            if np.isfinite(ends[side, r]) and (line_p[1 - side] < 0 or line_q[1 - side] == r):
                open_test, answer = _push(
                    x, ends, radii, tails, rx, ry, hulls, head, top, side, r, answer, question
                )
                if open_test:
                    break
            phase += 1
        if open_test:
            break
        if r < len(lines):
            lines[r, 0], lines[r, 1] = line_p[0], line_q[0]
            lines[r, 2], lines[r, 3] = line_p[1], line_q[1]
        r += 1
        phase = 0
        low_free = high_free = False
        if line_p[0] >= 0 and line_p[1] >= 0:
            if seen_0 != line_q[0]:
                seen_0 = line_q[0]
                above_a, above_b = bounding_line(
                    x, ends, 0, line_p[0], line_q[0], radii, size, reach
                )
            if seen_1 != line_q[1]:
                seen_1 = line_q[1]
                below_a, below_b = bounding_line(
                    x, ends, 1, line_p[1], line_q[1], radii, size, reach
                )
            r = first_not_inside(
                x, lower, upper, r, x[line_q[0]], above_a, above_b, x[line_q[1]], below_a, below_b
            )
            if r < n:
                high_free = upper[r] > above_a + above_b * (x[r] - x[line_q[0]])
                low_free = lower[r] < below_a + below_b * (x[r] - x[line_q[1]])
    state[ROW], state[PHASE], state[EVENT] = r, phase, event
    state[REBUILD], state[COUNT], state[TOUCH] = row, count, touch
    return ASK if r < n else DONE


@njit(inline="always", **OPTIONS)
def _advance(
    x: Floats, ends: Floats, radii: Floats, tails: Tails, rx: float, ry: float,
    hulls: NDArray[np.int32], head: Ints, top: Ints,
    side: int, third: int, r: int, answer: int, question: Ints,
) -> tuple[bool, int]:  # fmt: skip
    """Move the head of a hull to where the tangent from an end at r touches it."""
    while head[side] + 1 < top[side]:
        a, b = hulls[side, head[side]], hulls[side, head[side] + 1]
        if answer == _NO_ANSWER:
            turn = quick_orientation(
                x[a], ends[side, a], x[b], ends[side, b], x[r], ends[third, r], rx, ry
            )
            if turn == UNDECIDED:
                turn = settled_orientation(x, ends, radii, tails, side, a, side, b, third, r)
        else:
            turn, answer = answer, _NO_ANSWER
        if turn == UNDECIDED:
            question[0], question[1], question[2] = side, a, side
            question[3], question[4], question[5] = b, third, r
            return True, answer
        if turn * (1 - 2 * side) > 0:
            break
        head[side] += 1
    return False, answer


@njit(inline="always", **OPTIONS)
def _push(
    x: Floats, ends: Floats, radii: Floats, tails: Tails, rx: float, ry: float,
    hulls: NDArray[np.int32], head: Ints, top: Ints,
    side: int, r: int, answer: int, question: Ints,
) -> tuple[bool, int]:  # fmt: skip
    """Add the end of a side at r to its hull."""
    while top[side] - head[side] >= 2:
        a, b = hulls[side, top[side] - 2], hulls[side, top[side] - 1]
        if answer == _NO_ANSWER:
            turn = quick_orientation(
                x[a], ends[side, a], x[b], ends[side, b], x[r], ends[side, r], rx, ry
            )
            if turn == UNDECIDED:
                turn = settled_orientation(x, ends, radii, tails, side, a, side, b, side, r)
        else:
            turn, answer = answer, _NO_ANSWER
        if turn == UNDECIDED:
            question[0], question[1], question[2] = side, a, side
            question[3], question[4], question[5] = b, side, r
            return True, answer
        if turn * (1 - 2 * side) < 0:
            break
        top[side] -= 1
    hulls[side, top[side]] = r
    top[side] += 1
    return False, answer


def new_state() -> Ints:
    """State before the first row."""
    state = np.zeros(STATE_SIZE, dtype=np.int64)
    state[ANSWER] = _NO_ANSWER
    state[LINE_P : LINE_P + 2] = -1
    return state
