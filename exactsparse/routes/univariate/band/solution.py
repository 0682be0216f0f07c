"""Solutions within a band: the law and its freedom, the least tolerance, or what forbids a law."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any

from exactsparse.errors import TimeLimitError, UnsupportedProblemError
from exactsparse.exact.numbers import format_rational, rational_text, to_fraction
from exactsparse.problem.band import Tolerance
from exactsparse.problem.network import Network
from exactsparse.problem.problem import Problem, require_one_number
from exactsparse.progress import Deadline, Stopped
from exactsparse.routes.univariate.band.dual import LowerBound
from exactsparse.routes.univariate.band.fewest_knots import BandResult
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.stabbing import Triple
from exactsparse.routes.univariate.band.tube import long_tube, tube
from exactsparse.routes.univariate.piecewise_linear import Piece
from exactsparse.solution import Solution

# So many rows are gone through in rationals for all laws.
# Of labels that are written with more digits than these nobody chose the last one.
_FINEST = 10**13
_MOST_ROWS = 2_000


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class LawSolution(Solution):
    """A law within a band, and the network that computes it."""

    @property
    @abstractmethod
    def law(self) -> Chain:
        """The function: lines that cross one after the other."""

    @property
    @abstractmethod
    def tolerance(self) -> Fraction | None:
        """Largest ``|f(xᵢ) − yᵢ|`` that is allowed; None where every row has its own interval."""

    def first_pieces(self, most: int) -> list[Piece]:
        """The first pieces of the law, exact."""
        return list(islice(self.law.pieces(), most))

    @cached_property
    def network(self) -> Network:
        """The law as a ReLU network, exact: a neuron for every knot."""
        return self.law.network()

    def __call__(self, x: object) -> Fraction:
        """Value of the law at an abscissa, exact; ``law.predict`` takes arrays."""
        require_one_number(x)
        return self.law.evaluate(x)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class BandSolution(LawSolution):
    """A law of fewest knots within a band, proved.

    Parameters
    ----------
    result : BandResult
        The law, the triples that prove it, and all laws of as few knots.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([0, 1, 2, 3, 4], [0, 0, 1, 11, 20], tolerance=1)
    >>> solution.value, solution.unique, str(solution(3))
    (1, False, '10')
    >>> [(str(low), str(high)) for low, high in solution.knot_intervals]
    [('32/21', '44/19')]
    """

    result: BandResult

    @cached_property
    def law(self) -> Chain:
        """The function; made when it is first asked for, as one of many knots takes a while."""
        chain = self.result.chain
        if chain is None or chain.n_knots != self.cost:
            raise AssertionError("the law has the knots that are proved to be the fewest")
        return chain

    def to_json(self) -> dict[str, Any]:
        """JSON object of the schema ``exactsparse/solution/1``, knot intervals if known."""
        intervals = self.knot_intervals
        if intervals is None:
            return super().to_json()
        texts = [[rational_text(end) for end in ends] for ends in intervals]
        return super().to_json() | {"knot_intervals": texts}

    def first_pieces(self, most: int) -> list[Piece]:
        """The first pieces of the law, exact, without making the others."""
        return self.result.pieces(most)

    @property
    def tolerance(self) -> Fraction | None:
        """Largest ``|f(xᵢ) − yᵢ|`` that is allowed; None where every row has its own interval."""
        band = self.problem.band
        if band is None:
            return Fraction(0)
        return band.half_width if isinstance(band, Tolerance) else None

    @cached_property
    def unique(self) -> bool | None:
        """Whether no other function has as few knots; None if not determined."""
        return self.result.unique

    @cached_property
    def knot_intervals(self) -> list[tuple[Fraction, Fraction]] | None:
        """Least and greatest abscissa of every knot over all laws of fewest knots, exact.

        Infimum and supremum: a knot comes as near to them as one likes.  None of laws that are not
        simplified, and of tables of 2,000 rows and more that are not of float64 columns.
        """
        laws = self.result.laws
        if laws is not None and len(laws.windows) >= _MOST_ROWS:
            return None
        return self.result.knot_intervals

    def tube(
        self, x: object, time_limit: float | None = None
    ) -> tuple[Fraction | None, Fraction | None]:
        """Least and greatest value at an abscissa over all laws of fewest knots, exact.

        Parameters
        ----------
        x : number or str
            Anywhere, also outside the data.
        time_limit : float, optional
            Seconds after which to give up; 10⁶ rows and 1,000 knots take three.

        Returns
        -------
        low, high : Fraction or None
            None where the data leave the value without a bound.

        Raises
        ------
        UnsupportedProblemError
            For laws that are not simplified, and tables of 2,000 rows and more that are not of
            float64 numbers.
        TimeLimitError
            If the limit has passed.

        Examples
        --------
        >>> import exactsparse as es
        >>> solution = es.solve([0, 1, 2, 3, 4], [0, 0, 1, 11, 20], tolerance=1)
        >>> [str(end) for end in solution.tube("5/2")]
        ['9/2', '27/4']
        """
        laws, long, at = self.result.laws, self.result.long, to_fraction(x)
        deadline = Deadline(time_limit)
        try:
            if long is not None:
                rows, knots = long.some.windows.lower_rows, long.some.n_knots
                return long_tube(long.windows, rows, knots, at, deadline)
            if laws is not None and len(laws.windows) < _MOST_ROWS:
                return tube(laws.windows, laws.n_knots, at, deadline)
        except Stopped:
            raise TimeLimitError(f"the tube was not found in {time_limit} s") from None
        raise UnsupportedProblemError(
            "what all laws do is found for simplified laws, and from "
            f"{_MOST_ROWS:,} rows on for those of float64 numbers"
        )

    @cached_property
    def hint(self) -> str | None:
        """That ``auto`` is finer than people round, of labels that were computed."""
        band, labels = self.problem.band, self.problem.dataset.labels
        if not isinstance(band, Tolerance) or not band.automatic:
            return None
        values = labels.values
        size = max(abs(labels[int(place)]) for place in (values.argmin(), values.argmax()))
        if 2 * band.half_width * _FINEST > size:
            return None
        return (
            f"half a unit in the last digit is {format_rational(band.half_width)}: these labels "
            "were computed, not rounded; give a number as tolerance"
        )

    @property
    def triples(self) -> Sequence[Triple]:
        """Three rows each that force a slope change of their sign: as many as the law has knots."""
        return self.result.triples

    def _argument(self) -> dict[str, Any]:
        place = _places(self.problem)
        return {"kind": "triples", "triples": [_at(t, place) for t in self.result.triples]}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ToleranceSolution(LawSolution):
    """The least tolerance with which a number of knots suffices.

    Parameters
    ----------
    chain : Chain
        A law within it.
    proof : LowerBound or None
        Why it cannot be less; None if the time was up, and ``value`` is what the law attains and
        ``lower_bound`` what is proved.

    Examples
    --------
    >>> import exactsparse as es
    >>> solution = es.solve([0, 1, 2], [0, 1, 0], knots=0)
    >>> str(solution.tolerance), str(solution(7))
    ('1/2', '1/2')
    """

    chain: Chain
    proof: LowerBound | None

    @property
    def law(self) -> Chain:
        """A law of so few knots within the tolerance."""
        return self.chain

    @property
    def tolerance(self) -> Fraction:
        """Largest ``|f(xᵢ) − yᵢ|`` of the law: the least of all, if the status is optimal."""
        if not isinstance(self.cost, Fraction):
            raise AssertionError("a tolerance is a rational number")
        return self.cost

    def _argument(self) -> dict[str, Any]:
        if self.proof is None:
            raise AssertionError("certificates are of proved tolerances")
        place = _places(self.problem)
        return {
            "kind": "least_tolerance",
            "triples": [_at(triple, place) for triple in self.proof.triples],
            "abscissa": None if self.proof.rows is None else place[self.proof.rows[0]],
        }


def infeasible_argument(problem: Problem, result: BandResult) -> dict[str, Any]:
    """Why no function meets the data, as certificates write it.

    Parameters
    ----------
    problem : Problem
        Of one feature.
    result : BandResult
        With the rows that forbid a function.
    """
    place = _places(problem)
    if result.forbidding is not None:
        return {"kind": "forbidding_triple", "triple": _at(result.forbidding, place)}
    if result.contradiction is None:
        raise AssertionError("nothing forbids a function")
    return {"kind": "empty_interval", "abscissa": place[result.contradiction.lower_row]}


def reason_of(result: BandResult, solution_rows: Sequence[int], shape: str | None) -> str:
    """Say which rows forbid a function; ``solution_rows`` are their numbers as people count."""
    if result.forbidding is not None:
        listed = ", ".join(map(str, solution_rows[:2]))
        return f"rows {listed} and {solution_rows[2]} allow no {shape} function"
    first, second = solution_rows
    if first == second:
        return f"row {first}: the lower bound lies above the upper one"
    low, high = sorted((first, second))
    return f"rows {low} and {high} have the same point and no value in common"


def _places(problem: Problem) -> list[int]:
    """Position of every row among the distinct abscissae, ascending."""
    x = problem.dataset.features[0]
    values = [x[i] for i in range(len(x))]
    place = {value: k for k, value in enumerate(sorted(set(values)))}
    return [place[value] for value in values]


def _at(triple: Triple, place: Sequence[int]) -> list[int]:
    sign, *rows = triple
    return [sign, *(place[row] for row in rows)]
