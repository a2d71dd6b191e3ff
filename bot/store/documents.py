"""Documents as they came: the queue of what is not yet read, and the bytes behind every fact."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import to_ms
from bot.store.database import Connections

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of the largest document that is kept; an ownership filing has a few thousand."""


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
        """Keep documents not yet known, in their order; says how many were new.

        One larger than LARGEST_BODY is noted as unreadable, without its bytes.
        """
        rows = [_row(document, to_ms(seen_at)) for document in documents]
        with self._connections.writing() as connection:
            before = connection.total_changes
            connection.executemany(
                "INSERT INTO documents "
                "(source, key, name, url, seen_at, quiet, state, error, size, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, key) DO NOTHING",
                rows,
            )
            return connection.total_changes - before

    def known(self, source: str, keys: Iterable[str]) -> set[str]:
        """Which of these keys are kept already."""
        rows = self._connections.connection.execute(
            "SELECT key FROM documents "
            "WHERE source = ? AND key IN (SELECT value FROM json_each(?))",
            (source, json.dumps(list(keys))),
        )
        return {key for (key,) in rows}

    def number(self, source: str, key: str) -> int | None:
        """The id of a kept document; None where it is not kept."""
        row = self._connections.connection.execute(
            "SELECT id FROM documents WHERE source = ? AND key = ?", (source, key)
        ).fetchone()
        return None if row is None else int(row[0])

    def keys(self, source: str) -> list[str]:
        """The keys of all documents of a source."""
        rows = self._connections.connection.execute(
            "SELECT key FROM documents WHERE source = ?", (source,)
        )
        return [key for (key,) in rows]

    def unread(self, limit: int) -> list[Document]:
        """The oldest documents not yet read: up to limit of them, fewer where they are large."""
        rows = self._connections.connection.execute(
            "SELECT id, source, key, name, url, seen_at, quiet, body FROM documents "
            "WHERE state = 'new' ORDER BY id LIMIT ?",
            (limit,),
        )
        found, size = [], 0
        for row in rows:
            found.append(_document(row))
            size += len(found[-1].body)
            if size >= LARGEST_BODY:
                break
        rows.close()
        return found

    def body(self, document_id: int) -> bytes:
        """The bytes of a kept document; KeyError where there is none."""
        row = self._connections.connection.execute(
            "SELECT body FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            raise KeyError(document_id)
        return zlib.decompress(row[0])

    def mark_read(self, ids: Iterable[int]) -> None:
        with self._connections.writing() as connection:
            connection.executemany(
                "UPDATE documents SET state = 'read' WHERE id = ?", [(i,) for i in ids]
            )

    def mark_unreadable(self, document_id: int, error: str) -> None:
        """Keep a document aside with the reason; its bytes stay for a better parser."""
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE documents SET state = 'unreadable', error = ? WHERE id = ?",
                (error, document_id),
            )

    def unreadable(self) -> list[Unreadable]:
        rows = self._connections.connection.execute(
            "SELECT name, error FROM documents WHERE state = 'unreadable' ORDER BY id"
        )
        return [Unreadable(name=name, error=error) for name, error in rows]

    def count(self) -> int:
        row = self._connections.connection.execute("SELECT COUNT(*) FROM documents").fetchone()
        return int(row[0])


def _row(document: NewDocument, seen_at: int) -> tuple[object, ...]:
    fits = len(document.body) <= LARGEST_BODY
    error = None if fits else f"larger than {LARGEST_BODY:,} bytes: not kept"
    return (
        document.source,
        document.key,
        document.name,
        document.url,
        seen_at,
        int(document.quiet),
        "new" if fits else "unreadable",
        error,
        len(document.body),
        zlib.compress(document.body if fits else b"", 6),
    )


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
        body=zlib.decompress(body),
    )
