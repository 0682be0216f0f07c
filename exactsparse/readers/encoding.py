"""Bytes of a text file become UTF-8 with line feeds; what was decoded is noted."""

from __future__ import annotations

import codecs

from exactsparse.errors import DataError

_PROBE = 4096
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"\x1f\x8b", "a gzip file; give it a name that ends in .gz, or unpack it"),
    (
        b"PK\3\4",
        "an archive; give a workbook the suffix .xlsx or .ods, unpack others",
    ),
    (b"PAR1", "a Parquet file; give it the suffix .parquet"),
    (b"ARROW1", "an Arrow file; give it the suffix .arrow"),
    (b"\x93NUMPY", "a NumPy array; give it the suffix .npy"),
    (b"\xd0\xcf\x11\xe0", "an old or a locked workbook; save it as .xlsx or .csv"),
    (b"\x89HDF", "an HDF5 file; save the table as .parquet or .csv"),
    (b"SQLite format 3\0", "a database; write the table as .csv"),
    (b"%PDF-", "a PDF; write the table as .csv"),
    (b"BZh", "packed by bzip2; unpack it"),
    (b"\xfd7zXZ", "packed by xz; unpack it"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd; unpack it"),
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 13}) + b"\x7f"
_NAMES = {
    0: "a NUL",
    11: "a vertical tab",
    12: "a form feed",
    26: "the end-of-file byte Ctrl-Z",
    127: "a DEL",
}


def plain_utf8(data: bytes, file: str) -> tuple[bytes, tuple[str, ...]]:
    """Decode a text file by its byte-order mark or its content.

    Returns
    -------
    bytes
        UTF-8 without a byte-order mark, every line ended by a line feed.
    tuple of str
        Notes on the encoding.

    Raises
    ------
    DataError
        If the bytes are no text, or a control character stands in it.
    """
    notes: tuple[str, ...] = ()
    for mark, advice in _BINARY:
        if data.startswith(mark):
            raise DataError(f"{file}: this is {advice}")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        encoding = _wide(data[:_PROBE])
    if encoding is not None:
        try:
            data = data.decode(encoding).encode()
        except UnicodeError:
            raise DataError(
                f"{file}: this begins like {encoding.upper()} text but is none; save it as UTF-8"
            ) from None
        notes = (f"the text is encoded in {encoding.upper()}",)
    while data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    _refuse_controls(data, file)
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            try:
                data = data.decode("cp1252").encode()
            except UnicodeDecodeError:
                raise DataError(
                    f"{file}, line {line}: byte 0x{data[error.start]:02x} is not UTF-8 text; "
                    "save the file as UTF-8"
                ) from None
            notes = (f"line {line} is not UTF-8; the text is read as Windows-1252",)
    return data, notes


def _wide(probe: bytes) -> str | None:
    """UTF-16 without a mark: one byte of nearly every pair is zero, the other never."""
    even, odd = probe[::2], probe[1::2]
    if len(odd) and not even.count(0) and 2 * odd.count(0) > len(odd) and b"\n\0" in probe:
        return "utf-16-le"
    if len(odd) and not odd.count(0) and 2 * even.count(0) > len(even) and b"\0\n" in probe:
        return "utf-16-be"
    return None


def _refuse_controls(data: bytes, file: str) -> None:
    if len(data.translate(None, _CONTROLS)) == len(data):
        return
    found = {code: data.find(code) for code in _CONTROLS}
    place, code = min((place, code) for code, place in found.items() if place >= 0)
    name = _NAMES.get(code, f"the control character 0x{code:02x}")
    hint = ""
    if code == 0:
        hint = "; if this is binary, give a .npy, .npz or .parquet file its suffix"
    line = data.count(b"\n", 0, place) + 1
    raise DataError(f"{file}, line {line}: {name} stands in the text; remove it{hint}")
