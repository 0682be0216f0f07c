"""Functions written in other languages, one file for each."""

from exactsparse.export.breakpoints import Breakpoints, breakpoints_of
from exactsparse.export.c import c_code
from exactsparse.export.csv_tables import pieces_csv
from exactsparse.export.excel import workbook
from exactsparse.export.files import WRITERS, export, require_format
from exactsparse.export.formula import Formula
from exactsparse.export.latex import latex_formula
from exactsparse.export.python import python_code
from exactsparse.export.sql import sql_code
from exactsparse.export.sympy import sympy_expression

__all__ = [
    "WRITERS",
    "Breakpoints",
    "Formula",
    "breakpoints_of",
    "c_code",
    "export",
    "latex_formula",
    "pieces_csv",
    "python_code",
    "require_format",
    "sql_code",
    "sympy_expression",
    "workbook",
]
