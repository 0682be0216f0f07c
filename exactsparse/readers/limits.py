"""How large a file may be: checked on what it declares, before the work."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO

from exactsparse.errors import DataError

# A packed file may take this much memory unpacked, or this many times its own size.
MOST_UNPACKED = 256 * 2**20
MOST_TIMES = 20
MOST_COLUMNS = 16_384
LONGEST_LINE = 2**20


def most_bytes(file: BinaryIO | None) -> int:
    """Largest size that a packed file may have unpacked."""
    if file is None:
        return MOST_UNPACKED
    place = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(place)
    return max(MOST_UNPACKED, MOST_TIMES * size)


def require_bytes(declared: int, file: BinaryIO | None, name: str, advice: str) -> None:
    """Refuse a file that would take too much memory unpacked.

    Parameters
    ----------
    declared : int
        Bytes that it takes.
    file : binary file or None
        The packed file.
    name : str
        What messages call it.
    advice : str
        What to do instead.

    Raises
    ------
    DataError
        If it declares more than :func:`most_bytes`.
    """
    most = most_bytes(file)
    if declared > most:
        raise DataError(
            f"{name}: it takes {declared:,} bytes unpacked, and up to {most:,} are read; {advice}"
        )


def unpacked_gzip(file: BinaryIO, name: str) -> bytes:
    """Content of a gzip file.

    Raises
    ------
    DataError
        If the file is damaged, or its content larger than :func:`most_bytes`.
    """
    most = most_bytes(file)
    try:
        data = gzip.GzipFile(fileobj=file).read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{name}: the file is damaged or no gzip file ({error}); pack it again"
        ) from None
    if len(data) > most:
        raise DataError(
            f"{name}: it takes more than {most:,} bytes unpacked; unpack it yourself (gunzip) and "
            "give the file"
        )
    return data


def require_lines(data: bytes, name: str) -> None:
    """Refuse text with a line that is too long for a row of numbers.

    Raises
    ------
    DataError
        Naming the first line of more than ``LONGEST_LINE`` bytes.
    """
    start = 0
    while len(data) - start > LONGEST_LINE:
        end = data.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            line = data.count(b"\n", 0, start) + 1
            raise DataError(
                f"{name}, line {line}: the line is longer than {LONGEST_LINE:,} bytes; write one "
                "row on each line"
            )
        start = end + 1


def require_columns(count: int, name: str) -> None:
    """Refuse a table of more columns than any is meant to have.

    Raises
    ------
    DataError
        If there are more than ``MOST_COLUMNS``.
    """
    if count > MOST_COLUMNS:
        raise DataError(
            f"{name}: there are {count:,} columns, and up to {MOST_COLUMNS:,} are read; write the "
            "columns that are meant"
        )
