"""How much a workbook declares: read from its archive before any cell is."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from xml.parsers import expat

from exactsparse.errors import DataError
from exactsparse.readers.limits import most_bytes

MOST_CELLS = 10_000_000
_ARCHIVES = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
_CHUNK = 1 << 20


class _Extent:
    """Extent of the tables of one XML file, both of Office Open XML and of OpenDocument.

    Readers hold every cell between the first and the last one that is not empty.
    """

    def __init__(self) -> None:
        self.cells = 0
        self._row = self._column = self._width = 0
        self._repeated, self._used, self._rows = 1, 0, 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, data: bytes, *, last: bool) -> None:
        self._parser.Parse(data, last)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        # Readers make room for what is declared.
        for count in ("count", "uniqueCount"):
            self.cells = max(self.cells, _number(attributes.get(count), 0))
        if kind == "row":
            self._row, self._column = _number(attributes.get("r"), self._row + 1), 0
        elif kind == "c":
            self._column = _column(attributes.get("r"), self._column + 1)
            self._row = _number(attributes.get("r"), self._row)
            self._width = max(self._width, self._column)
            self._count(self._row)
        elif kind == "table":
            self._rows = self._width = 0
        elif kind == "table-row":
            self._repeated, self._column, self._used = _repeats(attributes, "rows"), 0, 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._column += _repeats(attributes, "columns")
            if any(key.endswith(("value-type", "formula")) for key in attributes):
                self._used = self._column
        elif kind == "p":
            self._used = self._column

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] != "table-row":
            return
        self._rows += self._repeated
        if self._used:
            self._width = max(self._width, self._used)
            self._count(self._rows)

    def _count(self, rows: int) -> None:
        self.cells = max(self.cells, rows * self._width)


def require_small_workbook(data: bytes, name: str) -> None:
    """Refuse a workbook that would take too much memory.

    Raises
    ------
    DataError
        If the file is no archive of sound XML, unpacks to more than is read, or its cells span
        more than ``MOST_CELLS``.
    """
    left = most = most_bytes(io.BytesIO(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                # What the archive says of a size may be wrong; this reads to the true end.
                member.file_size = sys.maxsize
                extent = _Extent() if member.filename.lower().endswith(".xml") else None
                with archive.open(member) as file:
                    while chunk := file.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise DataError(
                                f"{name}: it takes more than {most:,} bytes unpacked; save the "
                                "sheet as .csv"
                            )
                        if extent is not None:
                            extent.feed(chunk, last=False)
                            _require_cells(extent, name)
                if extent is not None:
                    extent.feed(b"", last=True)
    except expat.ExpatError as error:
        raise DataError(f"{name}: the workbook is damaged ({error}); save it again") from None
    except DataError:
        raise
    except (*_ARCHIVES, zlib.error) as error:
        raise DataError(
            f"{name}: the file is damaged, locked by a password or no workbook ({error}); save it "
            "again as .xlsx or .csv"
        ) from None


def _require_cells(extent: _Extent, name: str) -> None:
    if extent.cells > MOST_CELLS:
        raise DataError(
            f"{name}: a sheet spans or declares {extent.cells:,} cells, and up to "
            f"{MOST_CELLS:,} are read; clear stray cells, or save the table as .csv"
        )


def _number(reference: str | None, otherwise: int) -> int:
    digits = (reference or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$")
    return int(digits) if digits.isascii() and digits.isdigit() else otherwise


def _column(reference: str | None, otherwise: int) -> int:
    letters = (reference or "").rstrip("0123456789").upper()
    if not letters.isascii() or not letters.isalpha() or len(letters) > 4:
        return otherwise
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column


def _repeats(attributes: dict[str, str], what: str) -> int:
    for key, value in attributes.items():
        if key.endswith(f"number-{what}-repeated") and value.isascii() and value.isdigit():
            return int(value)
    return 1
