"""What the messages of an Arrow stream declare, read before their buffers are unpacked.

The metadata of a message is a flatbuffer; only the few fields that say sizes are read here.  The
format is that of Message.fbs in the Arrow specification.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

_DICTIONARY, _BATCH = 2, 3
_NUMBER_BYTES = 8


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


def unpacked_size(message: Any) -> int:
    """Bytes that the rows of a message take when they are read.

    Parameters
    ----------
    message : pyarrow.ipc.Message

    Raises
    ------
    struct.error
        If the metadata is damaged.
    """
    data = message.metadata.to_pybytes()
    root = _Table(data, struct.unpack_from("<I", data)[0])
    kind, place = root.integer(1, "<B"), root.target(2)
    if kind == _DICTIONARY and place is not None:
        place = _Table(data, place).target(1)
    elif kind != _BATCH:
        return 0
    if place is None:
        return 0
    batch = _Table(data, place)
    nodes, buffers = batch.target(1), batch.target(2)
    n_nodes = 0 if nodes is None else struct.unpack_from("<I", data, nodes)[0]
    size = max(batch.integer(0, "<q"), 0) * n_nodes * _NUMBER_BYTES
    if buffers is None:
        return size
    packed = batch.target(3) is not None
    (count,) = struct.unpack_from("<I", data, buffers)
    body = message.body
    for k in range(count):
        offset, length = struct.unpack_from("<qq", data, buffers + 4 + 16 * k)
        if offset < 0 or length < 0:
            raise struct.error("a buffer has a negative place or size")
        if packed and length >= 8:
            # A packed buffer begins with its size; -1 says that it is not packed after all.
            length = max(length, struct.unpack("<q", body.slice(offset, 8).to_pybytes())[0])
        size += length
    return size
