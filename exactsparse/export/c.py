"""C code of a formula: branches for few pieces, a table and binary search for many."""

from __future__ import annotations

import re
from collections.abc import Sequence

from exactsparse.export.formula import Formula
from exactsparse.export.names import identifier, identifiers, renamed
from exactsparse.export.rounding import FloatNeurons, FloatPieces, accuracy
from exactsparse.export.text import line_text, listed, sum_text
from exactsparse.printable import printable

MOST_BRANCHES = 12
# Words of C and C++, macros that compilers define without being asked, and names that are used.
_WORDS = """
alignas alignof and and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool
break case catch char char8_t char16_t char32_t class compl concept const consteval constexpr
constinit const_cast continue co_await co_return co_yield decltype default delete do double
dynamic_cast else enum explicit export extern false float for friend goto if inline int long
mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public
reflexpr register reinterpret_cast requires restrict return short signed sizeof static
static_assert static_cast struct switch synchronized template this thread_local throw true try
typedef typeid typename typeof typeof_unqual union unsigned using virtual void volatile wchar_t
while xor xor_eq far near huge interrupt pascal cdecl fortran entry linux unix i386 arm vax sun
sparc mips m68k hpux sgi pixel vector low high middle starts anchors
heights slopes total errno stdin stdout stderr complex imaginary noreturn environ
math_errhandling L_tmpnam
"""
_TAKEN = frozenset(_WORDS.split())


def c_code(formula: Formula) -> str:
    r"""One function of doubles, of C99 and C++, without any header.

    Parameters
    ----------
    formula : Formula
        Of any number of features.

    Raises
    ------
    OutputError
        If a number exceeds float64.

    Examples
    --------
    >>> import exactsparse as es
    >>> print(c_code(es.Formula.of(es.solve([0, 1, 2], [0, 1, 0]).network)).partition("*/\n")[2])
    double predict_y(double x)
    {
        if (x < 1.0)
            return 1.0 + 1.0 * (x - 1.0);
        return 1.0 - 1.0 * (x - 1.0);
    }
    <BLANKLINE>
    """
    function = f"predict_{identifier(formula.label)}"
    taken = {*_TAKEN, function, f"{function}_positive"}
    parameters = list(map(_no_macro, identifiers(formula.features, taken)))
    if formula.all_pieces is None:
        before, body = _neurons(formula, function, parameters)
    else:
        before, body = "", _pieces(FloatPieces.of(formula), parameters[0])
    head = f"double {function}({', '.join(f'double {name}' for name in parameters)})"
    return f"{_comment(formula, parameters)}{before}{head}\n{{\n{body}}}\n"


def _no_macro(name: str) -> str:
    """A name that no header defines: those of constants are in capitals, as I, NAN and INFINITY."""
    capitals = name.isupper() and (len(name) > 1 or name == "I")
    return f"{name}_" if capitals or re.match("(PRI|SCN)[a-z]", name) else name


def _comment(formula: Formula, parameters: Sequence[str]) -> str:
    lines = [
        f"{formula.label} from {', '.join(formula.features)}.",
        *renamed(formula.features, parameters),
        "",
        *formula.provenance,
        "",
        *accuracy(formula),
        "NaN gives NaN. Compile without -ffast-math.",
    ]
    safe = [
        printable(line).replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")
        for line in lines
    ]
    return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in safe) + " */\n"


def _pieces(table: FloatPieces, x: str) -> str:
    number_first = f"    if ({x} != {x})\n        return {x};\n"
    if len(table.slopes) <= MOST_BRANCHES:
        lines = [
            line_text(height, slope, x, anchor)
            for height, slope, anchor in zip(
                table.heights, table.slopes, table.anchors, strict=True
            )
        ]
        text = "" if table.slopes[-1] else number_first
        for start, line in zip(table.starts, lines, strict=False):
            text += f"    if ({x} < {start!r})\n        return {line};\n"
        return f"{text}    return {lines[-1]};\n"
    n = len(table.starts)
    return (
        _array("starts", table.starts)
        + _array("anchors", table.anchors)
        + _array("heights", table.heights)
        + _array("slopes", table.slopes)
        + f"    int low = 0, high = {n};\n\n"
        + number_first
        + "    /* The number of pieces that begin at or before it. */\n"
        + "    while (low < high) {\n"
        + "        int middle = low + (high - low) / 2;\n"
        + f"        if ({x} < starts[middle])\n"
        + "            high = middle;\n"
        + "        else\n"
        + "            low = middle + 1;\n"
        + "    }\n"
        + "    if (slopes[low] == 0.0)\n"
        + "        return heights[low];\n"
        + f"    return heights[low] + slopes[low] * ({x} - anchors[low]);\n"
    )


def _array(name: str, values: Sequence[float]) -> str:
    held = listed([repr(value) for value in values], " " * 8).rstrip(",")
    return f"    static const double {name}[{len(values)}] = {{\n{held}\n    }};\n"


def _neurons(formula: Formula, function: str, names: Sequence[str]) -> tuple[str, str]:
    table = FloatNeurons.of(formula)
    positive = f"{function}_positive"
    used = set(table.used)
    text = "".join(f"    (void){name};\n" for k, name in enumerate(names) if k not in used)
    start = sum_text(table.skip, names, table.constant)
    text = f"    double total = {start};\n\n{text}"
    for sign, weights, bias in zip(table.signs, table.weights, table.biases, strict=True):
        operator = "-=" if sign < 0 else "+="
        text += f"    total {operator} {positive}({sum_text(weights, names, bias)});\n"
    helper = f"static double {positive}(double z)\n{{\n    return z <= 0.0 ? 0.0 : z;\n}}\n\n"
    return helper if table.signs else "", f"{text}    return total;\n"
