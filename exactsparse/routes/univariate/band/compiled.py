"""Fewest knots within windows for long tables: the compiled pass, and checks that trust nothing.

The pass in doubles asks for exact answers where its error bounds leave a decision open.  What it
returns is then proved anew: triples one by one, rows of every piece one by one, each with a
certified filter and rational arithmetic where that leaves it open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exactsparse.exact.memory import empty
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.stabbing import Ends, Line, Stabbing, Triple, stab
from exactsparse.routes.univariate.band.tails import NO_TAILS
from exactsparse.routes.univariate.band.windows import Windows


@dataclass(frozen=True, eq=False)
class FastStabbing:
    """Result of the compiled pass.

    Parameters
    ----------
    triples : ndarray of int32, shape (k, 4)
        (side, p, q, r) of every knot; side 0 is sign 1, side 1 is sign -1.
    last : tuple of (Ends or None)
        Highest and lowest last line to the right.
    asked : int
        Decisions that were left to rational arithmetic.
    """

    triples: NDArray[np.int32]
    last: tuple[Ends | None, Ends | None]
    asked: int

    @property
    def n_knots(self) -> int:
        """Number of knots."""
        return len(self.triples)

    def exact(self, windows: Windows) -> Stabbing:
        """The same result on the exact windows."""
        triples = [Triple(1 - 2 * side, p, q, r) for side, p, q, r in self.triples.tolist()]
        return Stabbing(windows, triples, self.last)


def stab_compiled(
    windows: FloatWindows,
    deadline: Deadline | None = None,
    lines: NDArray[np.int32] | None = None,
) -> FastStabbing:
    """Make the pass in doubles, every decision certified or exact.

    Parameters
    ----------
    windows : FloatWindows
        Fewer than 2³¹ rows.
    deadline : Deadline, optional
        Raises Stopped once it has passed; looked at between exact decisions.
    lines : ndarray of int32, shape (n, 4), optional
        Receives the lines after every row, as ``pass_kernel.run_pass`` describes.
    """
    # Importing numba costs half a second, which small data should not pay.
    from exactsparse.routes.univariate.band import pass_kernel

    n = len(windows)
    hulls, triples = empty((2, n), np.int32), empty((n, 4), np.int32)
    state, asked = pass_kernel.new_state(), 0
    arrays, sizes = (windows.x, windows.ends, windows.radii), (windows.size, windows.reach)
    kept = empty((0, 4), np.int32) if lines is None else lines
    work, tails = (hulls, triples, state, kept), NO_TAILS
    while pass_kernel.run_pass(*arrays, tails, *sizes, *work) == pass_kernel.ASK:
        if tails is NO_TAILS and windows.tails is not NO_TAILS:
            tails = windows.tails
            continue
        side, p, second, q, third, r = state[
            pass_kernel.QUESTION : pass_kernel.QUESTION + 6
        ].tolist()
        state[pass_kernel.ANSWER] = windows.side_of((side, p), (second, q), (third, r))
        asked += 1
        if deadline is not None and asked % 1024 == 0:
            deadline.check()
    found = triples[: state[pass_kernel.COUNT]].copy()
    last = [
        None if p < 0 else Ends(1 - 2 * side, int(p), int(q))
        for side, (p, q) in enumerate(
            zip(
                state[pass_kernel.LINE_P : pass_kernel.LINE_P + 2],
                state[pass_kernel.LINE_Q : pass_kernel.LINE_Q + 2],
                strict=True,
            )
        )
    ]
    return FastStabbing(found, (last[0], last[1]), asked)


def stab_proved(windows: FloatWindows, deadline: Deadline | None = None) -> FastStabbing | None:
    """Make the compiled pass and prove what it found; None where that fails.

    Where it fails, only :func:`~exactsparse.routes.univariate.band.stabbing.stab` has a word.
    """
    found = stab_compiled(windows, deadline)
    proved = prove_triples(found.triples, windows) and prove_function(found, windows)
    return found if proved else None


def prove_triples(triples: NDArray[np.int32], windows: FloatWindows) -> bool:
    """Whether triples prove that as many knots are needed; by a pass of its own."""
    from exactsparse.routes.univariate.band import check_kernels
    from exactsparse.routes.univariate.band.orientations import UNDECIDED

    verdicts = np.zeros(len(triples), dtype=np.int8)
    arrays = windows.x, windows.ends, windows.radii
    if not check_kernels.check_triples(*arrays, NO_TAILS, triples, verdicts):
        return False
    if (verdicts == UNDECIDED).any():
        check_kernels.check_triples(*arrays, windows.tails, triples, verdicts)
    for k in np.flatnonzero(verdicts == UNDECIDED).tolist():
        side, p, q, r = triples[k].tolist()
        turn = windows.side_of((side, p), (side, r), (1 - side, q))
        verdicts[k] = turn * (1 - 2 * side) < 0
    return bool((verdicts == 1).all())


def prove_function(found: FastStabbing, windows: FloatWindows) -> bool:
    """Whether the function of a pass, whose triples are proved, passes through all windows.

    Piece k holds the rows from ``r`` of the triple before it up to ``r`` of its own, and must
    respect their ends.  In ``[q, r)`` the next line takes over, from q on at the earliest, where it
    respects the end at q that this line passes through, and before r, which the triple says.  It
    must respect the ends of that side there; those of the other side it respects with this line.
    """
    from exactsparse.routes.univariate.band import check_kernels

    triples, n = found.triples, len(windows)
    ends = next((line for line in found.last if line is not None), None)
    first = int(triples[-1, 3]) if len(triples) else 0
    if (triples[1:, 2] < triples[:-1, 3]).any():
        return False
    if ends is None:
        # After a knot a line through two ends is known: only a level line is left.
        return not len(triples) and _level_line_fits(windows)
    if not first <= ends.q < n or not 0 <= ends.p < ends.q:
        return False
    closing = np.array([[0 if ends.sign > 0 else 1, ends.p, ends.q, n]], dtype=np.int32)
    lines, place = np.concatenate((triples, closing)), np.zeros(3, dtype=np.int64)
    arrays, sizes = (windows.x, windows.ends, windows.radii), (windows.size, windows.reach)
    tails = NO_TAILS
    while check_kernels.check_function(*arrays, tails, *sizes, lines, place) == check_kernels.ASK:
        if tails is NO_TAILS and windows.tails is not NO_TAILS:
            tails = windows.tails
            continue
        piece, following, row = place.tolist()
        side, p, q, _ = lines[piece + following].tolist()
        for at in (1 - int(lines[piece, 0]),) if following else (0, 1):
            if np.isfinite(windows.ends[at, row]):
                turn = windows.side_of((side, p), (1 - side, q), (at, row))
                if turn * (1 - 2 * at) > 0:
                    return False
        place[2] += 1
    return True


def _level_line_fits(windows: FloatWindows) -> bool:
    """Whether some level line passes through all windows; exact, slow where both sides occur."""
    given = [np.flatnonzero(np.isfinite(windows.ends[side])).tolist() for side in range(2)]
    if not given[0] or not given[1]:
        return True
    low = max(windows.exact_end(0, row) for row in given[0])
    return all(low <= windows.exact_end(1, row) for row in given[1])


def plain_law(windows: FloatWindows, found: FastStabbing, most: int | None = None) -> Chain:
    """The function of the pass itself, every line through two window ends, or its first lines."""
    ends = [Ends(1 - 2 * side, p, q) for side, p, q, _ in found.triples.tolist()]
    last = next((line for line in found.last if line is not None), None)
    if last is None:
        # No lower and upper end at different rows: the exact pass knows the level line.
        return Chain(stab(windows.at(range(len(windows)))).lines())
    lines = []
    for sign, p, q in ((line.sign, line.p, line.q) for line in (*ends, last)[:most]):
        side = 0 if sign > 0 else 1
        left, right = (windows.exact_x(row) * windows.x_unit for row in (p, q))
        low = windows.exact_end(side, p) * windows.y_unit
        slope = (windows.exact_end(1 - side, q) * windows.y_unit - low) / (right - left)
        lines.append(Line(slope, low - slope * left))
    return Chain(lines)
