"""A function that was found, ready to be written in any language."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from exactsparse.errors import ProblemError, UnsupportedProblemError
from exactsparse.exact.numbers import counted, to_fraction
from exactsparse.printable import printable
from exactsparse.problem.network import Network, Neuron, Skip
from exactsparse.routes.univariate.band.law import Chain
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.piecewise_linear import Piece, PiecewiseLinear
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution
from exactsparse.solution.exports import Exports

# Of more rows the digest takes seconds, and the header goes without.
_MOST_ROWS_OF_A_DIGEST = 100_000
# What a notebook shows, and a line.
_MOST_NAMES_SHOWN = 6
_MOST_TERMS_SHOWN = 20


@dataclass(frozen=True, eq=False, repr=False)
class Formula(Exports):
    """A piecewise-linear function with names: what all languages are written from.

    Parameters
    ----------
    features : tuple of str, length d
        Names of the features.
    label : str
        Name of the value.
    all_pieces : tuple of Piece or None
        One feature: the pieces from left to right, neighbours of different slope.
    network : Network or None
        Several features: the neurons and the affine part.
    ends : tuple of Fraction, length 2
        One feature: least and greatest abscissa of the data or, without data, of the knots.
    provenance : tuple of str
        What was proved, of which data, by which version: a line each.

    Examples
    --------
    >>> import exactsparse as es
    >>> formula = es.Formula.of(es.solve([0, 1, 2], [0, 1, 0]).network, ["t"], "height")
    >>> formula, str(formula("3/2"))
    (<Formula: height of t, 2 pieces>, '1/2')
    """

    features: tuple[str, ...]
    label: str
    all_pieces: tuple[Piece, ...] | None
    network: Network | None
    ends: tuple[Fraction, Fraction]
    provenance: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        function: Solution | Network | PiecewiseLinear | Chain,
        features: Sequence[str] | None = None,
        label: str | None = None,
    ) -> Formula:
        """The formula of a solution, a law or a network.

        Parameters
        ----------
        function : Solution, Network, PiecewiseLinear or Chain
            What was found.
        features : sequence of str, optional
            Names of the features; those of the data, or ``x``, or ``x1``, ``x2`` and so on.
        label : str, optional
            Name of the value; that of the labels, or ``y``.

        Raises
        ------
        NoFunctionError
            If the solution is that there is none.
        ProblemError
            If there are not as many names as features.
        """
        law: PiecewiseLinear | Chain | Network
        provenance: tuple[str, ...] = ()
        ends: tuple[Fraction, Fraction] | None = None
        if isinstance(function, Solution):
            if isinstance(function, UnivariateSolution | LawSolution):
                law = function.law
            else:
                law = function.network
            dataset = function.problem.dataset
            features = dataset.feature_names if features is None else features
            label = dataset.label_name if label is None else label
            provenance = _provenance(function)
            if dataset.n_features == 1:
                values = dataset.features[0].values
                low, high = int(values.argmin()), int(values.argmax())
                ends = dataset.features[0][low], dataset.features[0][high]
        else:
            law = function
        d = law.n_features if isinstance(law, Network) else 1
        names = tuple(features or _numbered(d))
        if len(names) != d:
            raise ProblemError(f"{counted(len(names), 'name')} for {counted(d, 'feature')}")
        label = "y" if label is None else label
        if isinstance(law, Network) and d > 1:
            return cls(names, label, None, law, (Fraction(0), Fraction(0)), provenance)
        pieces = _pieces_of_network(law) if isinstance(law, Network) else tuple(law.pieces())
        if ends is None:
            knots = [piece.start for piece in pieces if piece.start is not None]
            ends = (knots[0], knots[-1]) if knots else (Fraction(0), Fraction(1))
        return cls(names, label, pieces, None, ends, provenance)

    def __repr__(self) -> str:
        if self.all_pieces is not None:
            size = counted(len(self.all_pieces), "piece")
        else:
            size = counted(len(self.neurons), "neuron")
        names = ", ".join(map(printable, self.features[:_MOST_NAMES_SHOWN]))
        more = len(self.features) - _MOST_NAMES_SHOWN
        names += f" and {more} more" if more > 0 else ""
        return f"<Formula: {printable(self.label)} of {names}, {size}>"

    @cached_property
    def formula(self) -> Formula:
        """Itself."""
        return self

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.to_latex(most=_MOST_TERMS_SHOWN)}$"

    def require_pieces(self, what: str) -> tuple[Piece, ...]:
        """The pieces.

        Parameters
        ----------
        what : str
            What is made of them, for the message.

        Raises
        ------
        UnsupportedProblemError
            If there are several features.
        """
        if self.all_pieces is None:
            raise UnsupportedProblemError(
                f"{what} are of functions of one feature, and this is one of {len(self.features)}; "
                "its neurons are in solution.network, and in to_sympy() and the .csv export"
            )
        return self.all_pieces

    @cached_property
    def neurons(self) -> tuple[tuple[int, tuple[Fraction, ...], Fraction], ...]:
        """Of several features: sign, weights and bias of ``± (w · x + b)₊``, one per neuron.

        Neurons that are 0 everywhere, or constant, are none.
        """
        if self.network is None:
            return ()
        scaled = [(neuron.scaled, neuron) for neuron in self.network.neurons if neuron.output]
        return tuple((s, w[:-1], w[-1]) for (w, s), neuron in scaled if any(neuron.weights))

    @cached_property
    def affine(self) -> tuple[tuple[Fraction, ...], Fraction]:
        """Of several features: weights and constant of what stands beside the neurons."""
        if self.network is None:
            raise AssertionError("a function of one feature is made of pieces")
        d = self.network.n_features
        skip = self.network.skip or Skip((Fraction(0),) * d, Fraction(0))
        constant = (n.output * n.bias for n in self.network.neurons if _is_constant(n))
        return skip.weights, sum(constant, skip.bias)

    @cached_property
    def knots(self) -> tuple[Fraction, ...]:
        """Of one feature: where pieces meet, ascending."""
        pieces = self.all_pieces or ()
        return tuple(piece.start for piece in pieces if piece.start is not None)

    def __call__(self, point: Any) -> Fraction:
        """Value at one point, exact.

        Parameters
        ----------
        point : number or str, or a sequence of them
            The abscissa; of several features a number for each.
        """
        if self.network is not None:
            return self.network.evaluate(point)
        (at,) = [point] if isinstance(point, str) or not isinstance(point, Iterable) else point
        x = to_fraction(at)
        piece = self.require_pieces("values")[bisect_right(self.knots, x)]
        return piece.slope * x + piece.intercept


def _numbered(d: int) -> list[str]:
    return ["x"] if d == 1 else [f"x{k + 1}" for k in range(d)]


def _is_constant(neuron: Neuron) -> bool:
    return not any(neuron.weights) and neuron.bias > 0


def _pieces_of_network(network: Network) -> tuple[Piece, ...]:
    """The pieces of a network of one feature: neurons of one knot together."""
    skip = network.skip or Skip((Fraction(0),), Fraction(0))
    slope, intercept = skip.weights[0], skip.bias
    changes: dict[Fraction, tuple[Fraction, Fraction]] = {}
    for neuron in network.neurons:
        (w,), b, v = neuron.weights, neuron.bias, neuron.output
        if _is_constant(neuron):
            intercept += v * b
        elif w:
            at = -b / w
            change = changes.get(at, (Fraction(0), Fraction(0)))
            if w < 0:
                slope, intercept = slope + v * w, intercept + v * b
            size = v * abs(w)
            changes[at] = change[0] + size, change[1] - size * at
    pieces: list[Piece] = []
    start: Fraction | None = None
    for at in sorted(at for at, (change, _) in changes.items() if change):
        pieces.append(Piece(start, at, slope, intercept))
        slope, intercept = slope + changes[at][0], intercept + changes[at][1]
        start = at
    return (*pieces, Piece(start, None, slope, intercept))


def _provenance(solution: Solution) -> tuple[str, ...]:
    """What was proved, of which data, by which version."""
    from importlib.metadata import version

    from exactsparse.certificate.certificate import canonical_data

    # Upward: the words for it belong to the reports.
    from exactsparse.report.verdict import claim_of

    dataset = solution.problem.dataset
    source = f"{dataset.origin.name}, " if dataset.origin.name else ""
    data = f"data: {source}{counted(dataset.n_points, 'row')}"
    if dataset.n_points <= _MOST_ROWS_OF_A_DIGEST:
        data += f", SHA-256 {canonical_data(solution.problem)[1]}"
    return (
        f"{solution.status}: {claim_of(solution)}",
        data,
        *(f"note: {note}" for note in dataset.notes),
        f"written by exactsparse {version('exactsparse')}",
    )
