"""Ways out into other languages, for everything that is a function."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from exactsparse.errors import OutputError

if TYPE_CHECKING:
    from exactsparse.export.breakpoints import Breakpoints
    from exactsparse.export.formula import Formula
    from exactsparse.routes.univariate.piecewise_linear import Piece
    from exactsparse.solution.solution import Solution

# Upward imports, in all methods: users expect them here, and languages have a room of their own.


class Exports:
    """Methods that write a function in other languages."""

    @cached_property
    def formula(self) -> Formula:
        """The function with its names and where it comes from.

        Raises
        ------
        NoFunctionError
            If there is no function.
        """
        from exactsparse.export import Formula

        return Formula.of(cast("Solution", self))

    def to_python(self, *, exact: bool = False) -> str:
        """Python code: a function of the features, by the standard library alone.

        Parameters
        ----------
        exact : bool
            Whether it reckons in Fractions, without any rounding; else in floats, and the header
            says how far off they are.

        Raises
        ------
        OutputError
            If a number exceeds float64.
        """
        from exactsparse.export import python_code

        return python_code(self.formula, exact=exact)

    def to_latex(self, *, exact: bool = False, most: int | None = None) -> str:
        r"""The formula in LaTeX, to stand in mathematics mode; needs amsmath.

        Parameters
        ----------
        exact : bool
            Whether long quotients are written in full; else they are rounded to 10 digits, and
            ``\approx`` stands for ``=``.
        most : int, optional
            How many pieces, or neurons, are written; the rest is dots.
        """
        from exactsparse.export import latex_formula

        return latex_formula(self.formula, exact=exact, most=most)

    def to_c(self) -> str:
        """C code: one function of doubles, of C99 and C++, without any header.

        Few pieces are branches, many a table that is searched by halves.

        Raises
        ------
        OutputError
            If a number exceeds float64.
        """
        from exactsparse.export import c_code

        return c_code(self.formula)

    def to_sql(
        self,
        *,
        table: str | Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        quote: str = '"',
    ) -> str:
        """An expression of SQL, or with a table a whole ``SELECT``.

        Parameters
        ----------
        table : str or sequence of str, optional
            Name of a table: its columns and the value are selected.  A point belongs to the name; a
            table of a schema is ``["schema", "table"]``.
        columns : sequence of str, optional
            Names of the columns, if they are not those of the features.
        quote : str
            What names stand between: a double quote, or a backtick (MySQL, BigQuery).

        Raises
        ------
        OutputError
            If a number exceeds float64.
        ProblemError
            If a name cannot be one of a column.
        """
        from exactsparse.export import sql_code

        return sql_code(self.formula, table=table, columns=columns, quote=quote)

    def to_excel(self, path: str | os.PathLike[str]) -> None:
        """Write a workbook with a live formula, and the table that it looks up.

        Parameters
        ----------
        path : path
            A name that ends in ``.xlsx``.

        Raises
        ------
        OutputError
            If the name ends otherwise, a number exceeds Excel's, or the file cannot be written.
        MissingPackageError
            If XlsxWriter is not installed.
        """
        from exactsparse.export import export

        if Path(path).suffix.lower() != ".xlsx":
            raise OutputError(f"{path}: the name of a workbook must end in .xlsx")
        export(self.formula, path)

    def to_sympy(self) -> Any:
        """The function as an expression of SymPy, exact: ``Piecewise``, or a sum of ``Max``.

        Raises
        ------
        MissingPackageError
            If SymPy is not installed.
        """
        from exactsparse.export import sympy_expression

        return sympy_expression(self.formula)

    def pieces(self) -> list[Piece]:
        """The linear pieces of a function of one feature from left to right, exact.

        Raises
        ------
        UnsupportedProblemError
            If there are several features.
        """
        return list(self.formula.require_pieces("pieces"))

    def breakpoints(self, low: Any = None, high: Any = None, *, exact: bool = False) -> Breakpoints:
        """Points of a function of one feature between two ends, for a mixed-integer program.

        Parameters
        ----------
        low, high : number or str, optional
            The ends; those of the data by default.
        exact : bool
            Whether numbers are Fractions; else floats, the nearest.

        Returns
        -------
        Breakpoints
            Abscissae ``x``, the two ends among them, values ``y`` and the ``slopes`` between.

        Raises
        ------
        ProblemError
            If the ends are no numbers, or do not ascend.
        OutputError
            If a number exceeds float64, unless they are exact.
        UnsupportedProblemError
            If there are several features.
        """
        from exactsparse.export import breakpoints_of

        return breakpoints_of(self.formula, low, high, exact=exact)
