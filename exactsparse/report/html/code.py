"""The function as code, in every language that it can be written in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from exactsparse.errors import ExactSparseError
from exactsparse.export.csv_tables import pieces_csv
from exactsparse.report.law_table import n_knots_of
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import Solution

# Longer texts are read by programs, from files.
_MOST_CHARACTERS = 30_000
_MOST_TERMS = 2_000


def _network(solution: Solution) -> str:
    return json.dumps(solution.network.to_json(), indent=1)


_LANGUAGES: tuple[tuple[str, str, Callable[[Solution], str]], ...] = (
    ("Python", "", lambda solution: solution.to_python()),
    ("Python, exact", "", lambda solution: solution.to_python(exact=True)),
    ("C", "", lambda solution: solution.to_c()),
    ("SQL", "", lambda solution: solution.to_sql()),
    ("LaTeX", "For mathematics mode; needs amsmath.", lambda solution: solution.to_latex()),
    ("CSV", "In float64, and exact.", lambda solution: pieces_csv(solution.formula)),
    ("JSON", "The network, every number a rational.", _network),
)


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
        Other languages, and why they are not.
    """

    blocks: tuple[CodeBlock, ...]
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, solution: Solution) -> CodeSection:
        """The function of a solution."""
        if _terms(solution) > _MOST_TERMS:
            return cls((), ("all languages: the function has too many pieces for a page",))
        blocks, left_out = [], []
        for language, note, write in _LANGUAGES:
            try:
                text = write(solution).rstrip()
            except ExactSparseError as error:
                left_out.append(f"{language}: {error}")
                continue
            if len(text) > _MOST_CHARACTERS:
                left_out.append(f"{language}: {len(text):,} characters are too many for a page")
            else:
                blocks.append(CodeBlock(language, text, note))
        return cls(tuple(blocks), tuple(left_out))


def _terms(solution: Solution) -> int:
    """Knots or neurons of the function, without making it."""
    if isinstance(solution, UnivariateSolution | LawSolution):
        return n_knots_of(solution)
    return len(solution.network.neurons)
