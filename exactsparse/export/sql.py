"""A formula as an expression of SQL: ``CASE`` of one feature, a sum of them of several.

Constants have an exponent: ``1e-1``.  With one they are approximate numbers in the SQL of the
standard, and what meets them becomes a double; ``0.1`` is a DECIMAL in DuckDB, MySQL, SQL Server
and others: products would be rounded to its digits, be of float32 beside a FLOAT column, and
overflow beside an INTEGER.  No function is called, nor a CAST, whose type is ``DOUBLE PRECISION``,
``DOUBLE``, ``FLOAT`` or ``FLOAT64`` by dialect: ``CASE``, ``IS NULL`` and arithmetic are in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from exactsparse.errors import ProblemError
from exactsparse.export.formula import Formula
from exactsparse.export.names import identifier
from exactsparse.export.rounding import FloatNeurons, FloatPieces, accuracy
from exactsparse.export.text import line_text, signed_sum, sum_text
from exactsparse.printable import printable

MOST_BRANCHES = 12
# Control characters and lone surrogates.
_INVISIBLE = ("Cc", "Cs")
_QUOTES = ('"', "`")
_TABLE = "t"


def sql_code(
    formula: Formula,
    *,
    table: str | Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    quote: str = '"',
) -> str:
    """An expression, or with a table a whole ``SELECT``; comments stand above it.

    Parameters
    ----------
    formula : Formula
        Of any number of features.
    table : str or sequence of str, optional
        Name of a table: its columns and the value are selected.  A point belongs to the name; a
        table of a schema is ``["schema", "table"]``.
    columns : sequence of str, optional
        Names of the columns, if they are not those of the features.
    quote : {'"', "`"}
        What names stand between: MySQL and BigQuery need backticks.

    Raises
    ------
    OutputError
        If a number exceeds float64.
    ProblemError
        If a name is empty or has a backslash or a control character, which dialects take for
        different names, or there are not as many columns as features.

    Examples
    --------
    >>> import exactsparse as es
    >>> formula = es.Formula.of(es.solve([0, 1, 2], [0, 1, 0]).network)
    >>> print(sql_code(formula, table="data").partition("SELECT")[2])
     t.*,
    CASE
      WHEN t."x" IS NULL THEN NULL
      WHEN t."x" < 1e0 THEN 1e0 + 1e0 * (t."x" - 1e0)
      ELSE 1e0 - 1e0 * (t."x" - 1e0)
    END AS "predict_y"
    FROM "data" AS t
    <BLANKLINE>
    """
    if quote not in _QUOTES:
        raise ProblemError(f"quote is {quote!r}; it must be one of {' or '.join(_QUOTES)}")
    names = list(formula.features if columns is None else columns)
    if len(names) != len(formula.features):
        raise ProblemError(
            f"{len(names)} columns are named, but the function has {len(formula.features)} features"
        )
    before = "" if table is None else f"{_TABLE}."
    quoted = [before + _quoted(name, quote) for name in names]
    several = formula.all_pieces is None
    text = _neurons(formula, quoted) if several else _pieces(FloatPieces.of(formula), quoted[0])
    if table is None:
        return f"{_comment(formula)}{text}\n"
    parts = [table] if isinstance(table, str) else table
    value = _quoted(f"predict_{identifier(formula.label)}", quote)
    return (
        f"{_comment(formula)}SELECT {_TABLE}.*,\n{text} AS {value}\n"
        f"FROM {'.'.join(_quoted(part, quote) for part in parts)} AS {_TABLE}\n"
    )


def _quoted(name: str, quote: str) -> str:
    if not name.strip() or "\\" in name or any(category(c) in _INVISIBLE for c in name):
        raise ProblemError(
            f"{printable(name)!r} is no name of a column in SQL; give to_sql others as columns="
        )
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def _number(value: float) -> str:
    """A double in every dialect.

    Examples
    --------
    >>> [_number(value) for value in (11600.0, 0.1, 1e300)]
    ['11600e0', '0.1e0', '1e+300']
    """
    text = repr(value)
    return text if "e" in text else f"{text.removesuffix('.0')}e0"


def _comment(formula: Formula) -> str:
    nan = "some number or NaN" if formula.network is None else "NaN or NULL"
    lines = [
        f"{formula.label} from {', '.join(formula.features)}.",
        *formula.provenance,
        *accuracy(formula),
        "Columns are taken as doubles: integers beyond 2^53 are rounded. They must hold numbers:",
        f"text is compared as text. NULL gives NULL, NaN gives {nan}.",
    ]
    return "".join(f"-- {printable(line)}\n" for line in lines)


def _pieces(table: FloatPieces, x: str) -> str:
    lines = [
        line_text(height, slope, x, anchor, _number)
        for height, slope, anchor in zip(table.heights, table.slopes, table.anchors, strict=True)
    ]
    starts = [_number(start) for start in table.starts]
    if len(lines) == 1:
        inner = lines[0]
    elif len(lines) > MOST_BRANCHES:
        inner = _halves(x, starts, lines, "  ")
    else:
        return _case(x, starts, lines, "", null=True)
    return f"CASE WHEN {x} IS NULL THEN NULL ELSE\n  {inner}\nEND"


def _halves(x: str, starts: Sequence[str], lines: Sequence[str], indent: str) -> str:
    """A tree of comparisons: as many as the logarithm of the number of pieces."""
    if len(lines) <= MOST_BRANCHES:
        return _case(x, starts, lines, indent)
    half, more = len(lines) // 2, indent + "  "
    left = _halves(x, starts[: half - 1], lines[:half], more)
    right = _halves(x, starts[half:], lines[half:], more)
    return (
        f"CASE WHEN {x} < {starts[half - 1]} THEN\n{more}{left}\n"
        f"{indent}ELSE\n{more}{right}\n{indent}END"
    )


def _case(
    x: str, starts: Sequence[str], lines: Sequence[str], indent: str, *, null: bool = False
) -> str:
    if len(lines) == 1:
        return lines[0]
    rows = [f"WHEN {x} IS NULL THEN NULL"] if null else []
    rows += [f"WHEN {x} < {a} THEN {line}" for a, line in zip(starts, lines, strict=False)]
    rows.append(f"ELSE {lines[-1]}")
    inside = "".join(f"{indent}  {row}\n" for row in rows)
    return f"CASE\n{inside}{indent}END"


def _neurons(formula: Formula, names: Sequence[str]) -> str:
    table = FloatNeurons.of(formula)
    start = sum_text(table.skip, names, table.constant, _number)
    terms = [(1, start)] if start != _number(0.0) or not table.signs else []
    for sign, weights, bias in zip(table.signs, table.weights, table.biases, strict=True):
        inner = sum_text(weights, names, bias, _number)
        # In this order what is no number, which SQLite has as NULL, is not cut off to 0.
        terms.append((sign, f"CASE WHEN {inner} <= 0e0 THEN 0e0 ELSE {inner} END"))
    value = signed_sum(terms, "\n  ")
    missing = " OR ".join(f"{names[k]} IS NULL" for k in table.used)
    return f"CASE WHEN {missing} THEN NULL ELSE\n  {value}\nEND" if missing else f"({value})"
