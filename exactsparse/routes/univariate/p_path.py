"""The minimiser as a function of p: every breakpoint in (0, 1), and the p* of Theorem 3.2.

Each comparison of the path program is the sign of an exponential sum in p.  Where the decisions
before it are constant, its zeros in (0, 1) are isolated rigorously and the stretch of p is split
there; so the optimal matchings of a run are known on every stretch between enclosed breakpoints.
At a breakpoint the matchings of both sides are optimal, by continuity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import UndecidedError
from exactsparse.exact.numbers import counted
from exactsparse.exact.powers import Enclosure
from exactsparse.exact.roots import Root, roots
from exactsparse.progress import Deadline
from exactsparse.routes.univariate.matching import (
    KEEP,
    SHARE,
    TIE,
    RunMatching,
    cardinality_matching,
    marginal_gain,
)
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.points import Points

_START = Root(Enclosure(Fraction(0), Fraction(0)), simple=True)
_END = Root(Enclosure(Fraction(1), Fraction(1)), simple=True)


@dataclass(frozen=True)
class RunStretch:
    """Optimal decisions of one run for all p between two enclosed breakpoints."""

    lower: Root
    upper: Root
    matching: RunMatching

    @property
    def sample(self) -> Fraction:
        """An exponent strictly inside the stretch."""
        return (self.lower.enclosure.upper + self.upper.enclosure.lower) / 2


def run_path(jumps: Sequence[Fraction], deadline: Deadline | None = None) -> list[RunStretch]:
    """Optimal matchings of one run for every p in (0, 1).

    Parameters
    ----------
    jumps : sequence of Fraction, length m
        Absolute slope changes of the points of the run; only their ratios matter.
    deadline : Deadline, optional
        Raises Stopped once it has passed.

    Raises
    ------
    UndecidedError
        If breakpoints cannot be isolated at the highest precision.

    Returns
    -------
    list of RunStretch
        In ascending order of p; neighbours have different sets of optimal matchings, or the
        breakpoint between them could not be shown to be a plain sign change.
    """
    stretches = [RunStretch(_START, _END, RunMatching([KEEP]))]
    for _ in range(1, len(jumps)):
        stretches = [part for stretch in stretches for part in _extend(stretch, jumps, deadline)]
    if not stretches:
        raise UndecidedError("the breakpoints of a run over p could not be isolated")
    merged = stretches[:1]
    for stretch in stretches[1:]:
        before = merged[-1]
        if before.upper != stretch.lower:
            cut = _joined(before.upper, stretch.lower)
            merged[-1], stretch = replace(before, upper=cut), replace(stretch, lower=cut)
        if stretch.lower.simple and _choices(before.matching) == _choices(stretch.matching):
            merged[-1] = replace(before, upper=stretch.upper)
        else:
            merged.append(stretch)
    return merged


def _extend(
    stretch: RunStretch, jumps: Sequence[Fraction], deadline: Deadline | None
) -> list[RunStretch]:
    decisions = stretch.matching.decisions
    gain = marginal_gain(jumps, decisions)
    if not gain:
        return [replace(stretch, matching=RunMatching([*decisions, TIE]))]
    lowest, highest, inside = stretch.lower, stretch.upper, []
    for root in roots(gain, deadline):
        # A zero that cannot be told from an end of the stretch becomes part of that end.
        if root.enclosure.overlaps(lowest.enclosure):
            lowest = _joined(lowest, root)
        elif root.enclosure.overlaps(highest.enclosure):
            highest = _joined(root, highest)
        elif lowest.enclosure < root.enclosure < highest.enclosure:
            inside.append(root)
    cuts = [lowest, *inside, highest]
    parts = []
    for lower, upper in pairwise(cuts):
        if not lower.enclosure.upper < upper.enclosure.lower:
            # Ends that cannot be told apart are one breakpoint.
            continue
        part = RunStretch(lower, upper, stretch.matching)
        decision = SHARE if gain.sign_at(part.sample) > 0 else KEEP
        parts.append(replace(part, matching=RunMatching([*decisions, decision])))
    return parts


def _joined(left: Root, right: Root) -> Root:
    if left == right:
        return left
    return Root(left.enclosure.hull(right.enclosure), simple=False)


def _choices(matching: RunMatching) -> dict[int, int]:
    """Decisions that some optimal matching reads; equal choices are equal optimal sets."""
    choices: dict[int, int] = {}
    pending = [len(matching.decisions) - 1]
    while pending:
        i = pending.pop()
        if i < 0 or i in choices:
            continue
        choices[i] = matching.decisions[i]
        if choices[i] != SHARE:
            pending.append(i - 1)
        if choices[i] != KEEP:
            pending.append(i - 2)
    return choices


def _always_sparsest(matching: RunMatching) -> bool:
    """Whether every optimal matching of the run is a maximum matching."""
    decisions = matching.decisions
    fewest = [0, 0]
    for decision in decisions[1:]:
        options = []
        if decision != SHARE:
            options.append(fewest[-1])
        if decision != KEEP:
            options.append(fewest[-2] + 1)
        fewest.append(min(options))
    return fewest[-1] == len(decisions) // 2


@dataclass(frozen=True, repr=False)
class PathStretch:
    """The minimiser on a stretch of exponents.

    Parameters
    ----------
    lower, upper : Enclosure
        The breakpoints that bound the stretch; 0 and 1 are exact.
    law : PiecewiseLinear
        A minimiser of ``V_p`` for every p strictly between.
    unique : bool
        Whether it is the only one there.
    """

    lower: Enclosure
    upper: Enclosure
    law: PiecewiseLinear
    unique: bool

    def __repr__(self) -> str:
        ends = f"{float(self.lower):.6g} < p < {float(self.upper):.6g}"
        return f"<PathStretch: {ends}, {counted(self.law.n_knots, 'knot')}>"


@dataclass(frozen=True, repr=False)
class PPath:
    """All minimisers for p in (0, 1).

    Parameters
    ----------
    stretches : tuple of PathStretch
        In ascending order of p; they cover (0, 1) up to the enclosed breakpoints between them.
    p_star : Enclosure
        The largest exponent such that every minimiser for smaller p is a sparsest interpolant.

    Examples
    --------
    >>> import exactsparse as es
    >>> path = es.solve([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0], p=0.5).p_path()
    >>> [stretch.law.n_knots for stretch in path.stretches], float(path.p_star)
    ([3], 1.0)
    """

    stretches: tuple[PathStretch, ...]
    p_star: Enclosure

    def __repr__(self) -> str:
        cuts = counted(len(self.breakpoints), "breakpoint")
        return f"<PPath: {cuts} in p, p* near {float(self.p_star):.6g}>"

    @property
    def breakpoints(self) -> tuple[Enclosure, ...]:
        """Exponents in (0, 1) at which the set of minimisers changes, ascending."""
        return tuple(stretch.lower for stretch in self.stretches[1:])


def p_path(points: Points, deadline: Deadline | None = None) -> PPath:
    """Every minimiser of ``V_p``, ``0 < p < 1``, with rigorous breakpoints.

    Parameters
    ----------
    points : Points
        The data.
    deadline : Deadline, optional
        Raises Stopped once it has passed.

    Notes
    -----
    Nakhleh & Nowak 2025, Theorem 3.2; the paper bounds the number of breakpoints, this computes
    them.
    """
    base = cardinality_matching(points.signs)
    varying: list[tuple[int, list[RunStretch]]] = []
    unique = len(points) > 1
    p_star = _END.enclosure
    known: dict[tuple[Fraction, ...], list[RunStretch]] = {}
    for start, stop in points.runs():
        if stop - start < 3:
            continue
        jumps = points.jumps(start, stop, deadline)
        shape = tuple(jump / jumps[0] for jump in jumps)
        path = known.get(shape)
        if path is None:
            path = known[shape] = run_path(shape, deadline)
        own = _run_p_star(path)
        p_star = Enclosure(min(p_star.lower, own.lower), min(p_star.upper, own.upper))
        if len(path) > 1 or path[0].lower != _START or path[0].upper != _END:
            varying.append((start, path))
        else:
            _apply(base, start, path[0].matching)
            unique = unique and path[0].matching.unique
    first, last = _START.enclosure, _END.enclosure
    for _, path in varying:
        first, last = first.hull(path[0].lower.enclosure), last.hull(path[-1].upper.enclosure)
    cuts = [first, *_breakpoints(varying), last]
    stretches = []
    for lower, upper in pairwise(cuts):
        sample = (lower.upper + upper.lower) / 2
        shared = base.copy() if varying else base
        alone = unique
        for start, path in varying:
            matching = next(s for s in path if sample < s.upper.enclosure.lower).matching
            _apply(shared, start, matching)
            alone = alone and matching.unique
        stretches.append(PathStretch(lower, upper, PiecewiseLinear(points, shared), alone))
    return PPath(tuple(stretches), p_star)


def _apply(shared: NDArray[np.bool_], start: int, matching: RunMatching) -> None:
    shared[start : start + len(matching.decisions)] = False
    for position in matching.shared:
        shared[start + position] = True


def _run_p_star(path: list[RunStretch]) -> Enclosure:
    lower = Fraction(1)
    for stretch in path:
        if not stretch.lower.simple:
            # Two zeros may hide there, with other minimisers between them.
            lower = min(lower, stretch.lower.enclosure.lower)
        if not _always_sparsest(stretch.matching):
            cut = stretch.lower.enclosure
            return Enclosure(min(lower, cut.lower), cut.upper)
    return Enclosure(lower, Fraction(1))


def _breakpoints(varying: list[tuple[int, list[RunStretch]]]) -> list[Enclosure]:
    cuts = sorted({stretch.lower.enclosure for _, path in varying for stretch in path[1:]})
    merged = cuts[:1]
    for cut in cuts[1:]:
        if cut.overlaps(merged[-1]):
            merged[-1] = merged[-1].hull(cut)
        else:
            merged.append(cut)
    return merged
