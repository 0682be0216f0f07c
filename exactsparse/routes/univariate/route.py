"""Solve a univariate problem: signs, runs, matching, uniqueness, and the proof of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from exactsparse.errors import TimeLimitError
from exactsparse.exact.powers import Enclosure, sum_of_powers
from exactsparse.problem.dataset import Dataset
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem, require_one_number
from exactsparse.progress import Deadline, Progress, Stopped, silent, until_stopped
from exactsparse.routes.univariate import ROUTE
from exactsparse.routes.univariate.interpolation import (
    meets_all_points,
    network_meets_all_points,
)
from exactsparse.routes.univariate.l1_minimisers import L1Minimisers, run_classes
from exactsparse.routes.univariate.matching import SHARE, cardinality_matching, match_run
from exactsparse.routes.univariate.p_path import PPath, p_path
from exactsparse.routes.univariate.piecewise_linear import PiecewiseLinear
from exactsparse.routes.univariate.points import COMPILED_FROM, Points
from exactsparse.routes.univariate.uniqueness import fewest_knots_unique
from exactsparse.solution import InfeasibleSolution, Solution, Status, Value

if TYPE_CHECKING:
    from exactsparse.routes.univariate.band.solution import (
        BandSolution,
        ToleranceSolution,
    )
    from exactsparse.routes.univariate.float_powers import FloatPowers

_logger = logging.getLogger(__name__)

# Below this exponent float64 has no normal number to hold it.
_SMALLEST_FLOAT_EXPONENT = Fraction(1, 10**300)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class UnivariateSolution(Solution):
    """Solution of a univariate problem, with the law behind the data.

    Parameters
    ----------
    law : PiecewiseLinear
        The interpolant as a piecewise-linear function: knots, pieces, slopes.
    matching_unique : bool or None
        For 0 < p < 1, whether no other choice of shared knots costs the same.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    >>> solution.status.value, solution.value, solution.unique
    ('optimal', 3, False)
    """

    law: PiecewiseLinear
    matching_unique: bool | None

    @cached_property
    def unique(self) -> bool | None:
        """Whether the minimiser is the only one as a function; None if not determined."""
        points, p = self.law.points, self.problem.exponent
        if self.status is not Status.OPTIMAL:
            return None
        if p == 0:
            return fewest_knots_unique(points.signs)
        if p == 1:
            # Where two points can share a knot, every place between is optimal too.
            return len(points) > 1 and not self.law.shared.any()
        return self.matching_unique

    @cached_property
    def network(self) -> Network:
        """The law as a ReLU network, exact; built, and evaluated, when first asked for."""
        network = self.law.network()
        if not network_meets_all_points(network, self.law.points):
            raise AssertionError("the network that was made of the law misses a point")
        if self.problem.objective.is_count and network.n_neurons != self.cost:
            raise AssertionError(f"the network has {network.n_neurons} neurons, not {self.cost}")
        return network

    def __call__(self, x: object) -> Fraction:
        """Value of the law at an abscissa, exact; ``law.predict`` takes arrays."""
        require_one_number(x)
        return self.law.evaluate(x)

    @cached_property
    def runs(self) -> Sequence[L1Minimisers]:
        """The sparsest ℓ¹-minimal interpolants run by run (Theorem 3.1)."""
        return tuple(run_classes(self.law.points))

    @cached_property
    def hint(self) -> str | None:
        """What a small tolerance would change, of a law that has knots nearly everywhere."""
        if self.problem.exponent != 0:
            return None
        from exactsparse.routes.univariate.tolerance_hint import tolerance_hint

        return tolerance_hint(self.law)

    def p_path(self, time_limit: float | None = None) -> PPath:
        """Minimisers for every p in (0, 1), with rigorous breakpoints and p*.

        Parameters
        ----------
        time_limit : float, optional
            Seconds after which to give up.

        Raises
        ------
        TimeLimitError
            If the limit has passed: long runs of nearly equal slope changes take long.
        """
        try:
            return p_path(self.law.points, Deadline(time_limit))
        except Stopped:
            raise TimeLimitError(f"the path over p was not finished in {time_limit} s") from None

    @cached_property
    def p_star(self) -> Enclosure:
        """Largest exponent below which every ℓᵖ minimiser is a sparsest interpolant."""
        return self.p_path().p_star

    def _argument(self) -> dict[str, Any]:
        points, p = self.law.points, self.problem.exponent
        if p == 0:
            # Pairing from the left puts one knot on every other point of each run.
            return {"kind": "witnesses", "indices": self.law.knot_points.tolist()}
        return {"kind": "path_dual", "shared": _dual(points, p)}


def solve(
    problem: Problem, deadline: Deadline | None = None, progress: Progress = silent
) -> UnivariateSolution | BandSolution | ToleranceSolution | InfeasibleSolution:
    """Solve a problem of one feature: within a band, or an exact interpolant of least cost.

    Parameters
    ----------
    problem : Problem
        One feature, affine skip.
    deadline, progress
        As for :func:`interpolate`.
    """
    if problem.band is None and problem.shape is None and not problem.objective.is_tolerance:
        return interpolate(problem, deadline, progress)
    from exactsparse.routes.univariate.band.route import solve as solve_within_band

    return solve_within_band(problem, deadline, progress)


def interpolate(
    problem: Problem, deadline: Deadline | None = None, progress: Progress = silent
) -> UnivariateSolution:
    """Find an interpolant of least cost and prove it, in linear time.

    Parameters
    ----------
    problem : Problem
        One feature, affine skip.
    deadline : Deadline, optional
        When to stop with a ``feasible`` result.
    progress : callable, optional
        Receives (task, done, total).

    Raises
    ------
    ConflictingLabelsError
        If equal abscissae carry different labels.

    Notes
    -----
    Nakhleh & Nowak 2025, Proposition 3.1 and Theorem 3.1.
    """
    began = time.perf_counter()
    points = Points.from_dataset(problem.dataset, progress)
    p = problem.exponent
    if 0 < p < 1:
        matched = _match(points, p, deadline or Deadline(), progress)
        met = meets_all_points(matched.law)
    else:
        # For p = 1 every place between own and shared knots is optimal; this is a sparsest one.
        law = PiecewiseLinear(points, cardinality_matching(points.signs))
        cost, met = _cost_and_test(law, p)
        matched = _Matched(law, cost, None, None)
    if not met:
        _logger.warning("the law of the fewest shared knots is discarded: it misses a point")
        matched = _chords(problem.dataset, p)
    return UnivariateSolution(
        problem=problem,
        status=Status.OPTIMAL if matched.bound is None else Status.FEASIBLE,
        cost=matched.cost,
        bound=matched.cost if matched.bound is None else matched.bound,
        method=ROUTE.method,
        seconds=time.perf_counter() - began,
        law=matched.law,
        matching_unique=matched.unique,
    )


def _cost_and_test(law: PiecewiseLinear, p: Fraction) -> tuple[Value, bool]:
    """What a law costs and whether it meets all points; of long data, found side by side."""
    if len(law.points) < COMPILED_FROM:
        return law.path_norm(p), meets_all_points(law)
    with ThreadPoolExecutor(1) as thread:
        met = thread.submit(meets_all_points, law)
        return law.path_norm(p), met.result()


def _chords(dataset: Dataset, p: Fraction) -> _Matched:
    """The chord interpolant, of signs that are compared in rationals, with nothing proved."""
    points = Points.in_rationals(dataset)
    law = PiecewiseLinear(points, np.zeros(len(points), dtype=bool))
    if not meets_all_points(law):
        raise AssertionError("the chords through the points miss a point")
    nothing: Value = 0 if p == 0 else Fraction(0)
    if 0 < p < 1:
        nothing = Enclosure(Fraction(0), Fraction(0))
    return _Matched(law, law.path_norm(p), None, nothing)


@dataclass(frozen=True)
class _Matched:
    """A law and its cost; ``bound`` is None if the cost is proved to be least."""

    law: PiecewiseLinear
    cost: Value
    unique: bool | None
    bound: Value | None


def _match(points: Points, p: Fraction, deadline: Deadline, progress: Progress) -> _Matched:
    powers: FloatPowers | None = None
    if len(points) >= COMPILED_FROM and p > _SMALLEST_FLOAT_EXPONENT:
        from exactsparse.routes.univariate.float_powers import FloatPowers

        powers = FloatPowers.of(points, p)
        shared, first = powers.match()
        remaining = [points.run_at(start) for start in first.tolist()]
    else:
        shared, remaining = np.zeros(len(points), dtype=bool), list(points.runs())
    unique: bool | None = len(points) > 1
    done, finished = 0, False
    with until_stopped(deadline):
        for done, (start, stop) in enumerate(remaining):
            deadline.check()
            matching = match_run(points.jumps(start, stop, deadline), p, deadline)
            shared[[start + i for i in matching.shared]] = True
            unique = unique and matching.unique
            if done % 256 == 0:
                progress("runs that need exact comparisons", done, len(remaining))
        finished = True
    open_runs = [] if finished else remaining[done:]
    if open_runs:
        unique = None
    for start, stop in open_runs:
        shared[start:stop] = cardinality_matching(points.signs[start:stop])
    law = PiecewiseLinear(points, shared)

    cost = _path_norm(law, p, powers)
    bound = _open_bound(law, open_runs, p, powers) if open_runs else None
    return _Matched(law, cost, unique, bound)


def _path_norm(law: PiecewiseLinear, p: Fraction, powers: FloatPowers | None) -> Enclosure:
    return (powers.path_norm(law) if powers else None) or law.power_sum(p)


def _open_bound(
    law: PiecewiseLinear, open_runs: list[tuple[int, int]], p: Fraction, powers: FloatPowers | None
) -> Enclosure:
    """Proved lower bound when some runs were left: one knot for the slope change of each.

    ``Σ sizesᵖ >= (Σ sizes)ᵖ``, and the sizes of a run add up to its slope change.
    """
    points, signs, shared = law.points, law.points.signs.copy(), law.shared.copy()
    for start, stop in open_runs:
        signs[start:stop], shared[start:stop] = 0, False
    closed = _path_norm(PiecewiseLinear(replace(points, signs=signs), shared), p, powers)
    changes = (abs(points.slope(stop - 1) - points.slope(start - 1)) for start, stop in open_runs)
    return sum_of_powers(changes, p, closed)


def _dual(points: Points, p: Fraction) -> list[int]:
    shared: list[int] = []
    if p == 1:
        return shared
    for start, stop in points.runs():
        decisions = match_run(points.jumps(start, stop), p).decisions
        shared.extend(start + i for i, decision in enumerate(decisions) if decision == SHARE)
    return shared
