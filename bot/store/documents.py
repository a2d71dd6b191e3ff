"""Documents as they came: the queue of what is not yet read, and the bytes behind every fact."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import to_ms
from bot.store.database import Connections

_LARGEST_BODY = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document to keep.

    key: from the source's own names (an accession number), so that it is kept once.
    quiet: what it tells moves the state of rules but alerts nobody.
    """

    source: str
    key: str
    name: str
    body: bytes
    url: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A kept document."""

    id: int
    source: str
    key: str
    name: str
    url: str | None
    seen_at: int
    quiet: bool
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document kept aside, and why."""

    name: str
    error: str


class Documents:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, documents: Iterable[NewDocument], *, seen_at: datetime) -> int:
        """Keep documents not yet known, in their order; says how many were new."""
        rows = [
            (d.source, d.key, d.name, d.url, to_ms(seen_at), int(d.quiet), len(d.body),
             zlib.compress(d.body, 6))
            for d in documents
        ]  # fmt: skip
        with self._connections.writing() as database:
            before = database.conn.total_changes
            database.conn.executemany(
                "INSERT INTO documents (source, key, name, url, seen_at, quiet, state, size, body) "
                "VALUES (?, ?, ?, ?, ?, ?, 'new', ?, ?) ON CONFLICT (source, key) DO NOTHING",
                rows,
            )
            return database.conn.total_changes - before

    def known(self, source: str, keys: Iterable[str]) -> set[str]:
        """Which of these keys are kept already."""
        found = set()
        for key in keys:
            row = self._connections.database.conn.execute(
                "SELECT 1 FROM documents WHERE source = ? AND key = ?", (source, key)
            ).fetchone()
            if row:
                found.add(key)
        return found

    def unread(self, limit: int) -> list[Document]:
        """The oldest documents not yet read."""
        rows = self._connections.database.conn.execute(
            "SELECT id, source, key, name, url, seen_at, quiet, body FROM documents "
            "WHERE state = 'new' ORDER BY id LIMIT ?",
            (limit,),
        )
        return [_document(row) for row in rows]

    def body(self, document_id: int) -> bytes:
        """The bytes of a kept document; KeyError where there is none."""
        row = self._connections.database.conn.execute(
            "SELECT body FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            raise KeyError(document_id)
        return _inflate(row[0])

    def mark_read(self, ids: Iterable[int]) -> None:
        with self._connections.writing() as database:
            database.conn.executemany(
                "UPDATE documents SET state = 'read' WHERE id = ?", [(i,) for i in ids]
            )

    def mark_unreadable(self, document_id: int, error: str) -> None:
        """Keep a document aside with the reason; its bytes stay for a better parser."""
        with self._connections.writing() as database:
            database.conn.execute(
                "UPDATE documents SET state = 'unreadable', error = ? WHERE id = ?",
                (error, document_id),
            )

    def unreadable(self) -> list[Unreadable]:
        rows = self._connections.database.conn.execute(
            "SELECT name, error FROM documents WHERE state = 'unreadable' ORDER BY id"
        )
        return [Unreadable(name=name, error=error) for name, error in rows]

    def count(self) -> int:
        row = self._connections.database.conn.execute("SELECT COUNT(*) FROM documents").fetchone()
        return int(row[0])


def _document(row: tuple[int, str, str, str, str | None, int, int, bytes]) -> Document:
    document_id, source, key, name, url, seen_at, quiet, body = row
    return Document(
        id=document_id,
        source=source,
        key=key,
        name=name,
        url=url,
        seen_at=seen_at,
        quiet=bool(quiet),
        body=_inflate(body),
    )


def _inflate(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body, _LARGEST_BODY)
