"""What ``bot parse feed`` and ``bot parse index`` print: the filings of a page or an index."""

import zlib
from datetime import UTC, datetime
from typing import Any

from bot.errors import BotError, SourceUnreadable
from bot.sources.edgar.feed import filings, read_feed
from bot.sources.edgar.index import read_index

_GZIP = b"\x1f\x8b"
_LARGEST = 256 * 1024 * 1024


def parse_feed_file(name: str, body: bytes) -> dict[str, Any]:
    """The ownership filings of a getcurrent page, each once; ``at`` is the acceptance, UTC."""
    try:
        page = read_feed(_unpacked(name, body), where=name)
        if page.unread:
            raise SourceUnreadable(
                "; ".join(page.unread), where=name, mend="look at these entries of the page"
            )
    except BotError as error:
        return _failed(name, error)
    entries = [
        _entry(entry.accession_number, entry.form, _text(entry.at))
        for entry in filings(page.entries)
    ]
    return {"file": name, "ok": True, "entries": entries}


def parse_index_file(name: str, body: bytes) -> dict[str, Any]:
    """The ownership filings of an index, each once; ``at`` is the filing date, all an index says.

    ``complete`` is false when a row, the last one above all, is not whole.
    """
    try:
        index = read_index(_unpacked(name, body), where=name)
    except BotError as error:
        return _failed(name, error)
    entries = [
        _entry(entry.accession_number, entry.form, entry.filed_on.isoformat())
        for entry in index.entries
    ]
    return {"file": name, "ok": True, "complete": index.complete, "entries": entries}


def _unpacked(name: str, body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    try:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        text = unpacker.decompress(body, _LARGEST)
    except zlib.error as error:
        raise _broken(name, str(error)) from error
    if not unpacker.eof:
        raise _broken(name, "it is cut short, or larger than 256 MB")
    return text


def _broken(name: str, what: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"the gzip file cannot be unpacked: {what}", where=name, mend="download it again"
    )


def _entry(accession_number: str, form: str, at: str) -> dict[str, str]:
    return {"accession_number": accession_number, "form": form, "at": at}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _failed(name: str, error: BotError) -> dict[str, Any]:
    return {"file": name, "ok": False, "error": str(error)}
