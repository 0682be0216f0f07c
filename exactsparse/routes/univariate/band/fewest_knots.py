"""Fewest knots within a band: the law, the triples that prove it, or the rows that forbid it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from exactsparse.problem.column import Array, Column
from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.univariate.band.compiled import (
    FloatWindows,
    plain_law,
    prove_function,
    prove_triples,
    stab_compiled,
)
from exactsparse.routes.univariate.band.law import Chain, first_miss
from exactsparse.routes.univariate.band.laws import OptimalLaws
from exactsparse.routes.univariate.band.long_laws import missed_rows, simplest_law
from exactsparse.routes.univariate.band.stabbing import (
    Stabbing,
    Triple,
    forbidding_triple,
    stab,
)
from exactsparse.routes.univariate.band.windows import (
    Bound,
    EmptyIntersection,
    Windows,
    intersect,
)
from exactsparse.routes.univariate.points import COMPILED_FROM

# Rational numbers of so many pieces are chosen in seconds.
MOST_SIMPLIFIED = 2_000

Shape = Literal["convex", "concave"]


@dataclass(frozen=True, eq=False, kw_only=True)
class BandResult:
    """A function of fewest knots within a band, or the proof that there is none.

    Parameters
    ----------
    chain : Chain or None
        The function; None where there is none.
    triples : sequence of Triple
        Proof of the number of knots, in rows as given: triples of one sign are disjoint.
    contradiction : EmptyIntersection or None
        Two rows of one abscissa that no function meets.
    forbidding : Triple or None
        Three rows that no function of the shape meets.
    simplified : bool
        Whether the function is the one of simplest numbers.
    laws : OptimalLaws or None
        All functions of fewest knots; None for long tables and laws not simplified.
    """

    chain: Chain | None = None
    triples: Sequence[Triple] = ()
    contradiction: EmptyIntersection | None = None
    forbidding: Triple | None = None
    simplified: bool = False
    laws: OptimalLaws | None = None

    @property
    def feasible(self) -> bool:
        """Whether some function meets band and shape; otherwise none does, proved."""
        return self.chain is not None


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
    order = _ascending(x.values)
    if order is not None and len(x) >= COMPILED_FROM:
        floats = FloatWindows.around(x.take(order), y.take(order), half_width)
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
    if shape is not None and (triple := forbidding_triple(found, shape)) is not None:
        return BandResult(forbidding=_in_rows(triple, rows))
    triples = [_in_rows(triple, rows) for triple in found.triples]
    if not simplify or found.n_knots > MOST_SIMPLIFIED:
        chain = Chain(found.lines())
        return BandResult(chain=_admitted(chain, windows), triples=triples)
    laws = OptimalLaws(windows, found)
    chain = _admitted(laws.simplest(), windows)
    return BandResult(chain=chain, triples=triples, simplified=True, laws=laws)


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
    found = stab_compiled(windows, deadline)
    if not (prove_triples(found.triples, windows) and prove_function(found, windows)):
        exact = windows.at(range(len(windows)))
        given = Windows(exact.x, exact.lower, exact.upper, rows[0].tolist(), rows[1].tolist())
        return _solve_exactly(stab(given), shape, simplify)
    triples = [Triple(1 - 2 * side, p, q, r) for side, p, q, r in found.triples.tolist()]
    if shape is not None:
        wrong = -1 if shape == "convex" else 1
        for triple in triples:
            if triple.sign == wrong:
                return BandResult(forbidding=_in_rows(triple, rows))
    chain = None
    if simplify and found.n_knots <= MOST_SIMPLIFIED:
        # Without time for simple numbers those of the pass itself will do.
        with suppress(Stopped):
            chain = simplest_law(windows, found, deadline)
    return BandResult(
        chain=_admitted(plain_law(windows, found) if chain is None else chain, windows),
        triples=[_in_rows(triple, rows) for triple in triples],
        simplified=chain is not None,
    )


def _in_rows(triple: Triple, rows: Array) -> Triple:
    outer, inner = (rows[0], rows[1]) if triple.sign > 0 else (rows[1], rows[0])
    return Triple(triple.sign, int(outer[triple.p]), int(inner[triple.q]), int(outer[triple.r]))


def _ascending(values: Array) -> Array | None:
    """Order in which abscissae ascend strictly; None where some are equal."""
    order = np.argsort(values, kind="stable")
    in_order = values[order]
    return order if bool(np.all(in_order[1:] > in_order[:-1])) else None
