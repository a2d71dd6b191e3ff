"""Documents from files: whole, of a size that can be held, or refused with the reason."""

import gzip
import io
import stat
import zlib
from pathlib import Path

from bot.errors import SourceUnreadable

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file that is read: as much as of an answer from EDGAR."""


def read_file(path: Path) -> bytes:
    """The bytes of a regular file; SourceUnreadable where it is none, too large, or not ours."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise _refused(path, "a folder" if stat.S_ISDIR(mode) else "no regular file")
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _refused(path, (error.strerror or str(error)).lower()) from error
    if len(body) > LARGEST_FILE:
        raise _refused(path, f"larger than {LARGEST_FILE:,} bytes")
    return body


def read_unpacked(path: Path) -> bytes:
    """``read_file``, unpacked where its first bytes are those of gzip."""
    body = read_file(path)
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as file:
            body = file.read(LARGEST_FILE + 1)
    except (EOFError, zlib.error, OSError) as error:
        raise SourceUnreadable(
            f"packed wrongly: {error}", where=str(path), mend="pack it again with gzip"
        ) from error
    if len(body) > LARGEST_FILE:
        raise _refused(path, f"larger than {LARGEST_FILE:,} bytes unpacked")
    return body


def _refused(path: Path, what: str) -> SourceUnreadable:
    return SourceUnreadable(what, where=str(path), mend="give files that the bot may read")
