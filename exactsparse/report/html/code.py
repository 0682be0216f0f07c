"""The function as code, in every language that it can be written in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from exactsparse.report.law_table import n_knots_of
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution

# Longer texts are read by programs, from files.
_MOST_CHARACTERS = 30_000
_MOST_TERMS = 2_000


@dataclass(frozen=True)
class CodeBlock:
    """A text to copy.

    Parameters
    ----------
    language, text : str
        What it is written in, and what.
    note : str
        What should be known of it; empty for nothing.
    """

    language: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class CodeSection:
    """The function in all languages.

    Parameters
    ----------
    blocks : tuple of CodeBlock
        Those that are in the page.
    left_out : tuple of str
        Languages in which it is too long for that.
    """

    blocks: tuple[CodeBlock, ...]
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, solution: Solution) -> CodeSection:
        """The function of a solution."""
        if _terms(solution) > _MOST_TERMS:
            return cls((), ())
        short: list[CodeBlock] = []
        long: list[CodeBlock] = []
        for block in _blocks(solution):
            (short if len(block.text) <= _MOST_CHARACTERS else long).append(block)
        return cls(tuple(short), tuple(block.language for block in long))


def _terms(solution: Solution) -> int:
    """Knots or neurons of the function, without making it."""
    if isinstance(solution, UnivariateSolution | LawSolution):
        return n_knots_of(solution)
    return len(solution.network.neurons)


def _blocks(solution: Solution) -> Iterator[CodeBlock]:
    network = json.dumps(solution.network.to_json(), indent=1)
    yield CodeBlock("JSON", network, "The network, every number a rational.")
