"""A store with filings whose sources are told."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.pipeline import EDGAR, read_documents
from bot.store import NewDocument, Store

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def a_store(documents: Iterable[tuple[str, bytes]]) -> Store:
    store = Store(None)
    new = [NewDocument(source=EDGAR, key=n, name=n, body=body) for n, body in documents]
    store.documents.add(new, seen_at=NOW)
    read_documents(store)
    return store
