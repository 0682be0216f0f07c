"""What a model file may declare: its sizes are checked before anything is converted."""

from __future__ import annotations

import io
import zipfile

from exactsparse.errors import DataError

# Every entry becomes an exact number of some hundred bytes.
MOST_ENTRIES = 5_000_000
MOST_BYTES = 256 * 2**20


def require_entries(count: int, what: str, origin: str) -> None:
    """Refuse more numbers than a model may have.

    Raises
    ------
    DataError
        If there are more than ``MOST_ENTRIES``.
    """
    if count > MOST_ENTRIES:
        raise DataError(
            f"{origin}: {what} declares {count:,} numbers; models of up to {MOST_ENTRIES:,} "
            "are read"
        )


def require_inflated_size(data: bytes, origin: str) -> None:
    """Refuse an archive that would take too much memory unpacked; other data pass.

    Raises
    ------
    DataError
        If its members together are larger than ``MOST_BYTES``.
    """
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DataError(f"{origin}: the file is a damaged archive ({error})") from None
    if size > MOST_BYTES:
        raise DataError(
            f"{origin}: the archive holds {size:,} bytes unpacked; up to {MOST_BYTES:,} are read"
        )
