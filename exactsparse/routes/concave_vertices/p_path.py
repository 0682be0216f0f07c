"""The minimisers as a function of p, and the p* of Theorem 4.1.

All vertices are gone through once for every p in (0, 1): one is left out where, for every p, its
cost is proved to be larger than that of a known network.  Costs are sums of powers ``Σ aᵖ``, convex
in p: on an interval a known one is below its chord, another one above its tangents.  What is left
is compared exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exactsparse.errors import UnsupportedProblemError
from exactsparse.exact.numbers import counted, to_float
from exactsparse.exact.powers import Enclosure
from exactsparse.problem.network import Network
from exactsparse.routes.concave_vertices.budget import BUDGET
from exactsparse.routes.concave_vertices.envelope import END, START, Envelope, Piece, Sizes
from exactsparse.routes.concave_vertices.kernels.leaf_costs import Limit, is_dominated
from exactsparse.routes.concave_vertices.networks import Candidate, candidates_of
from exactsparse.routes.concave_vertices.search import Chosen, VertexSearch

Floats = NDArray[np.float64]

# Whatever is rounded in the costs of known networks.
_MARGIN = 1e-12
_INTERVALS, _FINE_INTERVALS = 16, 128


@dataclass(frozen=True, repr=False)
class NetworkStretch:
    """The minimisers on a stretch of exponents.

    Parameters
    ----------
    lower, upper : Enclosure
        The breakpoints that bound the stretch; 0 and 1 are exact.
    minimisers : tuple of Network
        Every network of least cost for every p strictly between.
    unique : bool
        Whether they are one function.
    """

    lower: Enclosure
    upper: Enclosure
    minimisers: tuple[Network, ...]
    unique: bool

    @property
    def network(self) -> Network:
        """One of them."""
        return self.minimisers[0]

    def __repr__(self) -> str:
        ends = f"{float(self.lower):.6g} < p < {float(self.upper):.6g}"
        return f"<NetworkStretch: {ends}, {counted(self.network.n_parameters, 'parameter')}>"


@dataclass(frozen=True, repr=False)
class NetworkPath:
    """All minimisers for p in (0, 1).

    Parameters
    ----------
    stretches : tuple of NetworkStretch
        In ascending order of p; they cover (0, 1) up to the enclosed breakpoints between them.
    p_star : Enclosure
        The largest exponent such that every minimiser for smaller p has fewest parameters.

    Examples
    --------
    >>> import exactsparse as es
    >>> points, labels = [[0, 3], [1, 1], [2, 4], [4, 0]], [1, 0, 2, 3]
    >>> path = es.solve(points, labels, p="1/2").p_path()
    >>> [stretch.network.n_parameters for stretch in path.stretches], round(float(path.p_star), 6)
    ([4, 5, 6], 0.42612)
    """

    stretches: tuple[NetworkStretch, ...]
    p_star: Enclosure

    def __repr__(self) -> str:
        cuts = counted(len(self.breakpoints), "breakpoint")
        return f"<NetworkPath: {cuts} in p, p* near {float(self.p_star):.6g}>"

    @property
    def breakpoints(self) -> tuple[Enclosure, ...]:
        """Exponents in (0, 1) at which the set of minimisers changes, ascending."""
        return tuple(stretch.lower for stretch in self.stretches[1:])


class _Pool:
    """Networks that may be minimisers for some p, by their sizes."""

    def __init__(self, search: VertexSearch) -> None:
        self.search = search
        self.networks: dict[Sizes, set[Candidate]] = {}
        self.limit = Limit.along_path(np.empty((0, _INTERVALS + 1)))
        self._seen: set[Chosen] = set()
        self._settled = 0

    def offer(self, chosen: Chosen) -> None:
        """Keep the networks on some rays."""
        if chosen in self._seen:
            return
        self._seen.add(chosen)
        for candidate in candidates_of(self.search.system, chosen):
            self.networks.setdefault(candidate.sizes, set()).add(candidate)
        if len(self.networks) > 2 * self._settled:
            self.settle()

    def settle(self, intervals: int = _INTERVALS) -> None:
        """Leave out the networks that others rule out, and let the cheapest rule out more."""
        floats = {sizes: np.array([to_float(size) for size in sizes]) for sizes in self.networks}
        ends = _laws(list(floats.values()), intervals)
        self.networks = {
            sizes: self.networks[sizes]
            for sizes, values in floats.items()
            if not (np.isfinite(values).all() and values.all())
            or not is_dominated(ends, values, len(values))
        }
        if intervals == _INTERVALS:
            self.limit = Limit.along_path(ends)
        self._settled = max(len(self.networks), 50)


def _laws(sizes: list[Floats], intervals: int) -> Floats:
    """Costs, rounded up, of the cheapest networks at the ends of intervals."""
    places = np.arange(intervals + 1) / intervals
    usable = [values for values in sizes if np.isfinite(values).all() and values.all()]
    costs = np.array([[float((values**p).sum()) for p in places] for values in usable])
    if not len(costs):
        return np.empty((0, intervals + 1))
    slopes = np.array([np.log(values).sum() for values in usable])
    fewest = np.flatnonzero(costs[:, 0] == costs[:, 0].min())
    chosen = {int(fewest[np.argmin(slopes[fewest])])}
    chosen |= set(np.argmin(costs[:, 1:], axis=0).tolist())
    ends = costs[sorted(chosen)]
    ends[:, 1:] *= 1 + _MARGIN
    return np.ascontiguousarray(ends)


def p_path(search: VertexSearch, n_features: int) -> NetworkPath:
    """Every minimiser for ``0 < p < 1``, with rigorous breakpoints.

    Parameters
    ----------
    search : VertexSearch
        Rays and deadline.
    n_features : int
        Of the networks.

    Raises
    ------
    Stopped
        If the deadline has passed.
    UndecidedError
        If breakpoints cannot be told apart.
    UnsupportedProblemError
        If there are too many vertices.

    Notes
    -----
    Nakhleh & Nowak 2025, Theorem 4.1, which leaves p* open.
    """
    sets = search.system.sets()
    if sets > BUDGET.most_sets_of_path:
        raise UnsupportedProblemError(
            f"the path over p would go through {sets:,} sets of rays, and at most "
            f"{BUDGET.most_sets_of_path:,} are: ask for single p"
        )
    pool = _Pool(search)
    for p in BUDGET.exponents_of_path:
        search.local(p, pool.offer, BUDGET.starts_of_path)
    pool.settle()
    search.walk(lambda: pool.limit, pool.offer, "going through vertices for all p")
    pool.settle()
    pool.settle(_FINE_INTERVALS)
    pieces = Envelope(pool.networks, search.deadline).pieces()
    stretches = tuple(
        _stretch(piece, pool.networks[piece.sizes], search, n_features) for piece in pieces
    )
    return NetworkPath(stretches, _p_star(pieces))


def _stretch(
    piece: Piece, candidates: set[Candidate], search: VertexSearch, n_features: int
) -> NetworkStretch:
    splits = {s for candidate in candidates for s in candidate.splits(search.system.rows)}
    ordered = sorted(splits, key=lambda c: (len(c.neurons), c.neurons))
    return NetworkStretch(
        piece.lower.enclosure,
        piece.upper.enclosure,
        tuple(candidate.network(n_features) for candidate in ordered),
        len({candidate.function for candidate in splits}) == 1,
    )


def _p_star(pieces: list[Piece]) -> Enclosure:
    fewest = len(pieces[0].sizes)
    for piece in pieces:
        if len(piece.sizes) > fewest:
            return piece.lower.enclosure
        if any(len(sizes) > fewest for sizes in piece.met) and not piece.upper.simple:
            # Others may be as cheap there, or in between.
            following = next((p for p in pieces if p.lower == piece.upper), None)
            if following is None or len(following.sizes) == fewest:
                return Enclosure(piece.upper.enclosure.lower, Fraction(1))
    return END.enclosure


def trivial_path(n_features: int) -> NetworkPath:
    """The path of labels that are all 0."""
    nothing = (Network((), None, n_features),)
    one = NetworkStretch(START.enclosure, END.enclosure, nothing, unique=True)
    return NetworkPath((one,), END.enclosure)
