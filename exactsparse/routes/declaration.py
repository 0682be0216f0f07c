"""How a route declares what it solves and which options it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from exactsparse.errors import ProblemError
from exactsparse.problem.problem import Problem


@dataclass(frozen=True)
class Scope:
    """Problems that a route solves.

    Parameters
    ----------
    objectives : tuple of str
        Any of ``"parameters"``, ``"neurons"``, ``"path_norm"``, ``"tolerance"``.
    skips : tuple of str
        ``"affine"``, ``"none"``.
    exponents : tuple of two Fractions
        Least and greatest p of a path norm.
    open_exponents : bool
        Whether these two are excluded.
    features : tuple of int and int or None
        Fewest and most features; None for any number.
    labels : tuple of str
        ``"exact"``, ``"band"``: what is asked of a function at a row.
    shapes : tuple of str
        ``"convex"``, ``"concave"``: restrictions to such functions, beside none.
    limits : tuple of str
        ``"knots"``, ``"parameters"``, ``"neurons"``: for how many of what the least tolerance may
        be asked.
    """

    objectives: tuple[str, ...]
    skips: tuple[str, ...] = ("affine", "none")
    exponents: tuple[Fraction, Fraction] = (Fraction(0), Fraction(1))
    features: tuple[int, int | None] = (1, None)
    labels: tuple[str, ...] = ("exact",)
    shapes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    open_exponents: bool = False

    def holds(self, problem: Problem) -> bool:
        """Whether a problem is one of them."""
        fewest, most = self.features
        least, greatest = self.exponents
        return (
            problem.objective in self.objectives
            and problem.skip in self.skips
            and least <= problem.exponent <= greatest
            and not (self.open_exponents and problem.exponent in self.exponents)
            and fewest <= problem.dataset.n_features
            and (most is None or problem.dataset.n_features <= most)
            and problem.labels in self.labels
            and (problem.shape is None or problem.shape in self.shapes)
            and (problem.limit is None or problem.limit.counted in self.limits)
        )


@dataclass(frozen=True)
class Route:
    """One way to solve problems.

    Parameters
    ----------
    method : str
        What users call it.
    package : str
        Folder under ``exactsparse.routes`` whose ``route.py`` has ``solve``.
    does : str
        What it solves, a clause that follows its name.
    scopes : tuple of Scope
        The same for the program.
    options : tuple of str
        Options of :func:`exactsparse.solve` that it takes, beside those that state the problem.
    automatic : bool
        Whether method ``auto`` may choose it.
    """

    method: str
    package: str
    does: str
    scopes: tuple[Scope, ...]
    options: tuple[str, ...]
    automatic: bool = True

    def solves(self, problem: Problem) -> bool:
        """Whether it solves a problem."""
        return any(scope.holds(problem) for scope in self.scopes)

    def require_options(self, given: Mapping[str, object], others: tuple[Route, ...]) -> None:
        """Refuse options that it would ignore.

        Parameters
        ----------
        given : mapping of str to object
            Options by name; None if not given.
        others : tuple of Route
            The routes that solve the same problem.

        Raises
        ------
        ProblemError
            If it does not take one of the options.
        """
        for option, value in given.items():
            if value is None or option in self.options:
                continue
            takers = [repr(other.method) for other in others if option in other.options]
            remedy = f"leave it out, or use method {' or '.join(takers)}" if takers else (
                "leave it out"
            )  # fmt: skip
            raise ProblemError(f"method {self.method!r} does not use {option}: {remedy}")
