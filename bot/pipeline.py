"""The straight line from documents to facts: what is unread is read, and marked in one transaction.

A document that can not be read is kept aside with the reason; the others go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from structlog.typing import FilteringBoundLogger

from bot.errors import SourceUnreadable
from bot.facts import Fact
from bot.garbage import no_collection
from bot.insider.facts import digest_of, insider_trades
from bot.insider.notices import Notice, announcement
from bot.ledger import store_facts
from bot.sources.edgar.forms import read_document
from bot.store import Document, Store

EDGAR = "edgar"
"""The source of ownership filings and notices of sale."""

_BATCH = 256

Reader = Callable[[Document], list[Fact]]
"""The facts of a document; SourceUnreadable where it can not be read."""


def read_edgar(document: Document) -> list[Fact]:
    """The facts of a kept filing."""
    form, digest = read_document(document.body, name=document.name), digest_of(document.body)
    if isinstance(form, Notice):
        return [announcement(form, digest=digest)]
    return insider_trades(form, accepted_at=None, digest=digest)


READERS: Mapping[str, Reader] = {EDGAR: read_edgar}
"""How the documents of each source are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one step read."""

    documents: int
    new_facts: int
    unreadable: int


def read_documents(
    store: Store,
    readers: Mapping[str, Reader] = READERS,
    *,
    before: Callable[[Document], object] = lambda _: None,
) -> Read:
    """Read the oldest unread documents: their facts are stored and they are marked, or neither.

    before: called before the facts of each are stored, in the same transaction.

    Facts are numbered document by document in the order in which those were kept, so that how
    documents fall into steps changes nothing.
    """
    with no_collection():
        return _read_documents(store, readers, before)


def _read_documents(
    store: Store, readers: Mapping[str, Reader], before: Callable[[Document], object]
) -> Read:
    read: list[tuple[Document, list[Fact]]] = []
    refused: list[tuple[Document, str]] = []
    for document in store.documents.unread(_BATCH):
        try:
            read.append((document, readers[document.source](document)))
        except SourceUnreadable as error:
            refused.append((document, error.what))
        except Exception as error:  # a bug of ours: this document waits for it, the others do not
            refused.append((document, f"the reader failed: {type(error).__name__}: {error}"))
            _log().exception("document.reader_failed", source=document.source, key=document.key)
    with store.writing():
        added = 0
        for document, facts in read:
            before(document)
            added += store_facts(store, document, facts)
        store.documents.mark_read(document.id for document, _ in read)
        for document, reason in refused:
            store.documents.mark_unreadable(document.id, reason)
    return Read(documents=len(read) + len(refused), new_facts=added, unreadable=len(refused))


def _log() -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.get_logger()
    return log
