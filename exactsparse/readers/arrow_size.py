"""What the messages of an Arrow file declare, read before their buffers are unpacked.

The metadata of a message, and the footer of a file, are flatbuffers; only the few fields that say
places and sizes are read here.  The formats are those of Message.fbs and File.fbs in the Arrow
specification.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa

_DICTIONARY, _BATCH = 2, 3
_NUMBER_BYTES = 8
MAGIC = b"ARROW1"
_BLOCK_BYTES = 24


class _Table(NamedTuple):
    """A table of a flatbuffer: its bytes, and where it begins."""

    data: bytes
    start: int

    def field(self, index: int) -> int | None:
        """Where a field stands; None where it is left out."""
        (back,) = struct.unpack_from("<i", self.data, self.start)
        table = self.start - back
        (size,) = struct.unpack_from("<H", self.data, table)
        if 4 + 2 * index >= size:
            return None
        (offset,) = struct.unpack_from("<H", self.data, table + 4 + 2 * index)
        return self.start + offset if offset else None

    def integer(self, index: int, form: str) -> int:
        place = self.field(index)
        return 0 if place is None else int(struct.unpack_from(form, self.data, place)[0])

    def target(self, index: int) -> int | None:
        place = self.field(index)
        if place is None:
            return None
        return place + int(struct.unpack_from("<I", self.data, place)[0])


def declared_sizes(data: bytes) -> Iterator[int]:
    """Bytes that the rows of each message of an Arrow file or stream take when they are read.

    Raises
    ------
    struct.error, IndexError, pyarrow.ArrowException
        If the file is damaged.

    Examples
    --------
    >>> sink = pa.BufferOutputStream()
    >>> batch = pa.record_batch({"x": [1, 2, 3]})
    >>> with pa.ipc.new_stream(sink, batch.schema) as writer:
    ...     writer.write_batch(batch)
    >>> list(declared_sizes(sink.getvalue().to_pybytes()))
    [0, 48]
    """
    if not data.startswith(MAGIC):
        for message in pa.ipc.MessageReader.open_stream(pa.py_buffer(data)):
            yield _declared_size(message.metadata.to_pybytes(), memoryview(message.body or b""))
        return
    end = len(data) - len(MAGIC) - 4
    (size,) = struct.unpack_from("<i", data, end)
    if not data.endswith(MAGIC) or not 0 < size <= end:
        raise struct.error("the file has no footer")
    footer = _root(data[end - size : end])
    for index in (2, 3):
        blocks = footer.target(index)
        count = 0 if blocks is None else struct.unpack_from("<I", footer.data, blocks)[0]
        for k in range(count):
            place = (blocks or 0) + 4 + _BLOCK_BYTES * k
            start, length, _, body = struct.unpack_from("<qiiq", footer.data, place)
            if min(start, length, body) < 0:
                raise struct.error("a message has a negative place or size")
            # The length stands before the metadata, behind a mark in all but old files.
            marked = data[start : start + 4] == b"\xff\xff\xff\xff"
            metadata = data[start + (8 if marked else 4) : start + length]
            yield _declared_size(metadata, memoryview(data)[start + length :][:body])


def _root(data: bytes) -> _Table:
    return _Table(data, struct.unpack_from("<I", data)[0])


def _declared_size(metadata: bytes, body: memoryview) -> int:
    root = _root(metadata)
    kind, place = root.integer(1, "<B"), root.target(2)
    if kind == _DICTIONARY and place is not None:
        place = _Table(metadata, place).target(1)
    elif kind != _BATCH:
        return 0
    if place is None:
        return 0
    batch = _Table(metadata, place)
    nodes, buffers = batch.target(1), batch.target(2)
    n_nodes = 0 if nodes is None else struct.unpack_from("<I", metadata, nodes)[0]
    size = max(batch.integer(0, "<q"), 0) * n_nodes * _NUMBER_BYTES
    if buffers is None:
        return size
    packed = batch.target(3) is not None
    (count,) = struct.unpack_from("<I", metadata, buffers)
    for k in range(count):
        offset, length = struct.unpack_from("<qq", metadata, buffers + 4 + 16 * k)
        if offset < 0 or length < 0:
            raise struct.error("a buffer has a negative place or size")
        if packed and length >= 8:
            # A packed buffer begins with its size; -1 says that it is not packed after all.
            length = max(length, struct.unpack_from("<q", body, offset)[0])
        size += length
    return size
