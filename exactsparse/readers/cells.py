"""Cells of text become exact columns: in bulk where they are short decimals, else one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exactsparse.exact.numbers import parse_number
from exactsparse.problem.column import Array, Column, abs_max
from exactsparse.readers.advice import WITH_COMMA, is_infinite, is_missing, reason
from exactsparse.readers.dates import is_date

_EXPONENT = re.compile(r"[-+]?\d{1,5}", re.ASCII)
_EXPONENT_LIMIT = 10_000
_WIDEST_SHIFT = 300
_BLOCK = 1 << 14


@dataclass(frozen=True)
class BadCell:
    """First cell of a column that is no number: its place and what to do about it."""

    row: int
    reason: str


def is_number(cell: str) -> bool:
    """Whether a cell is a number."""
    try:
        parse_number(cell)
    except ValueError:
        return False
    return True


def is_data(cell: str) -> bool:
    """Whether a cell is a number, a missing value, a date, or a number written with a comma."""
    return (
        is_number(cell)
        or is_missing(cell)
        or is_infinite(cell)
        or is_date(cell)
        or WITH_COMMA.fullmatch(cell) is not None
    )


def column_of_cells(cells: Any) -> Column | BadCell:
    """Column of the exact numbers in an Arrow array of strings without nulls."""
    column = column_in_bulk(cells)
    if column is not None:
        return column
    # A bad cell among many good ones is found without parsing these one by one.
    for start in range(0, len(cells), _BLOCK):
        block = cells.slice(start, _BLOCK)
        if column_in_bulk(block) is not None:
            continue
        for row, cell in enumerate(block.to_pylist(), start):
            try:
                parse_number(cell)
            except ValueError as error:
                return BadCell(row, reason(cell, str(error)))
    return Column.from_fractions([parse_number(cell) for cell in cells.to_pylist()])


def column_in_bulk(cells: Any) -> Column | None:
    """Column of an Arrow array of decimals of up to 76 digits; None if a cell is anything else.

    Parameters
    ----------
    cells : pyarrow.Array or pyarrow.ChunkedArray
        Strings without nulls.
    """
    text = cells.cast(pa.large_string())
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    text = pc.ascii_trim(text, characters=" \t\r\n")
    mark = _integers(pc.find_substring(pc.ascii_lower(text), "e"))
    if len(mark) == 0:
        return None
    if mark.max() < 0:
        exponents = np.zeros(1, dtype=np.int64)
    else:
        text, tails = _split(text, mark)
        found = _exponents(tails, mark >= 0)
        if found is None:
            return None
        exponents = found
    point = _integers(pc.find_substring(text, "."))
    length = _integers(pc.binary_length(text))
    places = np.where(point < 0, 0, length - point - 1)
    scale = int(places.max())
    digits = int(np.where(point < 0, length, point).max()) + scale
    # Beyond this, pyarrow wraps around silently instead of failing (apache/arrow issue 49817).
    if digits > 76:
        return None
    decimal = pa.decimal128(38, scale) if digits <= 38 else pa.decimal256(76, scale)
    try:
        mantissas = integers_of_decimals(text.cast(decimal))
    except pa.ArrowInvalid:
        return None
    finest = int((places - exponents).max())
    return _shifted(mantissas, exponents + (finest - scale), finest)


def integers_of_decimals(decimals: Any) -> Array:
    """Unscaled integers of an Arrow array of 128-bit or 256-bit decimals without nulls.

    Returns
    -------
    ndarray
        int64 where every integer fits, else object holding ``int``.
    """
    limbs = decimals.type.byte_width // 8
    words = np.frombuffer(decimals.buffers()[1], dtype=np.int64).reshape(-1, limbs)
    words = words[decimals.offset : decimals.offset + len(decimals)]
    lowest = words[:, 0]
    wide = np.flatnonzero((words[:, 1:] != (lowest >> 63)[:, None]).any(axis=1))
    if not len(wide):
        return lowest
    integers = lowest.astype(object)
    # In blocks, because temporary Python integers are twice as fast while they fit in cache.
    for start in range(0, len(wide), _BLOCK):
        block = wide[start : start + _BLOCK]
        joined = words[block, -1].astype(object)
        for k in range(limbs - 2, -1, -1):
            joined = joined * 2**64 + words[block, k].view(np.uint64).astype(object)
        integers[block] = joined
    return integers


def _integers(numbers: Any) -> NDArray[np.int64]:
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int64)


def _split(text: Any, mark: NDArray[np.int64]) -> tuple[Any, Any]:
    """Cells up to and after their exponent mark, without copying through Python."""
    n = len(text)
    _, offset_bytes, characters = text.buffers()
    offsets = np.frombuffer(offset_bytes, dtype=np.int64)[text.offset : text.offset + n + 1]
    cuts = np.empty(3 * n + 1, dtype=np.int64)
    cuts[::3] = offsets
    cuts[1::3] = np.where(mark < 0, offsets[1:], offsets[:-1] + mark)
    cuts[2::3] = cuts[1::3] + (mark >= 0)
    pieces = pa.LargeStringArray.from_buffers(3 * n, pa.py_buffer(cuts), characters)
    return pieces.take(pa.array(np.arange(0, 3 * n, 3))), pieces.take(
        pa.array(np.arange(2, 3 * n, 3))
    )


def _exponents(tails: Any, marked: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    encoded = tails.dictionary_encode()
    values = []
    for tail in encoded.dictionary.to_pylist():
        if tail and (not _EXPONENT.fullmatch(tail) or abs(int(tail)) > _EXPONENT_LIMIT):
            return None
        values.append(int(tail or 0))
    if bool(np.any(marked & (_integers(pc.binary_length(tails)) == 0))):
        return None
    return np.array(values, dtype=np.int64)[_integers(encoded.indices)]


def _shifted(mantissas: Array, shifts: NDArray[np.int64], scale: int) -> Column | None:
    """Column of ``mantissas * 10**shifts``, all integers, times ``10**-scale``."""
    up, down = int(shifts.max()), -int(shifts.min())
    if up > _WIDEST_SHIFT:
        return None
    if up > 0 or down > 0:
        largest = max(1, abs_max(mantissas)) * 10 ** max(up, 0)
        kind = np.int64 if max(largest, 10 ** max(down, 0)) < 2**63 else object
        powers = np.array([10**k for k in range(max(up, down) + 1)], dtype=kind)
        mantissas = mantissas.astype(kind)
        raised, lowered = np.flatnonzero(shifts > 0), np.flatnonzero(shifts < 0)
        mantissas[raised] *= powers[shifts[raised]]
        mantissas[lowered] //= powers[-shifts[lowered]]
    return Column.from_integers(mantissas, Fraction(10) ** -scale)
