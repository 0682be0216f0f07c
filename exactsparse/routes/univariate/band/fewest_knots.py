"""Fewest knots within a band: the law, the triples that prove it, or the rows that forbid it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice
from typing import Literal

import numpy as np

from exactsparse.problem.band import Bound
from exactsparse.problem.column import Array, Column
from exactsparse.progress import Deadline, until_stopped
from exactsparse.routes.univariate.band.compiled import (
    FastStabbing,
    plain_law,
    stab_proved,
)
from exactsparse.routes.univariate.band.float_windows import FloatWindows
from exactsparse.routes.univariate.band.knot_intervals import knot_intervals
from exactsparse.routes.univariate.band.law import Chain, first_miss
from exactsparse.routes.univariate.band.laws import OptimalLaws
from exactsparse.routes.univariate.band.long_intervals import long_knot_intervals
from exactsparse.routes.univariate.band.long_laws import missed_rows, simplest_law
from exactsparse.routes.univariate.band.stabbing import Stabbing, Triple, stab
from exactsparse.routes.univariate.band.windows import (
    EmptyIntersection,
    Windows,
    intersect,
)
from exactsparse.routes.univariate.piecewise_linear import Piece
from exactsparse.routes.univariate.points import COMPILED_FROM

# Rational numbers of so many pieces are chosen in seconds.
MOST_SIMPLIFIED = 2_000

Shape = Literal["convex", "concave"]


@dataclass(frozen=True, eq=False)
class LongLaws:
    """What is known of all functions of fewest knots through long windows.

    Parameters
    ----------
    windows : FloatWindows
        The table.
    found : FastStabbing
        The pass over it, proved.
    chain : Chain
        One of the functions.
    some : OptimalLaws
        All functions of as few knots through some of the windows.
    """

    windows: FloatWindows
    found: FastStabbing
    chain: Chain
    some: OptimalLaws

    @cached_property
    def unique(self) -> bool | None:
        """Whether there is one only; None if not determined."""
        # What is unique through some windows is so through all; two functions are not one.
        if self.some.unique:
            return True
        return False if self.chain.lines != plain_law(self.windows, self.found).lines else None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class BandResult:
    """A function of fewest knots within a band, or the proof that there is none.

    Parameters
    ----------
    build : callable or None
        Returns the function, which has passed every row, or its first lines, if their number is
        given; None where there is no function.
    triple_rows : ndarray of int, shape (n_knots, 4)
        Signs and rows of :attr:`triples`.
    contradiction : EmptyIntersection or None
        Two rows of one abscissa that no function meets.
    forbidding : Triple or None
        Three rows that no function of the shape meets.
    simplified : bool
        Whether the function is the one of simplest numbers.
    laws : OptimalLaws or None
        All functions of fewest knots; None for long tables and laws not simplified.
    long : LongLaws or None
        The same for long tables.
    """

    build: Callable[[int | None], Chain] | None = None
    triple_rows: Array = field(default_factory=lambda: np.empty((0, 4), dtype=np.int64))
    contradiction: EmptyIntersection | None = None
    forbidding: Triple | None = None
    simplified: bool = False
    laws: OptimalLaws | None = None
    long: LongLaws | None = None

    def __repr__(self) -> str:
        return f"<BandResult: {self.n_knots} knots>" if self.feasible else "<BandResult: no law>"

    @property
    def unique(self) -> bool | None:
        """Whether no other function has as few knots; None if not determined."""
        if self.long is not None:
            return self.long.unique
        return None if self.laws is None else self.laws.unique

    @cached_property
    def knot_intervals(self) -> list[tuple[Fraction, Fraction]] | None:
        """Least and greatest abscissa of every knot; None of laws that are not simplified."""
        if self.long is not None:
            return long_knot_intervals(self.long.windows, self.long.found)
        return None if self.laws is None else knot_intervals(self.laws)

    @property
    def feasible(self) -> bool:
        """Whether some function meets band and shape; otherwise none does, proved."""
        return self.build is not None

    @property
    def n_knots(self) -> int:
        """Knots of the function, which are the fewest."""
        return len(self.triple_rows)

    @cached_property
    def chain(self) -> Chain | None:
        """The function; made when it is first asked for, as one of many knots takes a while."""
        return None if self.build is None else self.build(None)

    def pieces(self, most: int) -> list[Piece]:
        """The first pieces of the function, without making the others."""
        if self.build is None:
            return []
        made = "chain" in vars(self)
        chain = self.chain if made else self.build(most + 1)
        return [] if chain is None else list(islice(chain.pieces(), most))

    @cached_property
    def triples(self) -> Sequence[Triple]:
        """Proof of the number of knots, in rows as given: triples of one sign are disjoint."""
        return [Triple(*row) for row in self.triple_rows.tolist()]


def solve_band(
    x: Column,
    y: Column,
    half_width: Fraction,
    *,
    shape: Shape | None = None,
    simplify: bool = True,
    deadline: Deadline | None = None,
) -> BandResult:
    """Find a function of fewest knots with ``|f(xᵢ) − yᵢ| <= half_width``, and prove it.

    Linear time; long tables of float64 columns are passed over in compiled code.

    Parameters
    ----------
    x, y : Column, length n >= 1
        Points in any order.
    half_width : Fraction
        Not negative.
    shape : "convex" or "concave", optional
        Of what functions the fewest knots are asked for.
    simplify : bool
        Whether to choose the function of simplest numbers, up to 2,000 knots.
    deadline : Deadline, optional
        Raises Stopped once it has passed.

    Raises
    ------
    ValueError
        If the half-width is negative.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = Column(np.arange(6.0) * 10), Column(np.array([0, 3.0, 6, 10, 13, 16]))
    >>> [str(v) for v in solve_band(x, y, Fraction(1, 2)).chain.lines[0]]
    ['3/10', '1/2']
    """
    if half_width < 0:
        raise ValueError(f"the tolerance must not be negative, but is {half_width}")
    if len(x) >= COMPILED_FROM and (ascending := _ascending(x, y)) is not None:
        columns, order = ascending
        floats = FloatWindows.around(*columns, half_width)
        if floats is not None:
            return _solve_floats(floats, order, shape, simplify, deadline)
    labels = [y[i] for i in range(len(y))]
    lower, upper = [v - half_width for v in labels], [v + half_width for v in labels]
    return solve_windows(
        [x[i] for i in range(len(x))],
        lower,
        upper,
        shape=shape,
        simplify=simplify,
        deadline=deadline,
    )


def solve_windows(
    x: Sequence[Fraction],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    *,
    shape: Shape | None = None,
    simplify: bool = True,
    deadline: Deadline | None = None,
) -> BandResult:
    """Find a function of fewest knots with ``lowerᵢ <= f(xᵢ) <= upperᵢ``, as :func:`solve_band`.

    Parameters
    ----------
    x : sequence of Fraction, length n >= 1
        Abscissae in any order.
    lower, upper : sequence of Fraction or None, length n
        Bounds; None for none.
    shape, simplify, deadline
        As there.
    """
    windows = intersect(x, lower, upper)
    if isinstance(windows, EmptyIntersection):
        return BandResult(contradiction=windows)
    if len(windows) >= COMPILED_FROM:
        floats = FloatWindows.of(windows)
        if floats is not None:
            rows = np.array([windows.lower_rows, windows.upper_rows])
            return _solve_floats(floats, rows, shape, simplify, deadline)
    return _solve_exactly(stab(windows), shape, simplify)


def _solve_exactly(found: Stabbing, shape: Shape | None, simplify: bool) -> BandResult:
    windows = found.windows
    rows = np.array([windows.lower_rows, windows.upper_rows])
    triples = _in_rows(np.array(found.triples, dtype=np.int64).reshape(-1, 4), rows)
    if (wrong := _forbidding(triples, shape)) is not None:
        return BandResult(forbidding=wrong)
    if not simplify or found.n_knots > MOST_SIMPLIFIED:
        chain = _admitted(Chain(found.lines()), windows)
        return BandResult(build=partial(_whole, chain), triple_rows=triples)
    laws = OptimalLaws(windows, found)
    simplest = _admitted(laws.simplest(), windows)
    build = partial(_whole, simplest)
    return BandResult(build=build, triple_rows=triples, simplified=True, laws=laws)


def _whole(chain: Chain, most: int | None) -> Chain:
    """A law that is made already, however little of it is asked for."""
    return chain


def _admitted(chain: Chain, windows: Windows | FloatWindows) -> Chain:
    """A law as a result: whoever made it, every row is looked at first, in rationals if need be."""
    missed: object = (
        first_miss(chain, windows)
        if isinstance(windows, Windows)
        else next(missed_rows(chain, windows), None)
    )
    if missed is not None:
        raise AssertionError(f"a law of fewest knots misses the window {missed}")
    return chain


def _solve_floats(
    windows: FloatWindows,
    rows: Array,
    shape: Shape | None,
    simplify: bool,
    deadline: Deadline | None,
) -> BandResult:
    """Solve by the compiled pass; ``rows`` are those of the input, of lower and upper ends."""
    rows = np.broadcast_to(rows, (2, len(windows)))
    found = stab_proved(windows, deadline)
    if found is None:
        exact = windows.at(range(len(windows)))
        given = Windows(exact.x, exact.lower, exact.upper, rows[0].tolist(), rows[1].tolist())
        return _solve_exactly(stab(given), shape, simplify)
    proved = found
    signed = found.triples.astype(np.int64)
    signed[:, 0] = 1 - 2 * signed[:, 0]
    triples = _in_rows(signed, rows)
    if (wrong := _forbidding(triples, shape)) is not None:
        return BandResult(forbidding=wrong)
    if simplify and found.n_knots <= MOST_SIMPLIFIED:
        # Without time for simple numbers those of the pass itself will do.
        with until_stopped(deadline or Deadline()):
            chosen = simplest_law(windows, found, deadline)
            if chosen is not None:
                simplest = _admitted(chosen[0], windows)
                return BandResult(
                    build=partial(_whole, simplest),
                    triple_rows=triples,
                    simplified=True,
                    long=LongLaws(windows, proved, simplest, chosen[1]),
                )
    # Row by row, the pass has been proved to meet the windows.
    return BandResult(build=partial(plain_law, windows, proved), triple_rows=triples)


def _forbidding(triples: Array, shape: Shape | None) -> Triple | None:
    """First triple that no function of the shape meets.

    Without one of the other sign the pass closes every piece with one of the right sign, so that
    its function has the shape and, as the fewest of all, has the fewest knots of such ones.
    """
    if shape is None:
        return None
    wrong = np.flatnonzero(triples[:, 0] == {"convex": -1, "concave": 1}[shape])
    return Triple(*triples[wrong[0]].tolist()) if len(wrong) else None


def _in_rows(triples: Array, rows: Array) -> Array:
    """Signed triples of windows as those of rows, given the rows of lower and upper ends."""
    outer = (triples[:, 0] < 0).astype(np.int64)
    found = triples.copy()
    for column, side in ((1, outer), (2, 1 - outer), (3, outer)):
        found[:, column] = rows[side, triples[:, column]]
    return found


def _ascending(x: Column, y: Column) -> tuple[tuple[Column, Column], Array] | None:
    """Columns in the order in which abscissae ascend, and it; None where some are equal."""
    if _ascend(x.values):
        return (x, y), np.arange(len(x), dtype=np.int32)
    order = np.argsort(x.values, kind="stable")
    columns = x.take(order), y.take(order)
    return (columns, order) if _ascend(columns[0].values) else None


def _ascend(values: Array) -> bool:
    return bool(np.all(values[1:] > values[:-1]))
